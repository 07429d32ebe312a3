import { describe, expect, test } from '@jest/globals';
import { type Context, holds, like, readCondition } from '../../emulator/iam/condition.ts';

describe('patterns of IAM', () => {
  test.each([
    ['repo:o/r:ref:refs/heads/main', 'repo:o/r:ref:refs/heads/main', true],
    ['repo:o/r:ref:refs/heads/main', 'repo:o/r:*', true],
    ['repo:o/r:ref:refs/heads/main', '*', true],
    ['repo:o/r:ref:refs/heads/main', 'repo:o/r', false],
    ['repo:o/r:ref:refs/heads/main', 'ref:refs/heads/main', false],
    ['repo:o/r:ref:refs/heads/main', 'repo:?/?:ref:*', true],
    ['repo:oo/r:ref', 'repo:?/r:ref', false],
    ['repo:o/R', 'repo:o/r', false],
    ['a.b', 'a.b', true],
    ['axb', 'a.b', false],
    ['a+(b)[c]', 'a+(b)[c]', true],
    ['', '*', true],
    ['', '?', false],
    ['two\nlines', 'two*', true],
  ])('%j like %j: %j', (actual, pattern, expected) => {
    expect(like(actual, pattern)).toBe(expected);
  });
});

describe('condition operators', () => {
  const context: Context = new Map([
    ['sub', ['repo:o/r:ref:refs/heads/main']],
    ['aws:tagkeys', ['Team', 'Repository']],
    ['arn', ['arn:aws:iam::111111111111:role/path/deploy']],
    ['mfa', ['true']],
    ['empty', []],
  ]);
  const sub = 'repo:o/r:ref:refs/heads/main';

  test.each<[operator: string, key: string, values: readonly string[], expected: boolean]>([
    ['StringEquals', 'sub', [sub], true],
    ['StringEquals', 'SUB', [sub], true],
    ['StringEquals', 'sub', ['else', sub], true],
    ['StringEquals', 'sub', ['repo:o/r:*'], false],
    ['StringEquals', 'sub', [sub.toUpperCase()], false],
    ['StringEquals', 'absent', [sub], false],
    ['StringEquals', 'empty', [sub], false],
    ['StringEqualsIfExists', 'absent', [sub], true],
    ['StringEqualsIfExists', 'sub', ['else'], false],
    ['StringEqualsIgnoreCase', 'sub', [sub.toUpperCase()], true],
    ['StringNotEquals', 'sub', ['else'], true],
    ['StringNotEquals', 'sub', ['else', sub], false],
    ['StringNotEquals', 'absent', ['else'], true],
    ['StringNotEqualsIgnoreCase', 'sub', [sub.toUpperCase()], false],
    ['StringLike', 'sub', ['repo:o/r:*'], true],
    ['StringLike', 'sub', ['repo:x/*', 'repo:o/*'], true],
    ['StringLike', 'absent', ['*'], false],
    ['StringNotLike', 'sub', ['repo:o/*'], false],
    ['StringNotLike', 'sub', ['repo:x/*'], true],
    ['ArnLike', 'arn', ['arn:aws:iam::*:role/path/*'], true],
    ['ArnEquals', 'arn', ['arn:aws:iam::111111111111:role/*'], true],
    ['ArnNotLike', 'arn', ['arn:aws:iam::*:role/path/*'], false],
    ['ArnNotEquals', 'arn', ['arn:aws:iam::111111111111:role/other'], true],
    ['Bool', 'mfa', ['true'], true],
    ['Bool', 'mfa', ['false'], false],
    ['Bool', 'absent', ['false'], false],
    ['BoolIfExists', 'absent', ['true'], true],
    ['Null', 'absent', ['true'], true],
    ['Null', 'sub', ['true'], false],
    ['Null', 'sub', ['false'], true],
    ['ForAnyValue:StringEquals', 'aws:TagKeys', ['Team'], true],
    ['ForAnyValue:StringEquals', 'aws:TagKeys', ['Other'], false],
    ['ForAnyValue:StringLike', 'aws:TagKeys', ['Repo*'], true],
    ['ForAnyValue:StringEquals', 'absent', ['Team'], false],
    ['ForAnyValue:StringNotEquals', 'absent', ['Team'], false],
    ['ForAnyValue:StringNotEquals', 'aws:TagKeys', ['Team'], true],
    ['ForAllValues:StringEquals', 'aws:TagKeys', ['Team', 'Repository', 'More'], true],
    ['ForAllValues:StringEquals', 'aws:TagKeys', ['Team'], false],
    ['ForAllValues:StringEquals', 'absent', ['Team'], true],
    ['ForAllValues:StringNotEquals', 'aws:TagKeys', ['Other'], true],
  ])('%s on %s with %j: %j', (operator, key, values, expected) => {
    expect(holds(readCondition(operator, key, values), context)).toBe(expected);
  });

  test.each(['StringMatches', 'ForSomeValues:StringEquals', 'IpAddress', 'IfExists', ''])(
    'refuses %j, which it does not know',
    (operator) => {
      expect(() => readCondition(operator, 'sub', ['x'])).toThrow('does not know the condition operator');
    },
  );
});
