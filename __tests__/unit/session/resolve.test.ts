import { describe, expect, test } from '@jest/globals';
import type { Hop } from '../../../src/contract/hop.ts';
import type { Trunk } from '../../../src/plan/plan.ts';
import { resolvePlan } from '../../../src/session/resolve.ts';
import type { Effects } from '../../../src/sources/source.ts';
import { keysOf, memoryAws, memoryHost, memoryJob } from '../../support/memory.ts';

const hop = (role: string, label = 'role-to-assume'): Hop => ({
  role,
  label,
  sessionName: 'GitHubActions',
  durationSeconds: 3600,
});
const [a, b, c] = [
  'arn:aws:iam::111111111111:role/a',
  'arn:aws:iam::222222222222:role/b',
  'arn:aws:iam::333333333333:role/c',
];
const region = 'us-east-1';

/** Resolves a plan without branches. */
const resolve = (trunk: Trunk, effects: Effects) => resolvePlan({ trunk, branches: [] }, effects);

const host = memoryHost(memoryJob(), { idTokens: ['id-token'] });
const userKeys = { accessKeyId: 'AKIA1', secretAccessKey: 's1' };

test('one role by OIDC is one call, and the answer names the identity', async () => {
  const aws = memoryAws();
  const session = await resolve({ region, source: { kind: 'oidc', audience: 'x' }, hops: [hop(a)] }, { aws, host });
  expect(session).toEqual({
    credentials: keysOf(a),
    identity: { account: '111111111111', arn: 'arn:aws:sts::111111111111:assumed-role/a/GitHubActions' },
    region,
  });
  expect(aws.calls.map(({ call }) => call)).toEqual(['AssumeRoleWithWebIdentity']);
});

test('each hop is signed by the one before', async () => {
  const aws = memoryAws();
  const source = { kind: 'oidc', audience: 'x' } as const;
  const { credentials } = await resolve({ region, source, hops: [hop(a), hop(b), hop(c)] }, { aws, host });
  expect(credentials).toEqual(keysOf(c));
  expect(aws.calls).toMatchObject([
    { call: 'AssumeRoleWithWebIdentity', token: 'id-token' },
    { call: 'AssumeRole', signedBy: `key of ${a}` },
    { call: 'AssumeRole', signedBy: `key of ${b}` },
  ]);
});

test('keys without a role are proved by GetCallerIdentity', async () => {
  const aws = memoryAws({
    identities: { AKIA1: { account: '111111111111', arn: 'arn:aws:iam::111111111111:user/u' } },
  });
  const session = await resolve({ region, source: { kind: 'static', credentials: userKeys }, hops: [] }, { aws, host });
  expect(session.identity).toEqual({ account: '111111111111', arn: 'arn:aws:iam::111111111111:user/u' });
  expect(aws.calls).toEqual([{ call: 'GetCallerIdentity', signedBy: 'AKIA1' }]);
});

test('keys with a whole role ARN need no GetCallerIdentity', async () => {
  const aws = memoryAws();
  await resolve({ region, source: { kind: 'static', credentials: userKeys }, hops: [hop(b)] }, { aws, host });
  expect(aws.calls.map(({ call }) => call)).toEqual(['AssumeRole']);
});

test.each(['aws', 'aws-cn', 'aws-us-gov', 'aws-eusc', 'aws-iso', 'aws-iso-b', 'aws-iso-e', 'aws-iso-f'])(
  'a bare role name stands in the source’s account and partition: %s',
  async (partition) => {
    const aws = memoryAws({
      identities: { AKIA1: { account: '444444444444', arn: `arn:${partition}:iam::444444444444:user/u` } },
    });
    await resolve(
      { region, source: { kind: 'static', credentials: userKeys }, hops: [hop('path/deploy'), hop('next')] },
      { aws, host },
    );
    expect(aws.calls).toMatchObject([
      { call: 'GetCallerIdentity' },
      { call: 'AssumeRole', assumption: { roleArn: `arn:${partition}:iam::444444444444:role/path/deploy` } },
      { call: 'AssumeRole', assumption: { roleArn: `arn:${partition}:iam::444444444444:role/next` } },
    ]);
  },
);

test('SSO is one call; the account is the one that was asked for', async () => {
  const aws = memoryAws();
  const source = {
    kind: 'sso',
    token: { from: 'input', text: 't0ken' },
    accountId: '111111111111',
    roleName: 'ReadOnly',
    region: 'eu-west-1',
  } as const;
  const session = await resolve({ region, source, hops: [] }, { aws, host });
  expect(session.identity).toEqual({ account: '111111111111' });
  expect(aws.calls.map(({ call }) => call)).toEqual(['GetRoleCredentials']);
});

describe('an identity that STS is not asked for', () => {
  const keys = { kind: 'static', credentials: userKeys } as const;

  test('is unknown where no answer names it', async () => {
    const aws = memoryAws();
    const session = await resolve({ region, source: keys, hops: [], identity: 'unasked' }, { aws, host });
    expect([session.identity, aws.calls]).toEqual([{ account: '' }, []]);
  });

  test('is known from a role’s answer', async () => {
    const aws = memoryAws();
    const session = await resolve({ region, source: keys, hops: [hop(b)], identity: 'unasked' }, { aws, host });
    expect(session.identity.account).toBe('222222222222');
    expect(aws.calls.map(({ call }) => call)).toEqual(['AssumeRole']);
  });

  test('gives a bare role name no account to stand in', async () => {
    const aws = memoryAws();
    const plan = { region, source: keys, hops: [hop('deploy')], identity: 'unasked' } as const;
    await expect(resolve(plan, { aws, host })).rejects.toMatchObject({ code: 'INPUT_CONFLICT' });
    expect(aws.calls).toEqual([]);
  });
});
