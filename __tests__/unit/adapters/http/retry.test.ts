import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { delayBeforeRetry, type FailureKind, retryLine } from '../../../../src/adapters/http/retry.ts';

/** How often a request is made, and how long it waits in all, where every try meets the same failure at once. */
function walk(
  failure: FailureKind,
  attempts: number,
  random: number,
): { readonly tries: number; readonly waited: number } {
  let waited = 0;
  for (let failures = 1; ; failures += 1) {
    const delay = delayBeforeRetry({ failure, failures, elapsed: waited, attempts, random });
    if (delay === undefined) return { tries: failures, waited };
    waited += delay;
  }
}

describe('how often a request is made', () => {
  test.each<[FailureKind, number, number]>([
    ['permanent', 12, 1],
    ['denied', 12, 3],
    ['denied', 2, 2],
    ['denied', 1, 1],
    ['transient', 12, 12],
    ['transient', 1, 1],
    ['timeout', 12, 3],
    ['timeout', 1, 1],
  ])('%s, %i attempts allowed: %i', (failure, attempts, tries) =>
    expect(walk(failure, attempts, 0.5).tries).toBe(tries),
  );
});

test('a refusal is reported within three seconds, whatever the dice say and the service takes', () => {
  fc.assert(
    fc.property(
      fc.double({ min: 0, max: 0.999, noNaN: true }),
      fc.integer({ min: 0, max: 2400 }),
      (random, service) => {
        const first = delayBeforeRetry({ failure: 'denied', failures: 1, elapsed: service, attempts: 12, random }) ?? 0;
        return service + first < 2500;
      },
    ),
  );
});

test('failure that should have passed is given up after a minute', () => {
  const late = { failure: 'transient', failures: 2, attempts: 12, random: 0.5 } as const;
  expect(delayBeforeRetry({ ...late, elapsed: 59_999 })).toBeGreaterThanOrEqual(0);
  expect(delayBeforeRetry({ ...late, elapsed: 60_000 })).toBeUndefined();
});

test('the line for the log names what failed, why, which try follows and when', () => {
  expect(retryLine('Hop 1 of 2', 'ECONNRESET', { failures: 1, delay: 1234 })).toBe(
    'Hop 1 of 2 failed (ECONNRESET); try 2 follows in 1.2 s',
  );
});

test('waits grow with full jitter and have a ceiling', () => {
  expect(delayBeforeRetry({ failure: 'transient', failures: 1, elapsed: 0, attempts: 12, random: 0 })).toBe(0);
  expect(delayBeforeRetry({ failure: 'transient', failures: 11, elapsed: 0, attempts: 12, random: 1 })).toBe(5000);
});
