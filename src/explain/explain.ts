import { NotATrustPolicy, parseTrustPolicy, type TrustPolicy } from '../formats/trust-policy.ts';
import { namesItsOwnCause } from './aws-words.ts';
import type { Accounts, Refusal } from './refusal.ts';
import { explainWithPolicy } from './with-policy.ts';
import { explainWithoutPolicy } from './without-policy.ts';

/** The text of `trust-policy`, and what messages call it: its path, or the input. */
export interface PolicyText {
  readonly name: string;
  readonly text: string;
  readonly planned: 'one role' | 'several roles';
}

/** A refusal in words. */
export interface Explanation {
  /** What follows the first line of the error; empty if AWS names the cause itself. */
  readonly lines: readonly string[];
  /** Why the policy was not compared; quotes nothing of it. */
  readonly warning?: string | undefined;
  /** The policy that was compared. */
  readonly policy?: TrustPolicy | undefined;
}

/** Explains a refusal, against the text of the role's trust policy if there is one. Never throws for what the text holds. */
export function explain(refusal: Refusal, given: PolicyText | undefined, accounts: Accounts = 'shown'): Explanation {
  if (namesItsOwnCause(refusal.message)) return { lines: [] };
  if (given === undefined) return { lines: explainWithoutPolicy(refusal, accounts) };
  try {
    const policy = parseTrustPolicy(given.text, refusal.roleArn, given.planned);
    return { lines: explainWithPolicy(refusal, { name: given.name, policy }, accounts), policy };
  } catch (error) {
    if (!(error instanceof NotATrustPolicy)) throw error;
    const warning = `The refusal is not compared with a trust policy: Input "trust-policy" ${error.message}.`;
    return { lines: explainWithoutPolicy(refusal, accounts), warning };
  }
}
