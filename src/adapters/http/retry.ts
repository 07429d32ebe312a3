/** What kind of failure a request met. */
export type FailureKind =
  /** Access denied: a role created a moment ago is refused until it has propagated. */
  | 'denied'
  /** Throttling, a 5xx, a reset connection: usually succeeds on a retry. */
  | 'transient'
  /** No response in time, or the host cannot be reached: may succeed, but each attempt takes long. */
  | 'timeout'
  /** A retry cannot succeed. */
  | 'permanent';

/** A request that may be retried. */
export interface RetryOptions {
  /** The request's name in the log. */
  readonly name: string;
  /** The maximum number of attempts. */
  readonly attempts: number;
  log(line: string): void;
}

/** The result of one attempt. */
export interface AttemptResult {
  /** `permanent` also for a success: no retry. */
  readonly failure: FailureKind;
  /** What failed, for the log. */
  readonly reason: string;
}

/** Retries while the failure may be temporary; returns the last attempt's result. The only retry loop of this action. */
export async function retry<Result extends AttemptResult>(
  { name, attempts, log }: RetryOptions,
  attempt: () => Promise<Result>,
): Promise<Result> {
  const start = Date.now();
  for (let failures = 1; ; failures += 1) {
    const result = await attempt();
    const { failure, reason } = result;
    const elapsed = Date.now() - start;
    const delay = delayBeforeRetry({ failure, failures, elapsed, attempts, random: Math.random() });
    if (delay === undefined) return result;
    log(retryLine(name, reason, { failures, delay, attempts }));
    await new Promise((resolve) => setTimeout(resolve, delay));
  }
}

/** A failed attempt. */
export interface FailedAttempt {
  readonly failure: FailureKind;
  /** The number of failed attempts, including this one. */
  readonly failures: number;
  /** Milliseconds since the first attempt started. */
  readonly elapsed: number;
  /** The maximum number of attempts. */
  readonly attempts: number;
  /** From 0 up to 1. */
  readonly random: number;
}

/** The log line for a retry. */
export function retryLine(
  name: string,
  reason: string,
  { failures, delay, attempts }: Pick<FailedAttempt, 'failures' | 'attempts'> & { readonly delay: number },
): string {
  const next = `attempt ${failures + 1} of ${attempts}`;
  return `${name} failed (${reason}); retrying in ${(delay / 1000).toFixed(1)} s (${next})`;
}

/** Milliseconds within which a denial must be reported, retries included. */
const denialBudgetMs = 2500;

/** Milliseconds after which a transient failure is no longer retried. */
const transientBudgetMs = 60_000;

/** The retry policy: milliseconds to wait before the next attempt, or undefined for none. */
export function delayBeforeRetry({ failure, failures, elapsed, attempts, random }: FailedAttempt): number | undefined {
  if (failures >= attempts) return undefined;
  switch (failure) {
    case 'denied': {
      const delay = (0.5 + random / 2) * 500 * failures;
      return failures < 3 && elapsed + delay < denialBudgetMs ? delay : undefined;
    }
    case 'transient':
      // Full jitter: https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
      return elapsed < transientBudgetMs ? random * Math.min(5000, 100 * 2 ** failures) : undefined;
    case 'timeout':
      return failures < 3 ? random * 1000 : undefined;
    case 'permanent':
      return undefined;
  }
}
