import { ListAccountsCommand, SSOClient } from '@aws-sdk/client-sso';
import { CreateTokenCommand, SSOOIDCClient } from '@aws-sdk/client-sso-oidc';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Emulator } from '../../emulator/contract.ts';
import { startEmulator } from '../../emulator/emulator.ts';
import { readWorld } from '../../emulator/world/world.ts';

const { client, accessToken } = readWorld().sso;
const grant = { clientId: client.id, clientSecret: client.secret, grantType: 'refresh_token' };
let now = Date.parse('2026-01-01T00:00:00Z');
let emulator: Emulator;
let oidc: SSOOIDCClient;
beforeAll(async () => {
  emulator = await startEmulator({ now: () => now });
  oidc = new SSOOIDCClient({ region: 'us-east-1', endpoint: emulator.environment.AWS_ENDPOINT_URL_SSO_OIDC ?? '' });
});
afterAll(() => emulator.close());

test('a refresh token is good once, and the new access token until it ends', async () => {
  const { refreshToken } = client;
  const issued = await oidc.send(new CreateTokenCommand({ ...grant, refreshToken }));
  expect(issued).toMatchObject({ expiresIn: 28_800, tokenType: 'Bearer' });
  const { accessToken: fresh = '', refreshToken: next = '' } = issued;
  expect(new Set([fresh, next, accessToken, refreshToken]).size).toBe(4);
  expect(emulator.secrets()).toEqual(expect.arrayContaining([fresh, next, refreshToken, client.secret]));
  const portal = new SSOClient({ region: 'us-east-1', endpoint: `${emulator.url}/sso` });
  const ask = () => portal.send(new ListAccountsCommand({ accessToken: fresh }));
  expect((await ask()).accountList).toHaveLength(3);
  now += 28_801_000;
  await expect(ask()).rejects.toMatchObject({ name: 'UnauthorizedException' });
  await expect(oidc.send(new CreateTokenCommand({ ...grant, refreshToken }))).rejects.toMatchObject({
    name: 'InvalidGrantException',
    error: 'invalid_grant',
    error_description: 'Invalid refresh token provided',
    $metadata: { httpStatusCode: 400 },
  });
  expect((await oidc.send(new CreateTokenCommand({ ...grant, refreshToken: next }))).accessToken).not.toBe(fresh);
  expect(emulator.requests().find(({ service }) => service === 'sso-oidc')).toMatchObject({
    operation: 'CreateToken',
    status: 200,
    parameters: { grantType: 'refresh_token' },
  });
});

describe('refusals', () => {
  test.each([
    ['another client', { ...grant, clientId: 'x', refreshToken: 'x' }, 'InvalidClientException'],
    ['another secret', { ...grant, clientSecret: 'x', refreshToken: 'x' }, 'InvalidClientException'],
    ['another token', { ...grant, refreshToken: 'x' }, 'InvalidGrantException'],
    ['no token', grant, 'InvalidRequestException'],
    ['another grant', { ...grant, grantType: 'authorization_code' }, 'UnsupportedGrantTypeException'],
  ])('%s', async (_what, input, name) => {
    await expect(oidc.send(new CreateTokenCommand(input))).rejects.toMatchObject({ name });
  });

  test.each([
    ['GET', undefined, 404],
    ['POST', 'not JSON', 400],
    ['POST', '[]', 400],
  ])('%s %s', async (method, body, status) => {
    const response = await fetch(`${emulator.url}/sso-oidc/token`, { method, ...(body === undefined ? {} : { body }) });
    expect(response.status).toBe(status);
  });
});
