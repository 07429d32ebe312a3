import { afterEach, describe, expect, test } from '@jest/globals';
import type { CognitoIdentity, CognitoPool, Network } from '../../../src/contract/ports.ts';
import { connect, isDone, nock, openConnections, type Scope } from '../../support/nock.ts';

const host = 'https://cognito-identity.eu-west-1.amazonaws.com';
const claims = {
  iss: 'https://token.actions.githubusercontent.com',
  aud: 'cognito-identity.amazonaws.com',
  sub: 'repo:o/r',
};
const token = `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.c2ln`;
const logins = { 'token.actions.githubusercontent.com': token };
const pool: CognitoPool = { region: 'eu-west-1', pool: 'eu-west-1:the-pool', logins };
const identity: CognitoIdentity = { region: 'eu-west-1', identity: 'eu-west-1:the-identity', logins };
const session = { AccessKeyId: 'ASIANEW', SecretKey: 'new-secret', SessionToken: 'new-token', Expiration: 1767229200 };

const wire = (attempts = 1, settings: Partial<Network> = {}) => {
  const masks: string[] = [];
  const lines: string[] = [];
  const network: Network = { attempts, endpoints: {}, ...settings };
  const aws = connect({
    network,
    connections: async () => openConnections(network),
    log: (line) => void lines.push(line),
    mask: (secret) => void masks.push(secret),
  });
  return { aws, masks, lines };
};

const bodies: unknown[] = [];
const answered = (operation: string, status: number, body: unknown, times = 1): Scope =>
  nock(host)
    .matchHeader('x-amz-target', `AWSCognitoIdentityService.${operation}`)
    .post('/', (sent) => bodies.push(sent) > 0)
    .times(times)
    .reply(status, typeof body === 'string' ? body : JSON.stringify(body), {
      'content-type': 'application/x-amz-json-1.1',
    });

afterEach(() => {
  bodies.length = 0;
});

describe('what is sent, and what comes back', () => {
  test('GetId, unsigned', async () => {
    nock(host, { badheaders: ['authorization', 'x-amz-security-token'] })
      .post('/', (sent) => bodies.push(sent) > 0)
      .reply(200, { IdentityId: 'eu-west-1:id' });
    expect(await wire().aws.getCognitoId({ ...pool, accountId: '111111111111' })).toBe('eu-west-1:id');
    expect(bodies).toEqual([{ IdentityPoolId: 'eu-west-1:the-pool', AccountId: '111111111111', Logins: logins }]);
  });

  test('a guest sends no logins at all', async () => {
    answered('GetId', 200, { IdentityId: 'eu-west-1:id' });
    await wire().aws.getCognitoId({ ...pool, logins: {} });
    expect(bodies).toEqual([{ IdentityPoolId: 'eu-west-1:the-pool' }]);
  });

  test('GetCredentialsForIdentity, masked', async () => {
    answered('GetCredentialsForIdentity', 200, { IdentityId: 'x', Credentials: session });
    const { aws, masks } = wire();
    expect(await aws.getCognitoCredentials(identity, 'arn:aws:iam::111111111111:role/custom')).toEqual({
      accessKeyId: 'ASIANEW',
      secretAccessKey: 'new-secret',
      sessionToken: 'new-token',
      expiration: new Date('2026-01-01T01:00:00Z'),
    });
    expect(masks).toEqual(['ASIANEW', 'new-secret', 'new-token']);
    expect(bodies).toEqual([
      { IdentityId: 'eu-west-1:the-identity', Logins: logins, CustomRoleArn: 'arn:aws:iam::111111111111:role/custom' },
    ]);
  });

  test('GetOpenIdToken, masked', async () => {
    answered('GetOpenIdToken', 200, { IdentityId: 'x', Token: 'a.b.c' });
    const { aws, masks } = wire();
    expect(await aws.getCognitoToken(identity)).toBe('a.b.c');
    expect(masks).toEqual(['a.b.c']);
    expect(bodies).toEqual([{ IdentityId: 'eu-west-1:the-identity', Logins: logins }]);
  });

  test.each<[settings: Partial<Network>, region: string, url: string]>([
    [
      { endpoints: { 'cognito-identity': 'http://cognito.internal:8080' } },
      'eu-west-1',
      'http://cognito.internal:8080',
    ],
    [{ endpoints: { sts: 'http://sts.internal' } }, 'eu-west-1', host],
    [{ variants: ['fips'] }, 'us-east-1', 'https://cognito-identity-fips.us-east-1.amazonaws.com'],
    [{}, 'cn-north-1', 'https://cognito-identity.cn-north-1.amazonaws.com.cn'],
  ])('%j in %s: %s', async (settings, region, url) => {
    nock(url).post('/').reply(200, { IdentityId: 'found' });
    expect(await wire(1, settings).aws.getCognitoId({ ...pool, region })).toBe('found');
  });
});

describe('what Cognito refuses, as the user reads it', () => {
  test.each<[name: string, status: number, message: string, code: string, hint: string]>([
    [
      'NotAuthorizedException',
      400,
      'Invalid login token. Token expired: 1 >= 0',
      'TOKEN_EXPIRED',
      'of token.actions.githubusercontent.com has ended',
    ],
    [
      'NotAuthorizedException',
      400,
      'Unauthenticated access is not supported for this identity pool.',
      'ACCESS_DENIED',
      '"cognito-logins"',
    ],
    [
      'NotAuthorizedException',
      400,
      "Invalid login token. Issuer doesn't match providerName",
      'ACCESS_DENIED',
      'the token is of https://token.actions.githubusercontent.com',
    ],
    [
      'NotAuthorizedException',
      400,
      'Invalid login token. Incorrect token audience.',
      'ACCESS_DENIED',
      'client id "cognito-identity.amazonaws.com"',
    ],
    ['NotAuthorizedException', 400, "Access to Identity 'x' is forbidden.", 'ACCESS_DENIED', '"cognito-identity-id"'],
    [
      'NotAuthorizedException',
      400,
      "Logins don't match. Please include at least one valid login for this identity or identity pool.",
      'ACCESS_DENIED',
      'takes token.actions.githubusercontent.com',
    ],
    ['ResourceNotFoundException', 400, "IdentityPool 'x' not found.", 'ACCESS_DENIED', '"cognito-identity-pool-id"'],
    ['ResourceConflictException', 400, 'The login is linked to another account', 'ACCESS_DENIED', 'one identity'],
    [
      'InvalidIdentityPoolConfigurationException',
      400,
      'Check assigned IAM roles for this pool.',
      'ROLE_INVALID',
      '"cognito-identity.amazonaws.com:amr":"authenticated"',
    ],
    [
      'InvalidParameterException',
      400,
      'Basic (classic) flow is not enabled, please use enhanced flow.',
      'INPUT_INVALID',
      'leave out "cognito-flow: basic"',
    ],
    [
      'InvalidParameterException',
      400,
      'Basic (classic) flow is not supported with RoleMappings, please use enhanced flow.',
      'INPUT_INVALID',
      'by rules',
    ],
    ['InvalidParameterException', 400, 'Please provide a valid public provider.', 'INPUT_INVALID', '"cognito-logins"'],
    ['TooManyRequestsException', 400, 'Rate exceeded', 'SERVICE_UNAVAILABLE', 'again'],
    ['LimitExceededException', 400, 'Too many identities', 'SERVICE_UNAVAILABLE', 'again'],
    ['ExternalServiceException', 400, 'Bad response from a provider', 'SERVICE_UNAVAILABLE', 'again'],
    ['InternalErrorException', 500, 'oops', 'SERVICE_UNAVAILABLE', 'again'],
    ['AccessDeniedException', 400, 'a policy of the endpoint', 'ACCESS_DENIED', 'network'],
    ['WhateverException', 400, 'new', 'ROLE_INVALID', 'message above'],
  ])('%s %i %s', async (name, status, message, code, hint) => {
    answered('GetCredentialsForIdentity', status, { __type: name, message });
    await expect(wire().aws.getCognitoCredentials(identity)).rejects.toMatchObject({
      code,
      message: expect.stringMatching(
        /^Asking Cognito for the credentials of the identity \(GetCredentialsForIdentity\) /,
      ),
      hint: expect.stringContaining(hint),
    });
    expect(bodies).toHaveLength(1);
  });

  test('a guest hears of guests', async () => {
    answered('GetCredentialsForIdentity', 400, { __type: 'InvalidIdentityPoolConfigurationException', message: 'x' });
    await expect(wire().aws.getCognitoCredentials({ ...identity, logins: {} })).rejects.toMatchObject({
      hint: expect.stringContaining('"cognito-identity.amazonaws.com:amr":"unauthenticated"'),
    });
  });

  test('a token that is quoted in it is left out, of what caused it too', async () => {
    const message = `Value '{provider=${token}}' at 'logins' failed to satisfy constraint`;
    answered('GetId', 400, { __type: 'ValidationException', message });
    const error: unknown = await wire()
      .aws.getCognitoId(pool)
      .catch((caught: unknown) => caught);
    expect(error).toMatchObject({ message: expect.stringContaining("Value '{provider=***}' at 'logins'") });
    expect(error).toHaveProperty('cause', undefined);
  });
});

describe('answers that are none', () => {
  const credentials = (lacking: string) =>
    JSON.stringify({ Credentials: Object.fromEntries(Object.entries(session).filter(([key]) => key !== lacking)) });
  test.each<[what: string, body: string]>([
    ['a web page', '<html><body>proxy</body></html>'],
    ['an empty body', ''],
    ['no credentials', '{}'],
    ['null', 'null'],
    ...Object.keys(session).map((key): [string, string] => [`no ${key}`, credentials(key)]),
    ['half an answer', '{"IdentityId":"x","Credentials":{"AccessKeyId":"ASIA'],
    ['another type', '{"Credentials":[1,2]}'],
    ['a number for a key', JSON.stringify({ Credentials: { ...session, SecretKey: 5 } })],
    ['a key of two lines', JSON.stringify({ Credentials: { ...session, SecretKey: 'new\nsecret' } })],
    ['a date out of range', JSON.stringify({ Credentials: { ...session, Expiration: 1e300 } })],
    ['more than 1 MiB', JSON.stringify({ Credentials: { ...session, SessionToken: 'x'.repeat(1_048_576) } })],
    ['text for a number', JSON.stringify({ Credentials: { ...session, Expiration: 'soon' } })],
  ])('%s: PROTOCOL_ERROR, after one request', async (_what, body) => {
    const scope = answered('GetCredentialsForIdentity', 200, body);
    await expect(wire(3).aws.getCognitoCredentials(identity)).rejects.toMatchObject({ code: 'PROTOCOL_ERROR' });
    expect(scope.isDone()).toBe(true);
  });

  test.each([
    ['GetId', () => wire().aws.getCognitoId(pool)],
    ['GetOpenIdToken', () => wire().aws.getCognitoToken(identity)],
  ])('%s without what was asked for', async (operation, ask) => {
    for (const body of [{}, { IdentityId: 5, Token: 5 }, { IdentityId: 'two\nlines', Token: 'two\nlines' }]) {
      answered(operation, 200, body);
      await expect(ask()).rejects.toMatchObject({ code: 'PROTOCOL_ERROR' });
    }
  });
});

describe('what is tried again', () => {
  const reset = () => Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
  test.each<[what: string, trouble: () => unknown]>([
    ['a 503', () => answered('GetId', 503, { __type: 'ServiceUnavailable', message: 'busy' })],
    ['throttling', () => answered('GetId', 400, { __type: 'TooManyRequestsException', message: 'slow' })],
    [
      'a provider of tokens that does not answer',
      () => answered('GetId', 400, { __type: 'ExternalServiceException', message: 'x' }),
    ],
    ['a reset', () => nock(host).post('/').replyWithError(reset())],
  ])('%s, until it passes', async (_what, trouble) => {
    trouble();
    trouble();
    answered('GetId', 200, { IdentityId: 'found' });
    const { aws, lines } = wire(12);
    expect(await aws.getCognitoId(pool)).toBe('found');
    expect(lines).toEqual(
      [2, 3].map((count) =>
        expect.stringMatching(
          new RegExp(`^Asking the Cognito identity pool eu-west-1:the-pool .*try ${count} follows`),
        ),
      ),
    );
    expect(isDone()).toBe(true);
  });

  test('a refusal is not', async () => {
    answered('GetId', 400, { __type: 'NotAuthorizedException', message: 'no' }, 12);
    await expect(wire(12).aws.getCognitoId(pool)).rejects.toMatchObject({ code: 'ACCESS_DENIED' });
    expect(bodies).toHaveLength(1);
  });
});
