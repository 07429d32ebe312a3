import { describe, expect, test } from '@jest/globals';
import type { Retrieved } from '../../../src/contract/credentials.ts';
import { describePlan } from '../../../src/plan/plan.ts';
import { assumeWithToken } from '../../../src/roles/web-identity.ts';
import { retrieve } from '../../../src/sources/index.ts';
import { keysOf, memoryAws, memoryHost, memoryJob } from '../../support/memory.ts';
import { arns, idToken, planFrom } from '../../support/plan.ts';

type Texts = Readonly<Record<string, string>>;

const pool = 'us-west-2:11111111-aaaa-4aaa-8aaa-111111111111';
const identity = 'us-west-2:22222222-bbbb-4bbb-8bbb-222222222222';
const inPool = { 'cognito-identity-pool-id': pool };
const google = { 'cognito-logins': 'accounts.google.com: google-token' };

describe('the plan', () => {
  test.each<[what: string, inputs: Texts, source: object, description: string]>([
    [
      "the job's ID token",
      inPool,
      {
        region: 'us-west-2',
        who: { pool },
        loginSource: { by: 'job', audience: 'cognito-identity.amazonaws.com' },
        flow: { kind: 'enhanced' },
      },
      `cognito pool ${pool} (audience cognito-identity.amazonaws.com)`,
    ],
    [
      'an audience of its own',
      { ...inPool, audience: 'mine' },
      { loginSource: { by: 'job', audience: 'mine' } },
      `cognito pool ${pool} (audience mine)`,
    ],
    [
      'tokens that are handed over',
      {
        ...inPool,
        'cognito-logins': 'accounts.google.com: google-token\nlogin.mine: mine-token',
        'cognito-account-id': '012345678901',
      },
      {
        who: { pool, accountId: '012345678901' },
        loginSource: { by: 'tokens', logins: { 'accounts.google.com': 'google-token', 'login.mine': 'mine-token' } },
      },
      `cognito pool ${pool} (by accounts.google.com, login.mine)`,
    ],
    [
      'a guest',
      { ...inPool, 'cognito-logins': '{}' },
      { loginSource: { by: 'nobody' } },
      `cognito pool ${pool} (as a guest)`,
    ],
    [
      'one identity',
      { 'cognito-identity-id': identity, ...google },
      { region: 'us-west-2', who: { identity } },
      'cognito identity (by accounts.google.com)',
    ],
    [
      'another role of the pool',
      { ...inPool, 'cognito-role-arn': arns.deploy },
      { flow: { kind: 'enhanced', roleArn: arns.deploy } },
      `cognito pool ${pool} (audience cognito-identity.amazonaws.com)`,
    ],
    [
      'a role after it',
      { ...inPool, 'cognito-flow': 'enhanced', 'role-to-assume': arns.target },
      { flow: { kind: 'enhanced' } },
      `cognito pool ${pool} (audience cognito-identity.amazonaws.com) → 222222222222/target (1 tag)`,
    ],
    [
      'the basic flow',
      { ...inPool, 'cognito-flow': 'basic', 'role-to-assume': `${arns.deploy}\n${arns.target}` },
      { flow: { kind: 'basic' } },
      `cognito pool ${pool} (audience cognito-identity.amazonaws.com) → 111111111111/deploy → 222222222222/target (1 tag)`,
    ],
  ])('%s', async (_what, inputs, source, description) => {
    const { plan, because } = await planFrom({ with: inputs, env: { ...idToken, GITHUB_ACTIONS: 'true' } });
    expect(plan.trunk).toMatchObject({ region: 'us-east-1', source: { kind: 'cognito', ...source } });
    expect(describePlan(plan).replace(/ \(1 tag\)/g, '')).toBe(description.replace(/ \(1 tag\)/g, ''));
    expect(because).toMatch(/^auto: "cognito-identity-(pool-)?id" is given$/);
    expect(JSON.parse(JSON.stringify(plan))).toEqual(plan);
  });

  test('masks every token before it reads them', async () => {
    const masks: string[] = [];
    const logins = 'accounts.google.com: google-token\nhttps://mine: mine-token';
    await expect(planFrom({ with: { ...inPool, 'cognito-logins': logins } }, masks)).rejects.toMatchObject({});
    expect(masks).toEqual(['google-token', 'mine-token']);
  });

  test('what the token of Cognito cannot carry is said', async () => {
    const inputs = { ...inPool, 'cognito-flow': 'basic', 'role-to-assume': arns.deploy, 'role-external-id': 'ext' };
    const { warnings } = await planFrom({ with: inputs, env: idToken });
    expect(warnings).toEqual([expect.stringContaining('"role-external-id" is not sent')]);
  });

  test('a role after it lasts an hour at most', async () => {
    const inputs = { ...inPool, 'role-to-assume': arns.target, 'role-duration-seconds': '2h' };
    await expect(planFrom({ with: inputs, env: idToken })).rejects.toMatchObject({ code: 'INPUT_INVALID' });
  });
});

describe('what is refused before anybody is asked', () => {
  test.each<[inputs: Texts, code: string, message: string]>([
    [{ 'cognito-account-id': '111111111111' }, 'INPUT_INVALID', '"cognito-account-id" is given without a pool'],
    [{ 'cognito-role-arn': arns.deploy }, 'INPUT_INVALID', '"cognito-role-arn" is given without a pool'],
    [{ 'cognito-flow': 'basic' }, 'INPUT_INVALID', '"cognito-flow" is given without a pool'],
    [google, 'INPUT_INVALID', '"cognito-logins" is given without a pool'],
    [
      { ...inPool, 'cognito-identity-id': identity },
      'INPUT_CONFLICT',
      '"cognito-identity-pool-id" and "cognito-identity-id"',
    ],
    [
      { 'cognito-identity-id': identity, 'cognito-account-id': '111111111111' },
      'INPUT_INVALID',
      'goes with "cognito-identity-pool-id"',
    ],
    ...['us-west-2', 'x', `${pool}0`, pool.slice(10), pool.replace(':', '/'), pool.toUpperCase()].map(
      (id): [Texts, string, string] => [
        { 'cognito-identity-pool-id': id },
        'INPUT_INVALID',
        '"cognito-identity-pool-id" is not of the form REGION:GUID',
      ],
    ),
    [{ 'cognito-identity-id': 'x' }, 'INPUT_INVALID', '"cognito-identity-id" is not of the form'],
    [{ ...inPool, 'cognito-account-id': '1' }, 'INPUT_INVALID', '"cognito-account-id" is not an account id'],
    [{ ...inPool, 'cognito-flow': 'classic' }, 'INPUT_INVALID', '"cognito-flow" is neither'],
    [{ ...inPool, 'cognito-role-arn': 'deploy' }, 'INPUT_INVALID', '"cognito-role-arn" is not the ARN'],
    [{ ...inPool, 'cognito-role-arn': arns.deploy, 'cognito-logins': '{}' }, 'INPUT_INVALID', 'is given for a guest'],
    [
      { ...inPool, 'cognito-role-arn': arns.deploy, 'cognito-flow': 'basic', 'role-to-assume': arns.deploy },
      'INPUT_INVALID',
      'is not for "cognito-flow: basic"',
    ],
    [{ ...inPool, 'cognito-flow': 'basic' }, 'INPUT_INVALID', 'no role to assume is given'],
    [{ ...inPool, 'cognito-flow': 'basic', 'role-to-assume': 'deploy' }, 'INPUT_INVALID', 'bare name "deploy"'],
    [{ ...inPool, 'cognito-logins': '- a: b' }, 'INPUT_INVALID', '"cognito-logins" is not a map'],
    [{ ...inPool, 'cognito-logins': 'the-token' }, 'INPUT_INVALID', '"cognito-logins" is not a map'],
    [{ ...inPool, 'cognito-logins': '{"a": ' }, 'INPUT_INVALID', '"cognito-logins" is not valid YAML'],
    [{ ...inPool, 'cognito-logins': 'a: token\na: token' }, 'INPUT_INVALID', '"cognito-logins" is not valid YAML'],
    [
      { ...inPool, 'cognito-logins': 'accounts.google.com:' },
      'INPUT_INVALID',
      'has no usable token for accounts.google.com',
    ],
    [
      { ...inPool, 'cognito-logins': 'accounts.google.com: { x: y }' },
      'INPUT_INVALID',
      'has no usable token for accounts.google.com',
    ],
    [{ ...inPool, 'cognito-logins': 'x: "token with blanks"' }, 'INPUT_INVALID', 'has no usable token for x'],
    [
      { ...inPool, 'cognito-logins': 'https://accounts.google.com: token' },
      'INPUT_INVALID',
      'has a key in line 1 that names no provider',
    ],
    [{ ...inPool, audience: 'a b' }, 'INPUT_INVALID', '"audience" holds a blank'],
    [
      { ...inPool, 'sso-token': 'the-sso-token' },
      'INPUT_CONFLICT',
      '"cognito-identity-pool-id" each ask for another source',
    ],
    [
      { ...inPool, 'force-skip-oidc': 'true' },
      'NO_SOURCE',
      '"force-skip-oidc" is true, and "cognito-logins" is not given',
    ],
  ])('%j', async (inputs, code, message) => {
    await expect(planFrom({ with: inputs, env: idToken })).rejects.toMatchObject({
      code,
      message: expect.stringContaining(message),
      hint: expect.stringMatching(/.{10,}/),
    });
  });

  test('a job without permission for ID tokens is no guest', async () => {
    await expect(planFrom({ with: inPool })).rejects.toMatchObject({
      code: 'ID_TOKEN_UNAVAILABLE',
      hint: expect.stringMatching(/id-token: write[\s\S]*"cognito-logins: \{\}"/),
    });
    const { plan } = await planFrom({
      with: { ...inPool, source: 'cognito, environment' },
      env: { AWS_ACCESS_KEY_ID: 'A', AWS_SECRET_ACCESS_KEY: 's' },
    });
    expect(plan.trunk.source.kind).toBe('environment');
  });
});

/** What a source without a token gives. */
function credentialsOf(source: Awaited<ReturnType<typeof retrieve>>): Retrieved {
  if ('credentials' in source) return source;
  throw new Error('a token instead of credentials');
}

describe('retrieving', () => {
  const jwt = (iss: string) => `e30.${Buffer.from(JSON.stringify({ iss })).toString('base64url')}.c2ln`;
  const retrieved = async (
    inputs: Texts,
    options: { readonly idTokens?: readonly string[]; readonly expired?: readonly string[] } = {},
  ) => {
    const { plan } = await planFrom({ with: inputs, env: idToken });
    const host = memoryHost(memoryJob(), { idTokens: options.idTokens ?? ['t1', 't2'] });
    const aws = memoryAws({ expired: options.expired ?? [] });
    const source = await retrieve(plan.trunk.source, { aws, host });
    const [first] = plan.trunk.hops;
    const { credentials, identity } =
      'mintToken' in source && first !== undefined
        ? await assumeWithToken({ hop: first, roleArn: first.role, region: plan.trunk.region }, source.mintToken, aws)
        : credentialsOf(source);
    return { credentials, identity, calls: aws.calls, audiences: host.audiences };
  };

  test('enhanced: the identity, then its credentials, with the same token; STS says whose they are', async () => {
    const { credentials, identity: who, calls, audiences } = await retrieved(inPool);
    const logins = { 'token.actions.githubusercontent.com': 't1' };
    expect(calls).toEqual([
      { call: 'GetId', pool: { region: 'us-west-2', pool, accountId: undefined, logins } },
      {
        call: 'GetCredentialsForIdentity',
        identity: { region: 'us-west-2', identity: `identity of ${pool}`, logins },
        roleArn: undefined,
      },
    ]);
    expect(credentials).toEqual(keysOf(`cognito:identity of ${pool}`));
    expect(who).toBeUndefined();
    expect(audiences).toEqual(['cognito-identity.amazonaws.com']);
  });

  test.each([
    ['https://token.actions.githubusercontent.com', 'token.actions.githubusercontent.com'],
    [
      'https://token.actions.githubusercontent.com/octo-enterprise',
      'token.actions.githubusercontent.com/octo-enterprise',
    ],
    ['https://ghe.example.com/_services/token', 'ghe.example.com/_services/token'],
  ])('the token of %s goes by the name %s', async (issuer, name) => {
    const { calls } = await retrieved(inPool, { idTokens: [jwt(issuer)] });
    expect(calls[0]).toMatchObject({ pool: { logins: { [name]: jwt(issuer) } } });
  });

  test('one identity is not asked for', async () => {
    const { calls, audiences } = await retrieved({
      'cognito-identity-id': identity,
      ...google,
      'cognito-role-arn': arns.deploy,
    });
    expect(calls).toEqual([
      {
        call: 'GetCredentialsForIdentity',
        identity: { region: 'us-west-2', identity, logins: { 'accounts.google.com': 'google-token' } },
        roleArn: arns.deploy,
      },
    ]);
    expect(audiences).toEqual([]);
  });

  const basic = { ...inPool, 'cognito-flow': 'basic', 'role-to-assume': arns.deploy };
  const tokenOf = (count: number) => `token ${count} of identity of ${pool}`;

  test('basic: the role is assumed with the token of Cognito, in the region of the job', async () => {
    const { calls, credentials } = await retrieved(basic);
    expect(calls.map(({ call }) => call)).toEqual(['GetId', 'GetOpenIdToken', 'AssumeRoleWithWebIdentity']);
    expect(calls[2]).toMatchObject({ token: tokenOf(1), assumption: { roleArn: arns.deploy, region: 'us-east-1' } });
    expect(credentials).toEqual(keysOf(arns.deploy));
  });

  test('basic: a token that has run out is asked for once more', async () => {
    const { calls } = await retrieved(basic, { expired: [tokenOf(1)] });
    expect(calls.at(-1)).toMatchObject({ call: 'AssumeRoleWithWebIdentity', token: tokenOf(2) });
  });
});
