import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { NotATrustPolicy, parseTrustPolicy } from '../../../../src/formats/trust-policy.ts';

const role = 'arn:aws:iam::111111111111:role/path/deploy';
const other = 'arn:aws:iam::111111111111:role/other';
const policy = {
  Version: '2012-10-17',
  Statement: { Effect: 'Allow', Principal: '*', Action: 'sts:AssumeRole', Condition: { Bool: { k: true } } },
};
const parsed = {
  statements: [
    {
      effect: 'Allow',
      principals: [{ kind: '*', value: '*' }],
      actions: ['sts:AssumeRole'],
      conditions: [{ operator: 'Bool', key: 'k', values: ['true'] }],
      otherElements: [],
    },
  ],
};
const encoded = encodeURIComponent(JSON.stringify(policy));
const output = (document: unknown, arn = role) => ({
  Role: { Arn: arn, RoleName: 'x', AssumeRolePolicyDocument: document },
});

describe('the forms that are accepted', () => {
  test.each<[what: string, document: unknown, planned: 'one role' | 'several roles']>([
    ['a policy', policy, 'one role'],
    ['a policy in JSON in JSON', JSON.stringify(policy), 'one role'],
    ['a URL-encoded policy in JSON', encoded, 'one role'],
    ['the output of get-role', output(policy), 'several roles'],
    ['the output of get-role with an encoded policy', output(encoded), 'several roles'],
    ['the role of that output', output(policy).Role, 'several roles'],
    ['a map of policies', { [role]: policy, [other]: 5 }, 'several roles'],
    ['a map of outputs', { [role]: output(policy) }, 'several roles'],
    ['a map of encoded policies', { [role]: encoded }, 'one role'],
  ])('%s', (_what, document, planned) => {
    expect(parseTrustPolicy(JSON.stringify(document), role, planned)).toEqual(parsed);
  });

  test('URL-encoded text, and text after a byte order mark', () => {
    expect(parseTrustPolicy(`${encoded}\n`, role, 'one role')).toEqual(parsed);
    expect(parseTrustPolicy(`\uFEFF${JSON.stringify(policy)}`, role, 'one role')).toEqual(parsed);
  });
});

const problemOf = (text: string, planned: 'one role' | 'several roles' = 'one role'): string => {
  try {
    parseTrustPolicy(text, role, planned);
    return 'nothing';
  } catch (error) {
    if (error instanceof NotATrustPolicy) return error.message;
    throw error;
  }
};
const statement = (changes: object) => JSON.stringify({ Statement: [{ ...policy.Statement, ...changes }] });

describe('what is not a policy of the role', () => {
  test.each([
    ['', 'is not a JSON object'],
    ['secret-value', 'is not a JSON object'],
    ['[]', 'is not a JSON object'],
    ['null', 'is not a JSON object'],
    ['{"Statement":', 'is not a JSON object'],
    ['%7B%', 'is URL-encoded, but not whole'],
    ['{}', 'is not a policy: "Statement" is missing'],
    ['{"Statement":"secret-value"}', 'is not a policy: statement 1 is not an object'],
    ['{"Statement":[null]}', 'is not a policy: statement 1 is not an object'],
    [statement({ Effect: 'allow' }), 'is not a policy: the Effect of statement 1 is neither "Allow" nor "Deny"'],
    [statement({ Effect: 5 }), 'is not a policy: the Effect of statement 1 is neither "Allow" nor "Deny"'],
    [statement({ Action: {} }), 'is not a policy: the Action of statement 1 holds a value that is not text'],
    [statement({ Action: [null] }), 'is not a policy: the Action of statement 1 holds a value that is not text'],
    [statement({ Principal: 'x' }), 'is not a policy: the Principal of statement 1 is neither "*" nor an object'],
    [
      statement({ Principal: { AWS: {} } }),
      'is not a policy: the Principal of statement 1 holds a value that is not text',
    ],
    [statement({ Condition: [] }), 'is not a policy: the Condition of statement 1 is not an object'],
    [
      statement({ Condition: { Bool: 5 } }),
      'is not a policy: an operator in the Condition of statement 1 is not an object',
    ],
    [
      statement({ Condition: { Bool: { k: [[]] } } }),
      'is not a policy: the Condition of statement 1 holds a value that is not text',
    ],
    [JSON.stringify(output(policy, other)), 'is the policy of another role'],
    [JSON.stringify(output(5)), 'holds an AssumeRolePolicyDocument that is not a policy'],
    [JSON.stringify({ [other]: policy }), 'has no entry for this role'],
    [JSON.stringify({ [role]: 5 }), 'has an entry for this role that is not a policy'],
  ])('%s: %s', (text, problem) => {
    expect(problemOf(text)).toBe(problem);
    expect(problemOf(text)).not.toContain('secret-value');
  });

  test('with several roles, a policy that names no role', () => {
    const problem = 'does not name the role that it belongs to';
    expect(problemOf(JSON.stringify(policy), 'several roles')).toBe(problem);
    expect(problemOf(JSON.stringify({ AssumeRolePolicyDocument: policy }), 'several roles')).toBe(problem);
  });

  test('whatever the JSON, it is a policy or not one', () => {
    const names = fc.constantFrom('Statement', 'Effect', 'Principal', 'Action', 'Condition', 'Role', '__proto__', role);
    const json = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        fc.string(),
        fc.constant('Allow'),
        fc.integer(),
        fc.constant(null),
        tie('list'),
        tie('object'),
      ),
      list: fc.array(tie('value'), { maxLength: 3 }),
      object: fc.dictionary(names, tie('value'), { maxKeys: 5 }),
    }));
    fc.assert(
      fc.property(json.object, (document) => problemOf(JSON.stringify(document)) !== ''),
      { numRuns: 2000 },
    );
    fc.assert(
      fc.property(fc.nat(), (cut) => problemOf(JSON.stringify(policy).slice(0, cut % 60)) === 'is not a JSON object'),
    );
  });
});
