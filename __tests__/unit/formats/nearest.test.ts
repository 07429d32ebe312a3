import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { nearest } from '../../../src/formats/nearest.ts';

const words = ['role-arn', 'session-name', 'external-id', 'tags'];

test.each([
  ['role-arm', 'role-arn'],
  ['rolearn', 'role-arn'],
  ['RoleArn', 'role-arn'],
  ['role_arn', 'role-arn'],
  ['sesion-name', 'session-name'],
  ['externalid', 'external-id'],
  ['tag', 'tags'],
  ['', 'tags'],
])('%j is meant to be %j', (text, word) => expect(nearest(text, words)).toBe(word));

test('among no words there is none', () => expect(nearest('x', [])).toBeUndefined());

test('a word is nearest to itself, and a slip in it still is', () => {
  const word = fc.constantFrom('session-name', 'external-id', 'managed-session-policies', 'transitive-tag-keys');
  fc.assert(
    fc.property(word, fc.nat(), fc.constantFrom(...'abcxyz'), (right, place, letter) => {
      const at = place % right.length;
      const all = ['session-name', 'external-id', 'managed-session-policies', 'transitive-tag-keys'];
      expect(nearest(right, all)).toBe(right);
      expect(nearest(right.slice(0, at) + letter + right.slice(at + 1), all)).toBe(right);
    }),
  );
});
