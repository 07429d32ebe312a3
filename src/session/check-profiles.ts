import type { ProfileSession, Session } from '../contract/credentials.ts';
import { asCredentialError } from '../contract/errors.ts';
import type { Job } from '../contract/ports.ts';
import { checkSession, type Guard } from './guard.ts';
import { refusedProfiles } from './refused-profiles.ts';
import type { ResolvedBranches } from './resolve-branches.ts';
import { expireAfter } from './resolve-plans.ts';

/** What is asked of the sessions before any of them is delivered. */
export interface ProfileTerms {
  readonly guard: Guard;
  /** `delivered`: the trunk's session is handed to the job too. */
  readonly trunk: 'delivered' | 'kept back';
  /** Seconds that the credentials count for at most. */
  readonly expireAfter: number | undefined;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** Masks every identity where asked, then checks every account. Throws ACCOUNT_NOT_ALLOWED, of all profiles that are not allowed. */
export function checkProfiles(found: ResolvedBranches, terms: ProfileTerms, job: Job): ResolvedBranches {
  const { guard, now } = terms;
  const masking = { maskAccount: guard.maskAccount };
  const all = [
    ...found.profiles.map(({ session }) => session),
    ...(found.session === undefined ? [] : [found.session]),
  ];
  for (const session of all) checkSession(session, masking, job);
  if (found.session !== undefined && terms.trunk === 'delivered') checkSession(found.session, guard, job);
  const refusals = found.profiles.flatMap(({ name, session }) =>
    refusalOf(name, () => checkSession(session, guard, job)),
  );
  if (refusals.length > 0) throw refusedProfiles(refusals, { of: found.profiles.length, verb: 'not allowed' });
  const limited = (session: Session): Session => expireAfter(terms.expireAfter, session, now);
  const profiles = found.profiles.map(({ name, session }): ProfileSession => ({ name, session: limited(session) }));
  return { profiles, session: found.session === undefined ? undefined : limited(found.session) };
}

function refusalOf(name: string, check: () => void) {
  try {
    check();
    return [];
  } catch (error) {
    return [{ name, error: asCredentialError(error) }];
  }
}
