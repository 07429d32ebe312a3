import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { CredentialError } from '../../../src/contract/errors.ts';
import { type Inputs, readInputs } from '../../../src/inputs/inputs.ts';

const inputsWith = (value: string): { readonly inputs: Inputs; readonly masks: readonly string[] } => {
  const masks: string[] = [];
  return { inputs: readInputs({ 'INPUT_SOME-INPUT': value }, (secret) => void masks.push(secret)), masks };
};
const name = 'some-input';
const refusal = expect.objectContaining({ code: 'INPUT_INVALID', message: expect.stringContaining('"some-input"') });

function thrownBy(act: () => unknown): unknown {
  try {
    act();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}

describe('optional', () => {
  test.each([
    ['', undefined],
    ['   \n', undefined],
    [' a b ', 'a b'],
  ])('%j is %j', (value, expected) => expect(inputsWith(value).inputs.optional(name)).toBe(expected));
});

describe('secret', () => {
  test('is masked as it is read', () => {
    const { inputs, masks } = inputsWith(' s3cret\n');
    expect(inputs.secret(name)).toBe('s3cret');
    expect(masks).toEqual(['s3cret']);
  });

  test('masks nothing where nothing is given', () => {
    const { inputs, masks } = inputsWith('');
    expect(inputs.secret(name)).toBeUndefined();
    expect(masks).toEqual([]);
  });
});

describe('flag', () => {
  test.each([
    ['true', false, true],
    ['True', false, true],
    ['TRUE', false, true],
    ['false', true, false],
    ['False', true, false],
    ['FALSE', true, false],
    ['', true, true],
    ['', false, false],
  ])('%j, absent %j: %j', (value, absent, expected) =>
    expect(inputsWith(value).inputs.flag(name, absent)).toBe(expected),
  );

  test.each(['yes', '1', 'tRUE', 'true false', 'null'])('%j is refused', (value) => {
    expect(thrownBy(() => inputsWith(value).inputs.flag(name, true))).toEqual(refusal);
  });
});

describe('lines and elements', () => {
  test.each([
    ['a\n b \r\n\n c', ['a', 'b', 'c']],
    ['', []],
  ])('lines of %j', (value, expected) => expect(inputsWith(value).inputs.lines(name)).toEqual(expected));

  test.each([
    ['1,2', ['1', '2']],
    ['1 , 2,\n3\n\n4', ['1', '2', '3', '4']],
    ['1,', ['1', '']],
    ['1,,2', ['1', '', '2']],
    ['', []],
  ])('elements of %j', (value, expected) => expect(inputsWith(value).inputs.elements(name)).toEqual(expected));

  test('of any text are what its separators leave, blanks taken off', () => {
    const sign = fc.constantFrom(' ', '\t', '\r', '\n', '\r\n', ',', 'a', 'b');
    fc.assert(
      fc.property(fc.string({ unit: sign }), (text) => {
        const { inputs } = inputsWith(text);
        const whole = text.trim();
        expect(inputs.lines(name)).toEqual(whole.split(/\s*\r?\n\s*/).filter((line) => line !== ''));
        expect(inputs.elements(name)).toEqual(whole === '' ? [] : whole.split(/\s*(?:,|\r?\n)\s*/));
      }),
    );
  });

  test('do not take minutes over a text of many blanks', () => {
    const text = `a${' '.repeat(1_000_000)}b`;
    const { inputs } = inputsWith(text);
    expect(inputs.lines(name)).toEqual([text]);
    expect(inputs.elements(name)).toEqual([text]);
  });
});

describe('seconds', () => {
  const range = { least: 900, most: 43_200 };

  test.each([
    ['900', 900],
    ['43200', 43_200],
    ['15m', 900],
    ['1h', 3600],
    ['12h', 43_200],
    ['', undefined],
  ])('%j is %j', (value, expected) => expect(inputsWith(value).inputs.seconds(name, range)).toBe(expected));

  test.each([
    '60',
    '899',
    '43201',
    '13h',
    '1d',
    '1 h',
    '1.5h',
    '-900',
    '0x400',
    '1e3',
    'an hour',
    '3600s',
    '99999999999999',
  ])('%j is refused', (value) =>
    expect(thrownBy(() => inputsWith(value).inputs.seconds(name, range))).toEqual(refusal),
  );

  test('any text is either a duration in the range or refused', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        try {
          const seconds = inputsWith(text).inputs.seconds(name, range);
          return seconds === undefined ? text.trim() === '' : seconds >= range.least && seconds <= range.most;
        } catch (error) {
          return error instanceof CredentialError && error.code === 'INPUT_INVALID';
        }
      }),
    );
  });
});

describe('count', () => {
  test.each([
    ['3', 3],
    ['0', 1],
    ['-5', 1],
    ['', undefined],
  ])('%j is %j', (value, expected) => expect(inputsWith(value).inputs.count(name)).toBe(expected));

  test.each(['three', '1.5', '1e2'])('%j is refused', (value) => {
    expect(thrownBy(() => inputsWith(value).inputs.count(name))).toEqual(refusal);
  });
});
