import { CredentialError } from '../../contract/errors.ts';
import { proxyTrouble } from '../http/proxy-error.ts';
import type { Trouble } from '../http/retry.ts';
import { connectionTrouble, readWireError } from '../http/wire-error.ts';

/** In one line, for the log. */
export function reasonOf(error: unknown): string {
  const { name, message, code, status } = readWireError(error);
  if (error instanceof CredentialError) return message;
  return code || (status === 0 ? name : `${name}, HTTP ${status}`);
}

const throttling = /^(Throttl|TooManyRequests|RequestLimitExceeded|RequestThrottled|SlowDown|LimitExceeded)/;

/** What kind of trouble an SDK error tells of. */
export function troubleOf(error: unknown): Trouble {
  if (error instanceof CredentialError) return proxyTrouble(error);
  const wire = readWireError(error);
  const { name, message, status, passing } = wire;
  const connection = connectionTrouble(wire);
  if (connection !== undefined) return connection;
  // Cognito's word for a provider of tokens that does not answer.
  if (name === 'ExternalServiceException') return 'passing';
  if (passing || throttling.test(name) || status === 429 || status >= 500) return 'passing';
  if (name.startsWith('InvalidIdentityToken') && message.includes("Couldn't retrieve verification key"))
    return 'passing';
  if (name === 'AccessDenied' || name === 'AccessDeniedException') return 'refused';
  return 'final';
}
