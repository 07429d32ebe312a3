import type { Session } from '../contract/credentials.ts';
import { CredentialError, invalidInput } from '../contract/errors.ts';
import type { Job } from '../contract/ports.ts';
import { accountIdsIn, isAccountId } from '../formats/patterns.ts';
import type { Inputs } from '../inputs/inputs.ts';
import type { Plan } from '../plan/plan.ts';

/** What must hold of the session before any of it is delivered, and what of it is masked. */
export interface Guard {
  /** Twelve-digit ids; absent: any account. */
  readonly allowedAccounts?: readonly string[] | undefined;
  readonly maskAccount: boolean;
}

/** Reads `allowed-account-ids` and `mask-aws-account-id`. Throws INPUT_INVALID. */
export function readGuard(inputs: Inputs): Guard {
  const maskAccount = inputs.flag('mask-aws-account-id', false);
  const allowedAccounts = inputs.elements('allowed-account-ids');
  const junk = allowedAccounts.findIndex((id) => !isAccountId(id));
  if (junk >= 0) {
    throw invalidInput(
      'allowed-account-ids',
      `has a part ${junk + 1} that is not a 12-digit account ID.`,
      'Write the IDs separated by commas or one a line, in quotes so that YAML keeps leading zeros, without a comma at the end.',
    );
  }
  return allowedAccounts.length === 0 ? { maskAccount } : { maskAccount, allowedAccounts };
}

/** Masks, before the first line that could show them, the accounts that the plan already names. */
export function maskPlan(plan: Plan, guard: Guard, job: Job): void {
  if (!guard.maskAccount) return;
  const text = JSON.stringify([plan.trunk.hops, plan.trunk.source, plan.branches]);
  for (const id of new Set([...accountsIn(text), ...(guard.allowedAccounts ?? [])])) job.mask(id);
}

/** Masks the accounts that a text names, where the job asks for it. */
export function maskText(text: string, guard: Guard, job: Job): void {
  if (guard.maskAccount) for (const id of accountIdsIn(text)) job.mask(id);
}

/** Masks the identity where asked, then throws ACCOUNT_NOT_ALLOWED unless its account is allowed. */
export function checkSession({ identity }: Session, guard: Guard, job: Job): void {
  if (guard.maskAccount) for (const value of [identity.account, identity.arn ?? '']) job.mask(value);
  const { allowedAccounts, maskAccount } = guard;
  if (allowedAccounts === undefined || allowedAccounts.includes(identity.account)) return;
  if (identity.account === '') {
    const message = 'The account of the credentials is not known, so "allowed-account-ids" cannot be checked';
    throw new CredentialError('ACCOUNT_NOT_ALLOWED', message, { hint: 'Leave "verify-identity: false" out.' });
  }
  const found = maskAccount ? 'an account' : `account ${identity.account}`;
  throw new CredentialError(
    'ACCOUNT_NOT_ALLOWED',
    `The credentials are of ${found} that "allowed-account-ids" does not list`,
    {
      hint: 'Check the role and the keys; if the account is right, add its id to "allowed-account-ids".',
    },
  );
}

/** Account ids where ARNs and our own fields name them. */
function accountsIn(text: string): readonly string[] {
  return [...text.matchAll(/(?::|"accountId":")(\d{12})(?=[:"])/g)].flatMap(([, id]) => id ?? []);
}
