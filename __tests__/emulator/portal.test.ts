import {
  GetRoleCredentialsCommand,
  ListAccountRolesCommand,
  ListAccountsCommand,
  SSOClient,
} from '@aws-sdk/client-sso';
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Emulator } from '../../emulator/contract.ts';
import { startEmulator } from '../../emulator/emulator.ts';
import { readWorld } from '../../emulator/world/world.ts';

const { accessToken, expiredAccessToken } = readWorld().sso;
let emulator: Emulator;
let portal: SSOClient;
beforeAll(async () => {
  emulator = await startEmulator();
  portal = new SSOClient({ region: 'us-east-1', endpoint: `${emulator.url}/sso` });
});
afterAll(() => emulator.close());

test('hands out credentials that STS knows', async () => {
  const { roleCredentials } = await portal.send(
    new GetRoleCredentialsCommand({ accessToken, accountId: '111111111111', roleName: 'ReadOnly' }),
  );
  const { accessKeyId = '', secretAccessKey = '', sessionToken = '', expiration = 0 } = roleCredentials ?? {};
  expect((expiration - Date.now()) / 1000).toBeGreaterThan(3500);
  const sts = new STSClient({
    region: 'us-east-1',
    endpoint: `${emulator.url}/sts`,
    credentials: { accessKeyId, secretAccessKey, sessionToken },
  });
  const arn = 'arn:aws:sts::111111111111:assumed-role/AWSReservedSSO_ReadOnly_0123456789abcdef/octocat@example.com';
  expect((await sts.send(new GetCallerIdentityCommand({}))).Arn).toBe(arn);
  const assumed = await sts.send(
    new AssumeRoleCommand({ RoleArn: 'arn:aws:iam::111111111111:role/for-sso', RoleSessionName: 'octocat' }),
  );
  expect(assumed.AssumedRoleUser?.Arn).toBe('arn:aws:sts::111111111111:assumed-role/for-sso/octocat');
});

test('lists accounts, page by page', async () => {
  const first = await portal.send(new ListAccountsCommand({ accessToken, maxResults: 2 }));
  expect(first.accountList).toEqual([
    { accountId: '111111111111', accountName: 'Tools', emailAddress: 'tools@example.com' },
    { accountId: '222222222222', accountName: 'Staging', emailAddress: 'staging@example.com' },
  ]);
  const second = await portal.send(new ListAccountsCommand({ accessToken, maxResults: 2, nextToken: first.nextToken }));
  expect(second.accountList?.map(({ accountId }) => accountId)).toEqual(['333333333333']);
  expect(second.nextToken).toBeUndefined();
});

test('lists an account’s roles', async () => {
  const { roleList, nextToken } = await portal.send(
    new ListAccountRolesCommand({ accessToken, accountId: '111111111111' }),
  );
  expect(roleList).toEqual([
    { roleName: 'ReadOnly', accountId: '111111111111' },
    { roleName: 'Administrator', accountId: '111111111111' },
  ]);
  expect(nextToken).toBeUndefined();
});

describe('refusals', () => {
  const credentials = '/federation/credentials?role_name=ReadOnly&account_id=111111111111';
  const unauthorized = [401, 'UnauthorizedException', 'Session token not found or invalid'] as const;
  test.each<[what: string, path: string, token: string, answer: readonly [number, string, string]]>([
    ['a token that ran out', credentials, expiredAccessToken, unauthorized],
    ['an unknown token', '/assignment/accounts', 'unknown', unauthorized],
    ['no token', '/assignment/accounts', '', unauthorized],
    [
      'a role that is not assigned',
      credentials.replace('ReadOnly', 'Other'),
      accessToken,
      [403, 'ForbiddenException', 'No access'],
    ],
    [
      'an account that is not assigned',
      '/assignment/roles?account_id=444444444444',
      accessToken,
      [403, 'ForbiddenException', 'No access'],
    ],
    [
      'an account that is not there',
      '/assignment/roles?account_id=999999999999',
      accessToken,
      [404, 'ResourceNotFoundException', 'Account not found'],
    ],
    [
      'no account',
      '/federation/credentials?role_name=ReadOnly',
      accessToken,
      [400, 'InvalidRequestException', 'Missing required request parameter: account_id'],
    ],
    [
      'too large a page',
      '/assignment/accounts?max_result=101',
      accessToken,
      [400, 'InvalidRequestException', 'Invalid pagination parameters'],
    ],
    [
      'a page token of nowhere',
      '/assignment/accounts?next_token=x',
      accessToken,
      [400, 'InvalidRequestException', 'Invalid pagination parameters'],
    ],
    ['another path', '/elsewhere', accessToken, [404, 'ResourceNotFoundException', 'No such operation']],
  ])('%s', async (_what, path, token, [status, code, message]) => {
    const response = await fetch(`${emulator.url}/sso${path}`, { headers: { 'x-amz-sso_bearer_token': token } });
    expect(response.status).toBe(status);
    expect(response.headers.get('x-amzn-errortype')).toBe(code);
    expect(await response.json()).toMatchObject({ message });
    expect(emulator.requests().at(-1)).toMatchObject({ service: 'sso', status, error: code });
  });

  test('by the SDK', async () => {
    const command = new GetRoleCredentialsCommand({
      accessToken: 'x',
      accountId: '111111111111',
      roleName: 'ReadOnly',
    });
    await expect(portal.send(command)).rejects.toMatchObject({ name: 'UnauthorizedException' });
  });
});
