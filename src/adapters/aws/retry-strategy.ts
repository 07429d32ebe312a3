import type { STSClientConfig } from '@aws-sdk/client-sts';
import { CredentialError } from '../../errors.ts';
import { delayBeforeNextTry, retryLine, type Trouble } from '../../retry.ts';
import { proxyTrouble } from '../proxy-error.ts';
import { connectionTrouble, readWireError } from '../wire-error.ts';

/** An operation that may be tried again: how often in all, what the user knows it by, and who hears of each further try. */
export interface Operation {
  readonly name: string;
  readonly attempts: number;
  say(line: string): void;
}

/** The SDK's one retry loop with our policy in it; one strategy for each operation, for it knows when that began. */
export function retryStrategy({ name, attempts, say }: Operation) {
  const began = Date.now();
  return {
    acquireInitialRetryToken: async () => tokenOf(0, 0),
    refreshRetryTokenForRetry: async (token, { error }) => {
      const failures = token.getRetryCount() + 1;
      const elapsed = Date.now() - began;
      const delay = delayBeforeNextTry({
        trouble: troubleOf(error),
        failures,
        elapsed,
        attempts,
        random: Math.random(),
      });
      if (delay === undefined) throw new Error('no further try');
      say(retryLine(name, reasonOf(error), { failures, delay }));
      return tokenOf(failures, delay);
    },
    recordSuccess: () => {},
  } satisfies STSClientConfig['retryStrategy'];
}

function tokenOf(count: number, delay: number) {
  return { getRetryCount: () => count, getRetryDelay: () => delay };
}

/** In one line, for the log. */
function reasonOf(error: unknown): string {
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
