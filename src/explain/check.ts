import { evaluate, parseTrustPolicy, rolesNamedIn } from '../formats/trust-policy.ts';
import { type Accounts, type RefusedToken, requestOf } from './refusal.ts';
import { show } from './show.ts';
import { warningsOf } from './warnings.ts';
import { explainWithPolicy } from './with-policy.ts';

/** What the checker finds in a policy. */
export interface Finding {
  /** Whether the policy would let the job in; undefined if that depends on what is unknown here. */
  readonly allowed: boolean | undefined;
  readonly lines: readonly string[];
  readonly warnings: readonly string[];
}

/** A job as the checker takes it: claims, and the role that it will assume. */
export type CheckedJob = Pick<RefusedToken, 'roleArn' | 'claims' | 'issuer' | 'known' | 'sessionName'>;

/** Holds a job against the text of a trust policy, which `name` is the file of. Throws NotATrustPolicy. */
export function checkPolicy(job: CheckedJob, name: string, text: string, accounts: Accounts = 'shown'): Finding {
  const policy = parseTrustPolicy(text, job.roleArn, 'one role');
  const refusal: RefusedToken = { ...job, how: 'token', label: 'role-to-assume', message: '' };
  const { outcome, statement, statements } = evaluate(policy, requestOf(refusal));
  const allowed = { allowed: true, denied: false, refused: false, unknown: undefined }[outcome];
  return {
    allowed,
    lines:
      outcome === 'allowed'
        ? [`trust-policy ${show(name, accounts)}: statement ${statement?.number} of ${statements} allows this token.`]
        : explainWithPolicy(refusal, { name, policy }, accounts),
    warnings: warningsOf(policy, job.issuer ?? '', accounts),
  };
}

/**
 * The role that a policy is of, for callers that name none: the one that the text names, else any in the account of the first
 * identity provider. Undefined if the text names neither. Throws NotATrustPolicy.
 */
export function roleOfPolicy(text: string): string | undefined {
  const roles = rolesNamedIn(text);
  if (roles.length > 0) return roles.length === 1 ? roles[0] : undefined;
  const providers = parseTrustPolicy(text, '', 'one role').statements.flatMap(({ principals = [] }) => principals);
  const [, partition, account] =
    providers
      .map(({ value }) => /^arn:(aws[a-z-]*):iam::(\d{12}):oidc-provider\//.exec(value))
      .find((match) => match) ?? [];
  return partition && account ? `arn:${partition}:iam::${account}:role/ROLE` : undefined;
}
