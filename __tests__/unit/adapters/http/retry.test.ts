import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { delayBeforeNextTry, retryLine, type Trouble } from '../../../../src/adapters/http/retry.ts';

/** How often a request is made, and how long it waits in all, where every try meets the same trouble at once. */
function walk(trouble: Trouble, attempts: number, random: number): { readonly tries: number; readonly waited: number } {
  let waited = 0;
  for (let failures = 1; ; failures += 1) {
    const delay = delayBeforeNextTry({ trouble, failures, elapsed: waited, attempts, random });
    if (delay === undefined) return { tries: failures, waited };
    waited += delay;
  }
}

describe('how often a request is made', () => {
  test.each<[Trouble, number, number]>([
    ['final', 12, 1],
    ['refused', 12, 3],
    ['refused', 2, 2],
    ['refused', 1, 1],
    ['passing', 12, 12],
    ['passing', 1, 1],
    ['silent', 12, 3],
    ['silent', 1, 1],
  ])('%s, %i attempts allowed: %i', (trouble, attempts, tries) =>
    expect(walk(trouble, attempts, 0.5).tries).toBe(tries),
  );
});

test('a refusal is reported within three seconds, whatever the dice say and the service takes', () => {
  fc.assert(
    fc.property(
      fc.double({ min: 0, max: 0.999, noNaN: true }),
      fc.integer({ min: 0, max: 2400 }),
      (random, service) => {
        const first =
          delayBeforeNextTry({ trouble: 'refused', failures: 1, elapsed: service, attempts: 12, random }) ?? 0;
        return service + first < 2500;
      },
    ),
  );
});

test('trouble that should have passed is given up after a minute', () => {
  const late = { trouble: 'passing', failures: 2, attempts: 12, random: 0.5 } as const;
  expect(delayBeforeNextTry({ ...late, elapsed: 59_999 })).toBeGreaterThanOrEqual(0);
  expect(delayBeforeNextTry({ ...late, elapsed: 60_000 })).toBeUndefined();
});

test('the line for the log names what failed, why, which try follows and when', () => {
  expect(retryLine('Hop 1 of 2', 'ECONNRESET', { failures: 1, delay: 1234 })).toBe(
    'Hop 1 of 2 failed (ECONNRESET); try 2 follows in 1.2 s',
  );
});

test('waits grow with full jitter and have a ceiling', () => {
  expect(delayBeforeNextTry({ trouble: 'passing', failures: 1, elapsed: 0, attempts: 12, random: 0 })).toBe(0);
  expect(delayBeforeNextTry({ trouble: 'passing', failures: 11, elapsed: 0, attempts: 12, random: 1 })).toBe(5000);
});
