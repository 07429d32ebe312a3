import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readClaims } from '../../../src/formats/jwt.ts';

const jwt = (claims: object): string => `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.c2ln`;

test('reads issuer, subject and audience', () => {
  expect(readClaims(jwt({ iss: 'https://i', sub: 'repo:o/r:ref:x', aud: 'sts.amazonaws.com', other: 1 }))).toEqual({
    issuer: 'https://i',
    subject: 'repo:o/r:ref:x',
    audience: 'sts.amazonaws.com',
  });
});

test('is empty for what is no JWT', () => {
  fc.assert(fc.property(fc.string(), (text) => Object.keys(readClaims(text)).length === 0));
  expect(readClaims(jwt({ sub: 5 }))).toEqual({});
});
