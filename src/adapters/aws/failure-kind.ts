import { CredentialError } from '../../contract/errors.ts';
import { proxyFailure } from '../http/proxy-error.ts';
import type { FailureKind } from '../http/retry.ts';
import { connectionFailure, readWireError } from '../http/wire-error.ts';

/** The reason of a failure in one line, for the log. */
export function failureReason(error: unknown): string {
  const { name, message, code, status } = readWireError(error);
  if (error instanceof CredentialError) return message;
  return code || (status === 0 ? name : `${name}, HTTP ${status}`);
}

const throttling = /^(Throttl|TooManyRequests|RequestLimitExceeded|RequestThrottled|SlowDown|LimitExceeded)/;

/** The kind of failure that an error of the SDK, Node or a proxy means. */
export function failureKindOf(error: unknown): FailureKind {
  if (error instanceof CredentialError) return proxyFailure(error);
  const wire = readWireError(error);
  const { name, message, status, transient } = wire;
  const connection = connectionFailure(wire);
  if (connection !== undefined) return connection;
  // Cognito: the token's provider does not respond.
  if (name === 'ExternalServiceException') return 'transient';
  if (transient || throttling.test(name) || status === 429 || status >= 500) return 'transient';
  if (name.startsWith('InvalidIdentityToken') && message.includes("Couldn't retrieve verification key"))
    return 'transient';
  if (name === 'AccessDenied' || name === 'AccessDeniedException') return 'denied';
  return 'permanent';
}
