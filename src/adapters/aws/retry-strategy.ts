import type { STSClientConfig } from '@aws-sdk/client-sts';
import { delayBeforeNextTry, type Trouble } from '../../retry.ts';
import { readWireError } from './wire-error.ts';

/** The SDK's one retry loop with our policy in it; one strategy for each operation, for it knows when that began. */
export function retryStrategy(attempts: number) {
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
      return tokenOf(failures, delay);
    },
    recordSuccess: () => {},
  } satisfies STSClientConfig['retryStrategy'];
}

function tokenOf(count: number, delay: number) {
  return { getRetryCount: () => count, getRetryDelay: () => delay };
}

const throttling = /^(Throttl|TooManyRequests|RequestLimitExceeded|RequestThrottled|SlowDown|LimitExceeded)/;

/** What kind of trouble an SDK error tells of. */
export function troubleOf(error: unknown): Trouble {
  const { name, message, code, status, passing } = readWireError(error);
  if (code === 'ECONNRESET' || code === 'EPIPE') return 'passing';
  if (name === 'TimeoutError' || /^E[A-Z_]+$/.test(code)) return 'silent';
  if (passing || throttling.test(name) || status === 429 || status >= 500) return 'passing';
  if (name.startsWith('InvalidIdentityToken') && message.includes("Couldn't retrieve verification key"))
    return 'passing';
  if (name === 'AccessDenied' || name === 'AccessDeniedException') return 'refused';
  return 'final';
}
