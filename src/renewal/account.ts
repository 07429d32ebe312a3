import type { Identity } from '../contract/credentials.ts';
import { CredentialError } from '../contract/errors.ts';
import type { SavedPlan } from './saved-plan.ts';

/** Throws ACCOUNT_NOT_ALLOWED unless the renewed session is of the account that the step delivered, and of an allowed one. */
export function checkAccount({ account }: Identity, { account: first, allowedAccounts }: SavedPlan): void {
  if (allowedAccounts !== undefined && !allowedAccounts.includes(account)) {
    throw refused('is of an account that "allowed-account-ids" does not list');
  }
  // With "verify-identity: false" it may be unknown at both times.
  if (account !== first) throw refused('is of another account than the first one');
}

/** The account itself may be one that the job masks, and no mask reaches what a process prints. */
function refused(problem: string): CredentialError {
  return new CredentialError('ACCOUNT_NOT_ALLOWED', `The renewed session ${problem}`, {
    hint: 'Find out what changed the role or the source of the credentials while the job ran.',
  });
}
