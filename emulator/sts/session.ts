import { WireError } from '../http/wire-error.ts';
import { parseRoleArn } from '../iam/arn.ts';
import type { Caller } from '../iam/caller.ts';
import type { Keyring } from '../iam/keyring.ts';
import type { World } from '../world/world.ts';
import type { Content } from './xml.ts';

/** What the operations of STS work on. */
export interface Sts {
  readonly world: World;
  readonly keyring: Keyring;
  readonly now: () => number;
}

/** The asked for duration of a session in seconds. */
export function durationOf(form: URLSearchParams): number {
  return Number(form.get('DurationSeconds') ?? 3600);
}

/** Throws if a request's RoleArn is not written as one. */
export function checkRoleArn(arn: string): void {
  if (parseRoleArn(arn)) return;
  const message = arn.startsWith('arn:') ? 'Request ARN is invalid' : `${arn} is invalid`;
  throw new WireError(400, 'ValidationError', message);
}

export function checkMaxSessionDuration(seconds: number, most: number): void {
  if (seconds <= most) return;
  throw new WireError(
    400,
    'ValidationError',
    'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.',
  );
}

/** The part that both ways to assume a role answer. */
export function sessionContent(session: Caller, seconds: number, keyring: Keyring): Readonly<Record<string, Content>> {
  const key = keyring.issue(session, seconds);
  return {
    Credentials: {
      AccessKeyId: key.accessKeyId,
      SecretAccessKey: key.secretAccessKey,
      SessionToken: key.session.token,
      Expiration: key.session.expiration.toISOString().replace('.000Z', 'Z'),
    },
    AssumedRoleUser: { AssumedRoleId: session.userId, Arn: session.arn },
  };
}
