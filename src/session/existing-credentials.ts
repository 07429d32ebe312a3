import type { Session } from '../contract/credentials.ts';
import { asCredentialError, CredentialError, type ErrorCode } from '../contract/errors.ts';
import type { Job } from '../contract/ports.ts';
import type { Inputs } from '../inputs/inputs.ts';
import { retrieve } from '../sources/index.ts';
import type { Effects } from '../sources/source.ts';
import { checkSession, type Guard, maskText } from './guard.ts';

/** Whether the credentials in the job's environment are reused: if they are valid and have this many seconds left. */
export type Existing = { readonly mode: 'replace' } | ({ readonly mode: 'reuse' } & ReuseTerms);

interface ReuseTerms {
  readonly minRemaining: number;
  /** `refused`: keys that never end are not kept, for a profile would be made of them where other credentials are asked for. */
  readonly longLivedKeys: 'allowed' | 'refused';
}

/** Reads `use-existing-credentials` and `min-remaining-seconds`. Throws INPUT_INVALID. */
export function readExisting(inputs: Inputs): { readonly existing: Existing; readonly warnings: readonly string[] } {
  // The longest session there is: 36 hours, by GetFederationToken.
  const minRemaining = inputs.seconds('min-remaining-seconds', { least: 0, most: 129_600 });
  const replaced = { mode: 'replace' } as const;
  if (!inputs.flag('use-existing-credentials', false)) {
    const idle = '"use-existing-credentials" is not true';
    return {
      existing: replaced,
      warnings: minRemaining === undefined ? [] : [ignoredInput('min-remaining-seconds', idle)],
    };
  }
  if (!inputs.flag('verify-identity', true)) {
    const message = 'Input "use-existing-credentials" asks STS for the identity, and "verify-identity: false" does not';
    throw new CredentialError('INPUT_CONFLICT', message, { hint: 'Leave one of them out.' });
  }
  if (inputs.flag('unset-current-credentials', false)) {
    return {
      existing: replaced,
      warnings: [ignoredInput('use-existing-credentials', '"unset-current-credentials" is true')],
    };
  }
  return { existing: { mode: 'reuse', minRemaining: minRemaining ?? 0, longLivedKeys: 'allowed' }, warnings: [] };
}

/** The existing credentials as a session to keep, or why they are not kept. */
export type ExistingCheck = { readonly session: Session } | { readonly because: string };

/** What existing credentials are held against. */
export interface ExistingRequirements extends ReuseTerms {
  readonly region: string;
  readonly guard: Guard;
}

const longLivedKeysOnDisk =
  'they have no session token, so they never end, and "aws-profile" writes such keys to the disk only where nothing else is asked for';

/** A service that cannot tell whether the credentials are good has not said that they are bad. */
const undecided: readonly ErrorCode[] = ['SERVICE_UNAVAILABLE', 'TIMED_OUT', 'PROTOCOL_ERROR'];

/** Proves the credentials in the environment: there, long enough, known to STS, of an allowed account. Throws CredentialError where AWS cannot tell. */
export async function checkExisting(test: ExistingRequirements, effects: Effects, job: Job): Promise<ExistingCheck> {
  const { region, minRemaining, longLivedKeys, guard } = test;
  try {
    const found = await retrieve({ kind: 'environment' }, effects);
    if (!('credentials' in found)) throw new Error('the environment has credentials, never a token');
    const { credentials } = found;
    if (longLivedKeys === 'refused' && credentials.sessionToken === undefined) return { because: longLivedKeysOnDisk };
    checkRemaining(credentials.expiration, minRemaining, effects.host.now());
    const session = { credentials, identity: await effects.aws.getCallerIdentity(region, credentials), region };
    checkSession(session, guard, job);
    return { session };
  } catch (error) {
    const { code, message } = asCredentialError(error);
    maskText(message, guard, job);
    if (undecided.includes(code)) throw error;
    return { because: message };
  }
}

function checkRemaining(expiration: Date | undefined, least: number, now: number): void {
  if (expiration === undefined) return;
  const left = Math.floor((expiration.getTime() - now) / 1000);
  if (left >= least) return;
  const message = `The credentials in the environment end in ${left} s, and "min-remaining-seconds" asks for ${least}`;
  throw new CredentialError('TOKEN_EXPIRED', message, { hint: 'Get new ones before this step.' });
}

function ignoredInput(name: string, because: string): string {
  return `Input "${name}" is ignored, because ${because}.`;
}
