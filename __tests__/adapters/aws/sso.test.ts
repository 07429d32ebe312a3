import { describe, expect, test } from '@jest/globals';
import { causesOf } from '../../../src/contract/errors.ts';
import type { Network } from '../../../src/contract/ports.ts';
import { connect, type Interceptor, isDone, nock, openConnections, type Scope } from '../../support/nock.ts';

const oidc = 'https://oidc.eu-west-1.amazonaws.com';
const portal = 'https://portal.sso.eu-west-1.amazonaws.com';
const request = { region: 'eu-west-1', clientId: 'client', clientSecret: 'client-secret', refreshToken: 'old-refresh' };
const asked = { region: 'eu-west-1', accessToken: 'access-token' };

const wire = (attempts = 1, settings: Partial<Network> = {}) => {
  const masks: string[] = [];
  const network: Network = { attempts, endpoints: {}, ...settings };
  const connections = async () => openConnections(network);
  return { aws: connect({ network, connections, log: () => {}, mask: (secret) => void masks.push(secret) }), masks };
};

describe('CreateToken', () => {
  test('sends the grant, unsigned, and masks what comes back', async () => {
    const answer = { accessToken: 'new-token', expiresIn: 28_800, refreshToken: 'new-refresh', tokenType: 'Bearer' };
    nock(oidc, { badheaders: ['authorization'] })
      .post('/token', {
        clientId: 'client',
        clientSecret: 'client-secret',
        grantType: 'refresh_token',
        refreshToken: 'old-refresh',
      })
      .reply(200, answer);
    const { aws, masks } = wire();
    const { tokenType: _, ...refreshed } = answer;
    expect(await aws.createToken(request)).toEqual(refreshed);
    expect(masks).toEqual(['new-token', 'new-refresh']);
  });

  test('has an endpoint of its own', async () => {
    nock('http://oidc.internal').post('/base/token').reply(200, { accessToken: 'new-token', expiresIn: 60 });
    const { aws } = wire(1, { endpoints: { 'sso-oidc': 'http://oidc.internal/base', sso: 'http://elsewhere' } });
    expect(await aws.createToken(request)).toEqual({ accessToken: 'new-token', expiresIn: 60 });
  });

  test.each([
    [400, 'InvalidGrantException', 'invalid_grant', 'was refused: InvalidGrantException: because'],
    [400, 'ExpiredTokenException', 'expired_token', 'was refused: ExpiredTokenException: because'],
    [401, 'InvalidClientException', 'invalid_client', 'was refused: InvalidClientException: because'],
    [400, 'UnauthorizedClientException', 'unauthorized_client', 'was refused: UnauthorizedClientException: because'],
    [400, 'InvalidRequestException', 'invalid_request', 'was refused: InvalidRequestException: because'],
    [400, 'SlowDownException', 'slow_down', 'got no answer: SlowDownException: because'],
    [500, 'InternalServerException', 'server_error', 'got no answer: InternalServerException: because'],
  ])('%i %s: the words of OAuth', async (status, type, error, words) => {
    const body = { error, error_description: 'because' };
    nock(oidc).post('/token').reply(status, body, { 'x-amzn-errortype': type });
    await expect(wire().aws.createToken(request)).rejects.toMatchObject({
      message: `Refreshing the SSO token (CreateToken) ${words}`,
      hint: expect.stringMatching(/\w/),
    });
  });

  test.each<[string, string | object, string]>([
    ['no token', { expiresIn: 60 }, 'application/json'],
    ['no time', { accessToken: 'new-token' }, 'application/json'],
    ['a time that is no number', { accessToken: 'new-token', expiresIn: 'soon' }, 'application/json'],
    ['a time without end', { accessToken: 'new-token', expiresIn: 1e300 }, 'application/json'],
    ['a time that is past', { accessToken: 'new-token', expiresIn: -1 }, 'application/json'],
    ['a token with a line break', { accessToken: 'new\n::error::token', expiresIn: 60 }, 'application/json'],
    ['a web page', '<html>sign in</html>', 'text/html'],
    ['nothing', '', 'application/json'],
    ['half an answer', '{"accessToken":"new-tok', 'application/json'],
    ['two answers', '{"accessToken":"new-token"}{"accessToken":"new-token"}', 'application/json'],
  ])('%s: PROTOCOL_ERROR, after one request, unquoted', async (_name, body, type) => {
    const scope = nock(oidc).post('/token').reply(200, body, { 'content-type': type });
    const refusal = await wire(3)
      .aws.createToken(request)
      .catch((error: unknown) => error);
    expect(refusal).toMatchObject({ code: 'PROTOCOL_ERROR' });
    expect(causesOf(refusal).join('\n')).not.toMatch(/new|oken"|sign in|secret/);
    expect(scope.isDone()).toBe(true);
  });

  test.each([
    ['a 503', (post: Interceptor) => post.reply(503, 'busy')],
    [
      'a reset',
      (post: Interceptor) => post.replyWithError(Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' })),
    ],
    [
      'being slowed down',
      (post: Interceptor) => post.reply(400, { error: 'slow_down' }, { 'x-amzn-errortype': 'SlowDownException' }),
    ],
  ])('%s passes', async (_name, trouble) => {
    trouble(nock(oidc).post('/token'));
    trouble(nock(oidc).post('/token'));
    nock(oidc).post('/token').reply(200, { accessToken: 'new-token', expiresIn: 60 });
    expect((await wire(12).aws.createToken(request)).accessToken).toBe('new-token');
    expect(isDone()).toBe(true);
  });
});

describe('GetRoleCredentials in trouble', () => {
  const good = {
    accessKeyId: 'ASIANEW',
    secretAccessKey: 's3cret',
    sessionToken: 't0ken',
    expiration: 4_102_444_800_000,
  };
  const answers = (status: number, body: string | object) => (get: Interceptor) => get.reply(status, body);
  const keys = (changed: object) => answers(200, { roleCredentials: { ...good, ...changed } });
  const hang = Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
  const cases: readonly (readonly [string, (get: Interceptor) => Scope, string, RegExp])[] = [
    ['a 503', answers(503, 'busy'), 'SERVICE_UNAVAILABLE', /got no answer/],
    ['a reset', (get) => get.replyWithError(hang), 'SERVICE_UNAVAILABLE', /hang up/],
    ['half an answer', answers(200, '{"roleCredentials":{"accessKeyId":"ASIA'), 'PROTOCOL_ERROR', /cannot be parsed/],
    ['a web page', answers(200, '<html>s3cret</html>'), 'PROTOCOL_ERROR', /not of AWS|lacks a field/],
    ['another form', answers(200, [good]), 'PROTOCOL_ERROR', /lacks a field/],
    ['a field less', keys({ sessionToken: undefined }), 'PROTOCOL_ERROR', /lacks a field/],
    ['a number as key', keys({ accessKeyId: 5 }), 'PROTOCOL_ERROR', /a key that is none/],
    ['an object as key', keys({ secretAccessKey: { is: 's3cret' } }), 'PROTOCOL_ERROR', /a key that is none/],
    ['a key of two lines', keys({ secretAccessKey: 's3cret\n::error::x' }), 'PROTOCOL_ERROR', /a key that is none/],
    ['a date as words', keys({ expiration: 'tomorrow' }), 'PROTOCOL_ERROR', /no date/],
    ['a date out of range', keys({ expiration: 1e300 }), 'PROTOCOL_ERROR', /no date/],
    ['more than 1 MiB', keys({ sessionToken: 'x'.repeat(1_048_576) }), 'PROTOCOL_ERROR', /larger than 1 MiB/],
  ];
  test.each(cases)('%s', async (_name, answer, code, message) => {
    answer(nock(portal).get(/^\/federation\//));
    const { aws, masks } = wire();
    const refusal = await aws
      .getRoleCredentials({ ...asked, accountId: '111111111111', roleName: 'ReadOnly' })
      .catch((error: unknown) => error);
    expect(refusal).toMatchObject({ code, message: expect.stringMatching(message), hint: expect.stringMatching(/\w/) });
    expect(causesOf(refusal).join('\n')).not.toMatch(/s3cret|t0ken/);
    expect(masks).toEqual([]);
  });
});

test('an answer with credentials that cannot be parsed is not quoted either', async () => {
  const body = '{"roleCredentials":{"secretAccessKey":s3cret,"sessionToken":"t0ken"}}';
  nock(portal)
    .get(/^\/federation\//)
    .reply(200, body);
  const refusal = await wire()
    .aws.getRoleCredentials({ ...asked, accountId: '111111111111', roleName: 'ReadOnly' })
    .catch((error: unknown) => error);
  expect(refusal).toMatchObject({ code: 'PROTOCOL_ERROR' });
  expect(causesOf(refusal).join('\n')).not.toMatch(/3cre|0ken/);
});

test.each([
  ['https://portal.internal:8443', '/federation/credentials'],
  ['https://portal.internal:8443/sso', '/sso/federation/credentials'],
])('at %s: names of roles with all the characters that IAM lets them have', async (sso, path) => {
  const roleCredentials = { accessKeyId: 'ASIA', secretAccessKey: 's', sessionToken: 't', expiration: 1767229200000 };
  nock('https://portal.internal:8443')
    .get(path)
    .query({ account_id: '111111111111', role_name: 'A+b=c,d.e@f-g_h' })
    .reply(200, { roleCredentials });
  const { aws } = wire(1, { endpoints: { sso } });
  const session = await aws.getRoleCredentials({ ...asked, accountId: '111111111111', roleName: 'A+b=c,d.e@f-g_h' });
  expect(session.accessKeyId).toBe('ASIA');
});

test.each([
  '',
  'null',
  '[]',
  '"text"',
  '{"roleCredentials":5}',
  '{"roleCredentials":null}',
  '{"roleCredentials":{"accessKeyId":"A","secretAccessKey":"s","sessionToken":"t","expiration":true}}',
  '<html>',
  '\ufeff{}',
])('an answer of %j is none, and is asked for once', async (body) => {
  const scope = nock(portal).get('/federation/credentials').query(true).reply(200, body);
  const refusal = wire(3).aws.getRoleCredentials({ ...asked, accountId: '111111111111', roleName: 'ReadOnly' });
  await expect(refusal).rejects.toMatchObject({ code: 'PROTOCOL_ERROR' });
  expect(scope.isDone()).toBe(true);
});

describe('the lists of the portal', () => {
  const lists = () => nock(portal, { reqheaders: { 'x-amz-sso_bearer_token': 'access-token' } });

  test('accounts, page by page', async () => {
    lists()
      .get('/assignment/accounts')
      .query({ max_result: '100' })
      .reply(200, {
        accountList: [{ accountId: '111111111111', accountName: 'Tools' }, { accountId: '222222222222' }, {}],
        nextToken: 'next',
      });
    lists()
      .get('/assignment/accounts')
      .query({ max_result: '100', next_token: 'next' })
      .reply(200, { accountList: [] });
    const { aws } = wire();
    expect(await aws.listAccounts(asked)).toEqual({
      items: [
        { id: '111111111111', name: 'Tools' },
        { id: '222222222222', name: '' },
      ],
      nextToken: 'next',
    });
    expect(await aws.listAccounts({ ...asked, nextToken: 'next' })).toEqual({ items: [] });
  });

  test('roles', async () => {
    lists()
      .get('/assignment/roles')
      .query({ max_result: '100', account_id: '111111111111' })
      .reply(200, { roleList: [{ roleName: 'ReadOnly', accountId: '111111111111' }, {}], nextToken: '' });
    expect(await wire().aws.listAccountRoles({ ...asked, accountId: '111111111111' })).toEqual({ items: ['ReadOnly'] });
  });

  test('what is null is not there', async () => {
    lists()
      .get('/assignment/accounts')
      .query(true)
      .reply(200, { accountList: [null, { accountId: '111111111111', accountName: null }], nextToken: null })
      .get('/assignment/roles')
      .query(true)
      .reply(200, { roleList: null });
    const { aws } = wire();
    expect(await aws.listAccounts(asked)).toEqual({ items: [{ id: '111111111111', name: '' }] });
    expect(await aws.listAccountRoles({ ...asked, accountId: '111111111111' })).toEqual({ items: [] });
  });

  test.each([
    [401, 'UnauthorizedException', 'TOKEN_EXPIRED'],
    [403, 'ForbiddenException', 'ACCESS_DENIED'],
    [429, 'TooManyRequestsException', 'SERVICE_UNAVAILABLE'],
  ])('%i %s', async (status, type, code) => {
    nock(portal)
      .get(/^\/assignment\//)
      .twice()
      .reply(status, { message: 'no' }, { 'x-amzn-errortype': type });
    const { aws } = wire();
    await expect(aws.listAccounts(asked)).rejects.toMatchObject({ code, hint: expect.stringMatching(/\w/) });
    await expect(aws.listAccountRoles({ ...asked, accountId: '111111111111' })).rejects.toMatchObject({ code });
  });
});
