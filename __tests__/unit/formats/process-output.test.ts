import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { keysIn, NotProcessOutput, parseProcessOutput } from '../../../src/formats/process-output.ts';

const keys = { Version: 1, AccessKeyId: 'AKIAEXAMPLE', SecretAccessKey: 'the-secret/of+it=' };
const credentials = { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'the-secret/of+it=' };
const all = {
  ...keys,
  SessionToken: 'the-token',
  Expiration: '2026-01-01T01:00:00Z',
  AccountId: '012345678901',
  Else: [1],
};

describe('what is printed', () => {
  test.each<[what: string, text: string, wanted: object]>([
    ['the keys alone', JSON.stringify(keys), { credentials }],
    ['among blanks', `\uFEFF\r\n ${JSON.stringify(keys, null, 2)}\r\n`, { credentials }],
    [
      'everything there is',
      JSON.stringify(all),
      {
        credentials: { ...credentials, sessionToken: 'the-token', expiration: new Date('2026-01-01T01:00:00Z') },
        account: '012345678901',
      },
    ],
    [
      'what is not there, as null or empty',
      JSON.stringify({ ...keys, SessionToken: null, Expiration: '', AccountId: null }),
      { credentials },
    ],
    ['an empty session token', JSON.stringify({ ...keys, SessionToken: '' }), { credentials }],
    ['an account that is none', JSON.stringify({ ...keys, AccountId: 12345678901 }), { credentials }],
  ])('%s', (_what, text, wanted) => {
    expect(parseProcessOutput(text)).toEqual(wanted);
  });

  test.each([
    ['2026-01-01T01:00:00Z', '2026-01-01T01:00:00.000Z'],
    ['2026-01-01t01:00:00z', '2026-01-01T01:00:00.000Z'],
    ['2026-01-01T03:00:00+02:00', '2026-01-01T01:00:00.000Z'],
    ['2026-01-01T03:00:00+0200', '2026-01-01T01:00:00.000Z'],
    ['2026-01-01T01:00:00.123456789Z', '2026-01-01T01:00:00.123Z'],
    ['2026-01-01T01:00:00', '2026-01-01T01:00:00.000Z'],
    ['2026-01-01 01:00:00+00:00', '2026-01-01T01:00:00.000Z'],
  ])('Expiration %s is %s', (Expiration, wanted) => {
    const { expiration } = parseProcessOutput(JSON.stringify({ ...keys, Expiration })).credentials;
    expect(expiration?.toISOString()).toBe(wanted);
  });
});

describe('what is not', () => {
  test.each<[text: string, why: string]>([
    ['', 'is empty'],
    [' \n', 'is empty'],
    ['{"Version": 1, the-secret', 'is not JSON'],
    [`${JSON.stringify(keys)}\nDone.`, 'is not JSON'],
    ['"the-secret"', 'is not a JSON object'],
    ['null', 'is not a JSON object'],
    ['[1]', 'is not a JSON object'],
    ['{}', 'has no "Version"'],
    [JSON.stringify({ ...keys, Version: '1' }), 'has a "Version" that is not the number 1'],
    [JSON.stringify({ ...keys, Version: 2 }), 'has a "Version" that is not the number 1'],
    [JSON.stringify({ ...keys, AccessKeyId: '' }), 'has no "AccessKeyId"'],
    [JSON.stringify({ Version: 1, AccessKeyId: 'AKIA' }), 'has no "SecretAccessKey"'],
    [JSON.stringify({ ...keys, SecretAccessKey: 7 }), 'has an invalid "SecretAccessKey"'],
    [JSON.stringify({ ...keys, SessionToken: 'the token' }), 'has an invalid "SessionToken"'],
    [JSON.stringify({ ...keys, AccessKeyId: 'AKIA\n' }), 'has an invalid "AccessKeyId"'],
    [JSON.stringify({ ...keys, Expiration: 'soon' }), 'has an "Expiration" that is not an ISO 8601 date'],
    [
      JSON.stringify({ ...keys, Expiration: '2026-13-01T00:00:00Z' }),
      'has an "Expiration" that is not an ISO 8601 date',
    ],
    [JSON.stringify({ ...keys, Expiration: 1767229200 }), 'has an "Expiration" that is not an ISO 8601 date'],
    [JSON.stringify({ ...keys, Expiration: {} }), 'has an "Expiration" that is not an ISO 8601 date'],
  ])('%j %s', (text, why) => {
    expect(() => parseProcessOutput(text)).toThrow(new NotProcessOutput(why));
  });

  test('is said without quoting it, whatever it is', () => {
    const secret = 'never-to-be-quoted';
    const json = fc.jsonValue().map((value) => JSON.stringify({ ...keys, SecretAccessKey: secret, Expiration: value }));
    fc.assert(
      fc.property(fc.oneof(fc.string(), json), fc.nat(60), (text, cut) => {
        try {
          parseProcessOutput(text.slice(0, -cut) + secret);
        } catch (error) {
          expect(error).toBeInstanceOf(NotProcessOutput);
          expect(String(error)).not.toContain(secret);
        }
      }),
    );
  });
});

test.each<[text: string, wanted: readonly string[]]>([
  [JSON.stringify(all), ['AKIAEXAMPLE', 'the-secret/of+it=', 'the-token']],
  [JSON.stringify({ ...keys, Version: 9, SessionToken: '' }), ['AKIAEXAMPLE', 'the-secret/of+it=']],
  ['junk', []],
  ['', []],
  ['[]', []],
])('the keys in %j are known whatever else is wrong with it', (text, wanted) => {
  expect(keysIn(text)).toEqual(wanted);
});
