import {
  CognitoIdentityClient,
  GetCredentialsForIdentityCommand,
  GetIdCommand,
  GetOpenIdTokenCommand,
} from '@aws-sdk/client-cognito-identity';
import { AssumeRoleWithWebIdentityCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Emulator } from '../../emulator/contract.ts';
import { startEmulator } from '../../emulator/emulator.ts';

const provider = 'token.actions.githubusercontent.com';
const audience = 'cognito-identity.amazonaws.com';
const pools = {
  jobs: 'us-east-1:11111111-aaaa-4aaa-8aaa-111111111111',
  guests: 'eu-west-1:22222222-bbbb-4bbb-8bbb-222222222222',
} as const;
const role = 'arn:aws:iam::111111111111:role/pool-member';
let emulator: Emulator;
let cognito: CognitoIdentityClient;
let sts: STSClient;
beforeAll(async () => {
  emulator = await startEmulator();
  cognito = new CognitoIdentityClient({
    region: 'us-east-1',
    endpoint: `${emulator.url}/cognito-identity`,
    maxAttempts: 1,
  });
  sts = new STSClient({ region: 'us-east-1', endpoint: `${emulator.url}/sts`, maxAttempts: 1 });
});
afterAll(() => emulator.close());

const loginsOf = async (claims?: Parameters<Emulator['idToken']>[0]) => ({
  [provider]: await emulator.idToken({ audience, ...claims }),
});
const idOf = async (pool: string, logins?: Readonly<Record<string, string>>) =>
  (await cognito.send(new GetIdCommand({ IdentityPoolId: pool, ...(logins && { Logins: { ...logins } }) }))).IdentityId;

test('hands out credentials that STS knows', async () => {
  const Logins = await loginsOf();
  const IdentityId = await idOf(pools.jobs, Logins);
  const { Credentials } = await cognito.send(new GetCredentialsForIdentityCommand({ IdentityId, Logins }));
  const {
    AccessKeyId: accessKeyId = '',
    SecretKey: secretAccessKey = '',
    SessionToken: sessionToken = '',
  } = Credentials ?? {};
  const client = new STSClient({
    region: 'us-east-1',
    endpoint: `${emulator.url}/sts`,
    credentials: { accessKeyId, secretAccessKey, sessionToken },
  });
  const { Arn } = await client.send(new GetCallerIdentityCommand({}));
  expect(Arn).toBe('arn:aws:sts::111111111111:assumed-role/pool-member/CognitoIdentityCredentials');
  expect((Number(Credentials?.Expiration) - Date.now()) / 1000).toBeGreaterThan(3500);
});

test('knows a job again, and no guest', async () => {
  const logins = [await loginsOf(), await loginsOf()];
  const [first, second] = await Promise.all(logins.map((each) => idOf(pools.jobs, each)));
  expect(first).toBe(second);
  expect(await idOf(pools.jobs, await loginsOf({ claims: { sub: 'repo:other/one' } }))).not.toBe(first);
  expect(await idOf(pools.guests)).not.toBe(await idOf(pools.guests));
});

test('signs tokens that STS takes for roles that trust it', async () => {
  const Logins = await loginsOf();
  const IdentityId = await idOf(pools.jobs, Logins);
  const { Token } = await cognito.send(new GetOpenIdTokenCommand({ IdentityId, Logins }));
  const assume = (RoleArn: string, WebIdentityToken = Token) =>
    sts.send(new AssumeRoleWithWebIdentityCommand({ RoleArn, WebIdentityToken, RoleSessionName: 'basic' }));
  expect((await assume(role)).AssumedRoleUser?.Arn).toBe('arn:aws:sts::111111111111:assumed-role/pool-member/basic');
  await expect(assume('arn:aws:iam::111111111111:role/pool-guest')).rejects.toMatchObject({ name: 'AccessDenied' });
  await expect(assume('arn:aws:iam::111111111111:role/deploy')).rejects.toMatchObject({ name: 'AccessDenied' });
  const forged = await emulator.idToken({ claims: { iss: 'https://cognito-identity.amazonaws.com', aud: pools.jobs } });
  await expect(assume(role, forged)).rejects.toMatchObject({ name: 'InvalidIdentityTokenException' });
  expect(emulator.secrets()).toContain(Token);
});

test('its tokens live ten minutes', async () => {
  const clock = { now: Date.now() };
  const later = await startEmulator({ now: () => clock.now });
  const client = new CognitoIdentityClient({ region: 'us-east-1', endpoint: `${later.url}/cognito-identity` });
  const Logins = { [provider]: await later.idToken({ audience }) };
  const { IdentityId } = await client.send(new GetIdCommand({ IdentityPoolId: pools.jobs, Logins }));
  const { Token } = await client.send(new GetOpenIdTokenCommand({ IdentityId, Logins }));
  clock.now += 601_000;
  const command = { RoleArn: role, WebIdentityToken: Token, RoleSessionName: 'late' };
  const late = new STSClient({ region: 'us-east-1', endpoint: `${later.url}/sts` });
  await expect(late.send(new AssumeRoleWithWebIdentityCommand(command))).rejects.toMatchObject({
    name: 'ExpiredTokenException',
  });
  await later.close();
});

describe('refusals', () => {
  const wrong = (claims: Parameters<Emulator['idToken']>[0]) => async () => idOf(pools.jobs, await loginsOf(claims));
  test.each<[what: string, ask: () => Promise<unknown>, name: string, message: RegExp]>([
    [
      'no such pool',
      () => idOf('us-east-1:none'),
      'ResourceNotFoundException',
      /IdentityPool 'us-east-1:none' not found/,
    ],
    ['a guest where none is taken', () => idOf(pools.jobs), 'NotAuthorizedException', /^Unauthenticated access/],
    [
      'another provider',
      async () => idOf(pools.jobs, { 'accounts.google.com': 'x' }),
      'NotAuthorizedException',
      /not from a supported provider/,
    ],
    ['no token', async () => idOf(pools.jobs, { [provider]: 'x' }), 'NotAuthorizedException', /Not a valid OpenId/],
    ['another issuer', wrong({ claims: { iss: 'https://else' } }), 'NotAuthorizedException', /Issuer doesn't match/],
    ['an old token', wrong({ expiresInSeconds: -60 }), 'NotAuthorizedException', /Token expired: \d+ >= \d+/],
    ['another audience', wrong({ audience: 'else' }), 'NotAuthorizedException', /Incorrect token audience/],
    ['a forged token', wrong({ signedByStranger: true }), 'NotAuthorizedException', /Couldn't verify/],
    [
      'no such identity',
      async () =>
        cognito.send(new GetCredentialsForIdentityCommand({ IdentityId: 'us-east-1:none', Logins: await loginsOf() })),
      'ResourceNotFoundException',
      /Identity 'us-east-1:none' not found/,
    ],
    [
      "somebody else's identity",
      async () => {
        const IdentityId = await idOf(pools.jobs, await loginsOf({ claims: { sub: 'else' } }));
        return cognito.send(new GetCredentialsForIdentityCommand({ IdentityId, Logins: await loginsOf() }));
      },
      'NotAuthorizedException',
      /is forbidden/,
    ],
    [
      'a role that the pool does not offer',
      async () => {
        const Logins = await loginsOf();
        const IdentityId = await idOf(pools.jobs, Logins);
        return cognito.send(new GetCredentialsForIdentityCommand({ IdentityId, Logins, CustomRoleArn: role }));
      },
      'NotAuthorizedException',
      /custom role/,
    ],
    [
      'a role that does not trust the pool',
      async () => {
        const Logins = await loginsOf();
        const IdentityId = await idOf(pools.guests, Logins);
        return cognito.send(new GetCredentialsForIdentityCommand({ IdentityId, Logins }));
      },
      'InvalidIdentityPoolConfigurationException',
      /Check assigned IAM roles/,
    ],
    [
      'the basic flow where it is off',
      async () => cognito.send(new GetOpenIdTokenCommand({ IdentityId: await idOf(pools.guests) })),
      'InvalidParameterException',
      /classic/,
    ],
  ])('%s', async (_what, ask, name, message) => {
    await expect(ask()).rejects.toMatchObject({ name, message: expect.stringMatching(message) });
    expect(emulator.requests().at(-1)).toMatchObject({ service: 'cognito-identity', status: 400, error: name });
    expect(JSON.stringify(emulator.requests())).not.toContain('eyJ');
  });

  test.each([
    ['Nothing', '{}', 'UnknownOperationException'],
    ['GetId', 'junk', 'SerializationException'],
  ])('%s %s', async (operation, body, error) => {
    const headers = { 'x-amz-target': `AWSCognitoIdentityService.${operation}` };
    const response = await fetch(`${emulator.url}/cognito-identity/`, { method: 'POST', headers, body });
    expect([response.status, await response.json()]).toMatchObject([400, { __type: error }]);
  });
});
