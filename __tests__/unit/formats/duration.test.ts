import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { CredentialError } from '../../../src/contract/errors.ts';
import { secondsIn } from '../../../src/formats/duration.ts';

const range = { least: 900, most: 43_200 };
const refuse = (problem: string, hint: string) => new CredentialError('INPUT_INVALID', problem, { hint });
const read = (text: string): number | undefined => {
  try {
    return secondsIn(text, range, refuse);
  } catch (error) {
    expect(error).toBeInstanceOf(CredentialError);
    return undefined;
  }
};

test('seconds, minutes and hours within the range are read, and no others', () => {
  const units = [
    ['', 1],
    ['m', 60],
    ['h', 3600],
  ] as const;
  fc.assert(
    fc.property(fc.nat(50_000), fc.constantFrom(...units), (count, [unit, seconds]) => {
      const total = count * seconds;
      expect(read(`${count}${unit}`)).toBe(total >= range.least && total <= range.most ? total : undefined);
    }),
  );
});

test('any other text is refused', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'grapheme' }).filter((text) => !/^\d+[mh]?$/.test(text)),
      (text) => expect(read(text)).toBeUndefined(),
    ),
  );
  for (const text of ['1.5h', '-3600', '+3600', '1e4', '0x1000', '1H', '60 m', '１０００', '1h30m', '99999999999']) {
    expect([text, read(text)]).toEqual([text, undefined]);
  }
});
