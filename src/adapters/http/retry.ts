/** What kind of trouble a request met. */
export type Trouble =
  /** A refusal that a role made a moment ago gives until it has spread. */
  | 'refused'
  /** Throttling, a 5xx, a reset: passes by itself. */
  | 'passing'
  /** No answer within the timeouts, or nobody at the address: may pass, but each try is dear. */
  | 'silent'
  /** Nothing that a second try could change. */
  | 'final';

/** A try that has failed. */
export interface FailedTry {
  readonly trouble: Trouble;
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
const refusalBudget = 2500;

/** Milliseconds after which trouble that should have passed by itself is taken for one that stays. */
const passingBudget = 60_000;

/** The one policy for what is tried again: milliseconds to wait before the next try, or undefined for none. */
export function delayBeforeNextTry({ trouble, failures, elapsed, attempts, random }: FailedTry): number | undefined {
  if (failures >= attempts) return undefined;
  switch (trouble) {
    case 'refused': {
      const delay = (0.5 + random / 2) * 500 * failures;
      return failures < 3 && elapsed + delay < refusalBudget ? delay : undefined;
    }
    case 'passing':
      // Full jitter: https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
      return elapsed < passingBudget ? random * Math.min(5000, 100 * 2 ** failures) : undefined;
    case 'silent':
      return failures < 3 ? random * 1000 : undefined;
    case 'final':
      return undefined;
  }
}
