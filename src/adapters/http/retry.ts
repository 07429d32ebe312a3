/** What kind of trouble a request met. */
export type FailureKind =
  /** A refusal that a role made a moment ago gives until it has spread. */
  | 'denied'
  /** Throttling, a 5xx, a reset: passes by itself. */
  | 'transient'
  /** No answer within the timeouts, or nobody at the address: may pass, but each try is dear. */
  | 'timeout'
  /** Nothing that a second try could change. */
  | 'permanent';

/** A try that has failed. */
export interface FailedAttempt {
  readonly failure: FailureKind;
  /** How many tries have failed, this one counted. */
  readonly failures: number;
  /** Milliseconds since the first try began. */
  readonly elapsed: number;
  /** How many tries there may be in all. */
  readonly attempts: number;
  /** From 0 up to 1. */
  readonly random: number;
}

/** The line that the log gets for a try that is made again. */
export function retryLine(
  name: string,
  reason: string,
  { failures, delay }: { readonly failures: number; readonly delay: number },
): string {
  return `${name} failed (${reason}); try ${failures + 1} follows in ${(delay / 1000).toFixed(1)} s`;
}

/** Milliseconds within which a refusal must be reported, tries included. */
const denialBudgetMs = 2500;

/** Milliseconds after which trouble that should have passed by itself is taken for one that stays. */
const transientBudgetMs = 60_000;

/** The one policy for what is tried again: milliseconds to wait before the next try, or undefined for none. */
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
