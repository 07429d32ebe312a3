import { afterAll, afterEach, beforeEach, expect, test } from '@jest/globals';
import nock from 'nock';

// Loaded after nock has taken its place in node:https, whose functions Jest's modules copy when they are linked.
const { requestIdToken } = await import('../../src/adapters/id-token.ts');

const issuer = 'https://token.example';

// Node's http outlives this file in a worker of Jest, and so would a nock that still holds it.
afterAll(() => nock.restore());
beforeEach(() => {
  nock.disableNetConnect();
  process.env.ACTIONS_ID_TOKEN_REQUEST_URL = `${issuer}/request?api-version=2.0`;
  process.env.ACTIONS_ID_TOKEN_REQUEST_TOKEN = 'request-token';
});
afterEach(() => nock.cleanAll());

const request = () => nock(issuer).get('/request').query({ 'api-version': '2.0', audience: 'sts.amazonaws.com' });

test('asks with the request token for the audience', async () => {
  request().matchHeader('authorization', 'Bearer request-token').reply(200, { value: 'e30.e30.c2ln' });
  expect(await requestIdToken('sts.amazonaws.com')).toBe('e30.e30.c2ln');
});

test.each([
  [401, 'ID_TOKEN_UNAVAILABLE', 'id-token: write'],
  [403, 'ID_TOKEN_UNAVAILABLE', 'id-token: write'],
  [500, 'SERVICE_UNAVAILABLE', 'again'],
])('HTTP %i: %s', async (status, code, hint) => {
  request().reply(status, {});
  await expect(requestIdToken('sts.amazonaws.com')).rejects.toMatchObject({
    code,
    message: expect.stringContaining(`HTTP ${status}`),
    hint: expect.stringContaining(hint),
  });
});

test('a 503 passes when tried again', async () => {
  request().reply(503);
  request().reply(200, { value: 'e30.e30.c2ln' });
  expect(await requestIdToken('sts.amazonaws.com')).toBe('e30.e30.c2ln');
});

test.each([
  ['no value', {}],
  ['no JSON', 'nope'],
])('%s: SERVICE_UNAVAILABLE', async (_name, body) => {
  request().reply(200, body);
  await expect(requestIdToken('sts.amazonaws.com')).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
});
