import { delayBeforeNextTry, retryLine, type Trouble } from './retry.ts';

/** A request that may be made again: how often in all, what the user knows it by, and who hears of each further try. */
export interface Tries {
  readonly name: string;
  readonly attempts: number;
  say(line: string): void;
}

/** What became of one try. */
export interface Outcome {
  /** `final` where it went well, too: nothing is to be tried again. */
  readonly trouble: Trouble;
  /** What failed, for the log. */
  readonly reason: string;
}

/** Tries as long as the trouble may pass; the outcome of the last try. The one loop around every request of this action. */
export async function lastOf<O extends Outcome>({ name, attempts, say }: Tries, attempt: () => Promise<O>): Promise<O> {
  const began = Date.now();
  for (let failures = 1; ; failures += 1) {
    const outcome = await attempt();
    const { trouble, reason } = outcome;
    const elapsed = Date.now() - began;
    const delay = delayBeforeNextTry({ trouble, failures, elapsed, attempts, random: Math.random() });
    if (delay === undefined) return outcome;
    say(retryLine(name, reason, { failures, delay }));
    await new Promise((resolve) => setTimeout(resolve, delay));
  }
}
