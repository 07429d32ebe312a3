import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { redact, secretValues, secretWords } from '../../../src/formats/redact.ts';

describe('what looks like a secret is hidden', () => {
  test.each([
    ['key AKIAIOSFODNN7EXAMPLE is gone', 'key *** is gone'],
    ['secret=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY', '***'],
    ['"SecretAccessKey":"/Jalr+UtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"', '"SecretAccessKey":"***"'],
    ['token eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4IiwiYXVkIjoiMSJ9.c2ln, expired', 'token ***, expired'],
    [
      '/opt/hostedtoolcache/node/24.5.0/x64/bin/node: not found',
      '/opt/hostedtoolcache/node/24.5.0/x64/bin/node: not found',
    ],
    ['trace 0123456789abcdef0123456789abcdef01234567', 'trace 0123456789abcdef0123456789abcdef01234567'],
    ['Error: vault is sealed (code 503)', 'Error: vault is sealed (code 503)'],
  ])('%s', (text, wanted) => {
    expect(redact(text, [])).toBe(wanted);
  });
});

test('what is known to be secret is hidden, one inside another too, but no short word', () => {
  expect(redact('a b the-secret-word, the-secret and no', ['the-secret', 'the-secret-word', 'no', 'b'])).toBe(
    'a b ***, *** and no',
  );
});

test('nothing of a secret is left, whatever is around it', () => {
  const secret = fc.string({ minLength: 6 }).filter((text) => !'***'.includes(text) && !text.includes('*'));
  fc.assert(
    fc.property(fc.string(), secret, fc.string(), (before, hidden, after) => {
      expect(redact(before + hidden + after, [hidden]).includes(hidden)).toBe(false);
    }),
  );
});

test('variables that say that they are secret', () => {
  const variables = {
    VAULT_TOKEN: 'a',
    db_password: 'b',
    AWS_SECRET_ACCESS_KEY: 'c',
    NPM_AUTH: 'd',
    API_KEY: 'e',
    HOME: 'f',
    EMPTY_TOKEN: '',
    NO_TOKEN: undefined,
  };
  expect(secretValues(variables)).toEqual(['a', 'b', 'c', 'd', 'e']);
});

test('words that mean a secret', () => {
  const words = [
    'get',
    '--password',
    'one',
    '--name',
    'two',
    '--api-key=three',
    '-token',
    'four',
    'SECRET=five',
    '--x=y',
  ];
  expect(secretWords(words)).toEqual(['one', 'three', 'four', 'five']);
});
