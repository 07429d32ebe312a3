import { delayBeforeRetry, type FailureKind, retryLine } from './retry.ts';

/** A request that may be made again: how often in all, what the user knows it by, and who hears of each further try. */
export interface RetryOptions {
  readonly name: string;
  readonly attempts: number;
  log(line: string): void;
}

/** What became of one try. */
export interface AttemptResult {
  /** `final` where it went well, too: nothing is to be tried again. */
  readonly failure: FailureKind;
  /** What failed, for the log. */
  readonly reason: string;
}

/** Tries as long as the trouble may pass; the outcome of the last try. The one loop around every request of this action. */
export async function retry<O extends AttemptResult>(
  { name, attempts, log }: RetryOptions,
  attempt: () => Promise<O>,
): Promise<O> {
  const began = Date.now();
  for (let failures = 1; ; failures += 1) {
    const outcome = await attempt();
    const { failure, reason } = outcome;
    const elapsed = Date.now() - began;
    const delay = delayBeforeRetry({ failure, failures, elapsed, attempts, random: Math.random() });
    if (delay === undefined) return outcome;
    log(retryLine(name, reason, { failures, delay }));
    await new Promise((resolve) => setTimeout(resolve, delay));
  }
}
