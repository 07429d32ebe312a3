import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Emulator } from '../../emulator/contract.ts';
import { startEmulator } from '../../emulator/emulator.ts';
import { post, userKeys, webIdentityKeys } from './support/wire.ts';

let emulator: Emulator;
beforeAll(async () => {
  emulator = await startEmulator();
});
afterAll(() => emulator.close());

test('shows a job where it is', () => {
  const { url, environment } = emulator;
  expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  expect(environment).toEqual({
    ACTIONS_ID_TOKEN_REQUEST_URL: expect.stringMatching(/^http:.*\?/),
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: expect.stringMatching(/^.{20,}$/),
    AWS_ENDPOINT_URL_STS: `${url}/sts`,
    AWS_ENDPOINT_URL_SSO: `${url}/sso`,
    AWS_ENDPOINT_URL_SSO_OIDC: `${url}/sso-oidc`,
    AWS_ENDPOINT_URL_COGNITO_IDENTITY: `${url}/cognito-identity`,
  });
});

describe('the log', () => {
  test('says who asked what, and no secret', async () => {
    emulator.reset();
    await fetch(`${emulator.environment.ACTIONS_ID_TOKEN_REQUEST_URL}&audience=sts.amazonaws.com`, {
      headers: { authorization: `Bearer ${emulator.environment.ACTIONS_ID_TOKEN_REQUEST_TOKEN}`, 'user-agent': 'me/1' },
    });
    const keys = await webIdentityKeys(emulator);
    await post(emulator, { Action: 'GetCallerIdentity' }, keys);
    const TokenCode = '123456';
    const RoleArn = 'arn:aws:iam::111111111111:role/for-user-with-mfa';
    const SerialNumber = 'arn:aws:iam::111111111111:mfa/ci';
    await post(
      emulator,
      { Action: 'AssumeRole', RoleArn, RoleSessionName: 'with-mfa', SerialNumber, TokenCode },
      userKeys,
    );
    await fetch(`${emulator.url}/sso/federation/credentials?role_name=ReadOnly&account_id=111111111111`);

    expect(emulator.requests()).toMatchObject([
      {
        service: 'github',
        operation: 'IdToken',
        method: 'GET',
        path: '/github/token',
        status: 200,
        parameters: { audience: 'sts.amazonaws.com' },
        userAgent: 'me/1',
      },
      {
        service: 'sts',
        operation: 'AssumeRoleWithWebIdentity',
        method: 'POST',
        path: '/sts/',
        status: 200,
        parameters: { RoleArn: 'arn:aws:iam::111111111111:role/deploy', RoleSessionName: 'first' },
      },
      { operation: 'GetCallerIdentity', status: 200, parameters: {}, signedBy: keys.accessKeyId },
      { operation: 'AssumeRole', status: 200, parameters: { RoleArn, SerialNumber }, signedBy: userKeys.accessKeyId },
      {
        service: 'sso',
        operation: 'GetRoleCredentials',
        status: 401,
        error: 'UnauthorizedException',
        parameters: { role_name: 'ReadOnly', account_id: '111111111111' },
      },
    ]);
    const written = JSON.stringify(emulator.requests());
    for (const secret of [...emulator.secrets(), TokenCode]) expect(written).not.toContain(secret);
  });

  test('is forgotten on reset, and sessions are not', async () => {
    const keys = await webIdentityKeys(emulator);
    emulator.reset();
    expect(emulator.requests()).toEqual([]);
    expect((await post(emulator, { Action: 'GetCallerIdentity' }, keys)).status).toBe(200);
  });
});

test('knows every secret that it handed out', async () => {
  const keys = await webIdentityKeys(emulator);
  const token = await emulator.idToken();
  const known = emulator.secrets();
  const expected = [keys.secretAccessKey, keys.sessionToken, token, userKeys.secretAccessKey];
  expect(known).toEqual(expect.arrayContaining([...expected, emulator.environment.ACTIONS_ID_TOKEN_REQUEST_TOKEN]));
});

test('latency keeps every answer back', async () => {
  const own = await startEmulator({ latency: 3_600_000 });
  const answer = post(own, { Action: 'GetCallerIdentity' }, userKeys).catch(() => 'broken off');
  // The controls are not kept back, so by now the request above is waiting.
  await fetch(`${own.url}/emulator/requests`);
  expect(own.requests()).toEqual([]);
  await own.close();
  expect(await answer).toBe('broken off');
});

test.each<[what: string, world: Record<string, unknown>, message: string]>([
  ['a role by no ARN', { roles: { deploy: { trust: {} } } }, 'roles.deploy must be named by the ARN of a role.'],
  [
    'a role that trusts nobody knows how',
    { roles: { 'arn:aws:iam::111111111111:role/x': {} } },
    'roles.arn:aws:iam::111111111111:role/x.trust must be a mapping.',
  ],
  ['a user without a secret', { users: { u: { accessKeyId: 'AKIA' } } }, 'users.u.secretAccessKey must be text.'],
  ['providers in a list', { providers: [] }, 'providers must be a mapping.'],
])('a world with %s is refused, and the place named', async (_what, world, message) => {
  await expect(startEmulator({ world })).rejects.toThrow(message);
});

test('many run side by side, and know nothing of each other', async () => {
  const others = await Promise.all([startEmulator(), startEmulator()]);
  const keys = await webIdentityKeys(emulator);
  for (const other of others) {
    expect((await post(other, { Action: 'GetCallerIdentity' }, keys)).status).toBe(403);
    expect(other.requests()).toHaveLength(1);
    await other.close();
  }
});
