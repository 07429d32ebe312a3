import { describe, expect, test } from '@jest/globals';
import { isDone, nock, openConnections, requestIdToken } from '../../support/nock.ts';

const host = 'https://token.example';

const request = () => nock(host).get('/request').query({ 'api-version': '2.0', audience: 'sts.amazonaws.com' });
const ask = (attempts = 12, url = `${host}/request?api-version=2.0`) => {
  const masks: string[] = [];
  const lines: string[] = [];
  const issuer = {
    url,
    requestToken: 'request-token',
    attempts,
    connections: async () => openConnections({ attempts, endpoints: { sts: undefined, sso: undefined } }),
    mask: (secret: string) => void masks.push(secret),
    log: (line: string) => void lines.push(line),
  };
  return { token: requestIdToken('sts.amazonaws.com', issuer), masks, lines };
};
const systemError = (code: string) => Object.assign(new Error('it broke'), { code });

test('asks with the request token for the audience, and masks what it gets', async () => {
  request().matchHeader('authorization', 'Bearer request-token').reply(200, { value: 'e30.e30.c2ln' });
  const { token, masks, lines } = ask();
  expect(await token).toBe('e30.e30.c2ln');
  expect(masks).toEqual(['e30.e30.c2ln']);
  expect(lines).toEqual([]);
});

test('an address without a query gets one', async () => {
  nock(host).get('/bare').query({ audience: 'sts.amazonaws.com' }).reply(200, { value: 'e30.e30.c2ln' });
  expect(await ask(1, `${host}/bare`).token).toBe('e30.e30.c2ln');
});

test('an address that is none', async () => {
  await expect(ask(1, 'nonsense?').token).rejects.toMatchObject({ code: 'ID_TOKEN_UNAVAILABLE' });
});

describe('refusals, tried once', () => {
  test.each([
    [400, 'ID_TOKEN_UNAVAILABLE', 'id-token: write'],
    [401, 'ID_TOKEN_UNAVAILABLE', 'id-token: write'],
    [403, 'ID_TOKEN_UNAVAILABLE', 'id-token: write'],
  ])('HTTP %i: %s', async (status, code, hint) => {
    request().reply(status, {});
    const { token, lines } = ask();
    await expect(token).rejects.toMatchObject({
      code,
      message: expect.stringContaining(`HTTP ${status}`),
      hint: expect.stringContaining(hint),
    });
    expect(lines).toEqual([]);
  });

  test.each([
    ['no value', 200, {}],
    ['a value that is no text', 200, { value: 7 }],
    ['no JSON', 200, 'nope'],
    ['another place', 302, ''],
  ])('%s: SERVICE_UNAVAILABLE', async (_name, status, body) => {
    request().reply(status, body);
    await expect(ask().token).rejects.toMatchObject({
      code: 'SERVICE_UNAVAILABLE',
      message: expect.stringContaining('no usable answer'),
    });
  });

  test('a certificate that nobody vouches for', async () => {
    request().replyWithError(systemError('SELF_SIGNED_CERT_IN_CHAIN'));
    await expect(ask().token).rejects.toMatchObject({
      code: 'SERVICE_UNAVAILABLE',
      hint: expect.stringContaining('AWS_CA_BUNDLE'),
    });
  });
});

describe('trouble', () => {
  const troubles: readonly (readonly [name: string, meet: () => void])[] = [
    ...[429, 500, 502, 503, 504].map((status) => [`HTTP ${status}`, () => request().reply(status)] as const),
    ['ECONNRESET', () => request().replyWithError(systemError('ECONNRESET'))],
    ['ECONNREFUSED', () => request().replyWithError(systemError('ECONNREFUSED'))],
  ];

  test.each(troubles)('%s passes when tried again, and the log says so', async (name, meet) => {
    meet();
    request().reply(200, { value: 'e30.e30.c2ln' });
    const { token, lines } = ask();
    expect(await token).toBe('e30.e30.c2ln');
    expect(lines).toEqual([
      expect.stringMatching(
        new RegExp(`^GitHub's ID token endpoint failed \\(${name}\\); try 2 follows in \\d\\.\\d s$`),
      ),
    ]);
  });

  test.each(troubles)('%s is met once where one attempt is allowed', async (name, meet) => {
    meet();
    const { token, lines } = ask(1);
    await expect(token).rejects.toMatchObject({
      code: 'SERVICE_UNAVAILABLE',
      message: expect.stringContaining(name),
      hint: expect.stringContaining('again'),
    });
    expect(lines).toEqual([]);
  });

  test('is given up after the attempts that there are', async () => {
    request().times(3).reply(503);
    await expect(ask(3).token).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
    expect(isDone()).toBe(true);
  });
});
