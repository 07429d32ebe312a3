import { describe, expect, test } from '@jest/globals';
import { readPolicy } from '../../emulator/iam/policy.ts';
import { type Asker, allows } from '../../emulator/iam/trust.ts';

const provider = 'arn:aws:iam::111111111111:oidc-provider/token.actions.githubusercontent.com';
const federated: Asker = { kind: 'Federated', provider };
const user: Asker = {
  kind: 'AWS',
  account: '111111111111',
  partition: 'aws',
  arns: ['arn:aws:iam::111111111111:user/ci'],
};
const session: Asker = {
  kind: 'AWS',
  account: '111111111111',
  partition: 'aws',
  arns: ['arn:aws:sts::111111111111:assumed-role/deploy/run-1', 'arn:aws:iam::111111111111:role/path/deploy'],
};

const allow = (rest: object) => ({ Effect: 'Allow', Action: 'sts:AssumeRole', ...rest });

describe('principals', () => {
  test.each<[what: string, principal: unknown, asker: Asker, expected: boolean]>([
    ['everyone', '*', session, true],
    ['everyone', '*', federated, true],
    ['every AWS caller', { AWS: '*' }, session, true],
    ['every AWS caller, not a federated one', { AWS: '*' }, federated, false],
    ['the account by its id', { AWS: '111111111111' }, session, true],
    ['another account by its id', { AWS: '222222222222' }, session, false],
    ['the account by its root', { AWS: 'arn:aws:iam::111111111111:root' }, user, true],
    ['another account by its root', { AWS: 'arn:aws:iam::222222222222:root' }, user, false],
    ['the account in another partition', { AWS: 'arn:aws-cn:iam::111111111111:root' }, user, false],
    ['the user', { AWS: 'arn:aws:iam::111111111111:user/ci' }, user, true],
    ['another user', { AWS: 'arn:aws:iam::111111111111:user/cd' }, user, false],
    ['the role, path and all', { AWS: 'arn:aws:iam::111111111111:role/path/deploy' }, session, true],
    ['the role without its path', { AWS: 'arn:aws:iam::111111111111:role/deploy' }, session, false],
    ['a pattern, which is none in a principal', { AWS: 'arn:aws:iam::111111111111:role/path/*' }, session, false],
    ['the session', { AWS: 'arn:aws:sts::111111111111:assumed-role/deploy/run-1' }, session, true],
    ['another session', { AWS: 'arn:aws:sts::111111111111:assumed-role/deploy/run-2' }, session, false],
    ['one of a list', { AWS: ['222222222222', 'arn:aws:iam::111111111111:user/ci'] }, user, true],
    ['the provider', { Federated: provider }, federated, true],
    ['another provider', { Federated: provider.replace('1111', '2222') }, federated, false],
    ['a service', { Service: 'ec2.amazonaws.com' }, session, false],
    ['two kinds', { Service: 'ec2.amazonaws.com', AWS: '111111111111' }, session, true],
  ])('%s: %j', (_what, principal, asker, expected) => {
    const policy = readPolicy({ Statement: allow({ Principal: principal }) }, 'trust');
    expect(allows(policy, asker, 'sts:AssumeRole', new Map())).toBe(expected);
  });
});

describe('statements', () => {
  test.each<[what: string, statements: unknown, action: string, expected: boolean]>([
    ['the action', [allow({ Principal: '*' })], 'sts:AssumeRole', true],
    ['the action in other case', [allow({ Principal: '*', Action: 'STS:assumerole' })], 'sts:AssumeRole', true],
    ['another action', [allow({ Principal: '*' })], 'sts:TagSession', false],
    ['a pattern of actions', [allow({ Principal: '*', Action: 'sts:Assume*' })], 'sts:AssumeRoleWithWebIdentity', true],
    ['one of the actions', [allow({ Principal: '*', Action: ['sts:A', 'sts:TagSession'] })], 'sts:TagSession', true],
    ['nothing', [], 'sts:AssumeRole', false],
    [
      'a denial, which wins wherever it stands',
      [{ Effect: 'Deny', Principal: '*', Action: '*' }, allow({ Principal: '*' })],
      'sts:AssumeRole',
      false,
    ],
    [
      'a denial of something else',
      [allow({ Principal: '*' }), { Effect: 'Deny', Principal: '*', Action: 'sts:TagSession' }],
      'sts:AssumeRole',
      true,
    ],
    [
      'a denial whose condition does not hold',
      [
        allow({ Principal: '*' }),
        { Effect: 'Deny', Principal: '*', Action: '*', Condition: { StringEquals: { 'sts:ExternalId': 'other' } } },
      ],
      'sts:AssumeRole',
      true,
    ],
    [
      'conditions that all hold',
      [
        allow({
          Principal: '*',
          Condition: { StringEquals: { 'sts:ExternalId': 'x' }, StringLike: { 'STS:EXTERNALID': '?' } },
        }),
      ],
      'sts:AssumeRole',
      true,
    ],
    [
      'conditions of which one does not hold',
      [allow({ Principal: '*', Condition: { StringEquals: { 'sts:ExternalId': 'x', 'sts:RoleSessionName': 'y' } } })],
      'sts:AssumeRole',
      false,
    ],
    [
      'two statements, one of which applies',
      [allow({ Principal: { AWS: '222222222222' } }), allow({ Principal: { AWS: '111111111111' } })],
      'sts:AssumeRole',
      true,
    ],
  ])('%s', (_what, Statement, action, expected) => {
    const policy = readPolicy({ Version: '2012-10-17', Statement }, 'trust');
    expect(allows(policy, session, action, new Map([['sts:externalid', ['x']]]))).toBe(expected);
  });

  test.each<[what: string, statement: object, message: string]>([
    [
      'NotPrincipal',
      { Effect: 'Allow', NotPrincipal: '*', Action: '*' },
      'NotPrincipal, which the emulator does not evaluate',
    ],
    ['an unknown effect', { Effect: 'allow', Principal: '*', Action: '*' }, 'Effect must be Allow or Deny'],
    ['an unknown kind of principal', allow({ Principal: { SAML: 'x' } }), 'has SAML'],
    ['an unknown operator', allow({ Principal: '*', Condition: { Near: { a: 'b' } } }), 'condition operator Near'],
    ['no action', { Effect: 'Allow', Principal: '*' }, 'Action must be text'],
  ])('refuses a policy with %s rather than half understand it', (_what, statement, message) => {
    expect(() => readPolicy({ Statement: statement }, 'trust')).toThrow(message);
  });
});
