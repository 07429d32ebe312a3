import { describe, expect, test } from '@jest/globals';
import type { ContainerRequest, HttpProxy } from '../../../../src/contract/ports.ts';
import { connect, nock, openConnections } from '../../../support/nock.ts';

const host = 'http://169.254.170.2';
const path = '/v2/credentials/id-that-nobody-may-see';
const keys = { AccessKeyId: 'ASIANEW', SecretAccessKey: 'new-secret', Token: 'new-token' };
const whole = { ...keys, Expiration: '2100-01-01T00:00:00Z' };
const credentials = {
  accessKeyId: 'ASIANEW',
  secretAccessKey: 'new-secret',
  sessionToken: 'new-token',
  expiration: new Date('2100-01-01T00:00:00Z'),
};

const request = () => nock(host).get(path);
const ask = (attempts = 3, given: Partial<ContainerRequest> = {}, proxy?: HttpProxy) => {
  const masks: string[] = [];
  const lines: string[] = [];
  const network = { attempts, endpoints: { sts: undefined, sso: undefined }, ...(proxy && { proxy }) };
  const aws = connect({
    network,
    connections: async () => openConnections(network),
    log: (line) => void lines.push(line),
    mask: (secret) => void masks.push(secret),
  });
  const origin = 'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI';
  return { answer: aws.getContainerCredentials({ url: host + path, origin, ...given }), masks, lines };
};
const systemError = (code: string) => Object.assign(new Error('it broke'), { code });
/** What a refusal is, its causes included, with no trace of what nobody may see. */
const refusalOf = async (answer: Promise<unknown>): Promise<unknown> => {
  const error = await answer.then(
    () => undefined,
    (caught: unknown) => caught,
  );
  for (let at = error; at instanceof Error; at = at.cause) {
    expect(`${at.message} ${at.stack}`).not.toMatch(/may-see|new-secret|new-token|the-authorization/);
  }
  return error;
};

test('asks without a token where none is given, and masks what it gets', async () => {
  nock(host, { badheaders: ['authorization'] })
    .get(path)
    .reply(200, whole);
  const { answer, masks, lines } = ask();
  expect(await answer).toEqual({ credentials });
  expect(masks).toEqual(['ASIANEW', 'new-secret', 'new-token']);
  expect(lines).toEqual([]);
});

test('sends the token as it is', async () => {
  request().matchHeader('authorization', 'Basic static%20token').reply(200, whole);
  expect(await ask(1, { authorization: 'Basic static%20token' }).answer).toEqual({ credentials });
});

test('asks straight by http, and by the proxy only by https', async () => {
  const proxy = { url: 'http://127.0.0.1:9', origin: 'HTTPS_PROXY', bypass: '' };
  request().reply(200, whole);
  expect(await ask(1, {}, proxy).answer).toEqual({ credentials });
  await expect(ask(1, { url: 'https://credentials.example/' }, proxy).answer).rejects.toMatchObject({
    code: 'SERVICE_UNAVAILABLE',
    message: expect.stringContaining('HTTPS_PROXY'),
  });
});

describe('the answer', () => {
  const account = { account: '111111111111' };
  test.each<[string, object, object]>([
    ['of ECS names the role', { ...whole, RoleArn: 'arn:aws:iam::111111111111:role/path/task' }, account],
    ['of EKS names the account', { ...whole, AccountId: '111111111111' }, account],
  ])('%s', async (_name, body, identity) => {
    request().reply(200, body);
    expect(await ask().answer).toEqual({ credentials, identity });
  });

  test.each(['TASK', 'arn:aws:iam::1:role/x', '', 7, null])('the role %j tells nothing', async (RoleArn) => {
    request().reply(200, { ...whole, RoleArn, AccountId: RoleArn });
    expect(await ask().answer).toEqual({ credentials });
  });

  test.each([keys, { ...keys, Expiration: null }, { ...keys, Expiration: '' }])('without an end: %j', async (body) => {
    request().reply(200, body);
    const { expiration: _expiration, ...rest } = credentials;
    expect(await ask().answer).toEqual({ credentials: rest });
  });

  test.each(['2100-01-01T00:00:00.000Z', '2100-01-01T01:00:00+01:00'])('ends at %s', async (Expiration) => {
    request().reply(200, { ...keys, Expiration });
    expect(await ask().answer).toEqual({ credentials });
  });

  test('that has ended already', async () => {
    request().reply(200, { ...keys, Expiration: '2026-01-01T00:00:00Z' });
    expect(await refusalOf(ask().answer)).toMatchObject({
      code: 'TOKEN_EXPIRED',
      message: expect.stringContaining('2026-01-01T00:00:00.000Z'),
    });
  });

  const { AccessKeyId: _id, ...withoutId } = whole;
  const { SecretAccessKey: _secret, ...withoutSecret } = whole;
  const junk: readonly (readonly [string, string | object, string])[] = [
    ['a page', '<html>new-secret</html>', 'is not a JSON object'],
    ['nothing', '', 'is not a JSON object'],
    ['half of it', JSON.stringify(whole).slice(0, 60), 'is not a JSON object'],
    ['a list', [whole], 'is not a JSON object'],
    ['null', 'null', 'is not a JSON object'],
    ['no id', withoutId, 'holds no AccessKeyId'],
    ['an id that is a number', { ...whole, AccessKeyId: 7 }, 'holds no AccessKeyId'],
    ['no secret', withoutSecret, 'holds no SecretAccessKey'],
    ['an empty secret', { ...whole, SecretAccessKey: '' }, 'holds no SecretAccessKey'],
    ['a secret of two lines', { ...whole, SecretAccessKey: 'new-\nsecret' }, 'holds no SecretAccessKey'],
    ['a token that is a list', { ...whole, Token: ['new-token'] }, 'holds a Token that is none'],
    ['an end that is no date', { ...whole, Expiration: 'tomorrow' }, 'holds an Expiration that is no date'],
    ['an end in thirteen months', { ...whole, Expiration: '2100-13-01T00:00:00Z' }, 'holds an Expiration that is no'],
    ['an end in seconds', { ...whole, Expiration: 4102444800 }, 'holds an Expiration that is no date'],
    [
      'two megabytes',
      `{"new-secret": "${'x'.repeat(2_097_152)}"}`,
      'could not be read (the answer is larger than 1 MiB)',
    ],
  ];
  test.each(junk)('%s: PROTOCOL_ERROR, asked once', async (_name, body, problem) => {
    request().reply(200, body);
    const { answer, masks, lines } = ask();
    expect(await refusalOf(answer)).toMatchObject({
      code: 'PROTOCOL_ERROR',
      message: expect.stringContaining(problem),
    });
    expect([masks, lines]).toEqual([[], []]);
  });

  test.each([201, 204, 301, 302])('HTTP %i: PROTOCOL_ERROR, and no other address is asked', async (status) => {
    request().reply(status, '', { location: 'http://elsewhere.example/' });
    expect(await refusalOf(ask().answer)).toMatchObject({
      code: 'PROTOCOL_ERROR',
      message: expect.stringContaining(`HTTP ${status}`),
    });
  });
});

describe('refusals, asked once', () => {
  test.each<[number, string | object, RegExp]>([
    [
      400,
      { code: 'InvalidIdInRequest', message: 'Credentials not found' },
      /\(HTTP 400, InvalidIdInRequest: Credentials/,
    ],
    [401, { Code: 'TokenNotFound' }, /\(HTTP 401, TokenNotFound\)$/],
    [403, { Message: 'no' }, /\(HTTP 403, no\)$/],
    [404, 'Service account token is not valid\n', /\(HTTP 404, Service account token is not valid\)$/],
    [404, '<html>x</html>', /\(HTTP 404\)$/],
    [403, { code: 7, message: 'two\nlines' }, /\(HTTP 403\)$/],
    [418, '', /\(HTTP 418\)$/],
    [404, { message: `Route GET:${path} not found` }, /\(HTTP 404, Route GET:\*\*\* not found\)$/],
    [404, 'No credentials of id-that-nobody-may-see', /\(HTTP 404, No credentials of \*\*\*\)$/],
  ])('HTTP %i %j', async (status, body, message) => {
    request().reply(status, body);
    const { answer, lines } = ask();
    expect(await refusalOf(answer)).toMatchObject({
      code: 'ACCESS_DENIED',
      message: expect.stringMatching(message),
      hint: expect.stringContaining('AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE'),
    });
    expect(lines).toEqual([]);
  });

  test('with a token: it is the token that is to be looked at, and it is not shown', async () => {
    request().reply(401, { code: 'No', message: 'your token is wrong' });
    expect(await refusalOf(ask(3, { authorization: 'the-authorization' }).answer)).toMatchObject({
      code: 'ACCESS_DENIED',
      hint: expect.stringContaining('the token of AWS_CONTAINER_AUTHORIZATION_TOKEN'),
    });
  });
});

describe('trouble', () => {
  const troubles: readonly (readonly [name: string, code: string, meet: () => void])[] = [
    ...[429, 500, 502, 503].map(
      (status) => [`HTTP ${status}`, 'SERVICE_UNAVAILABLE', () => request().reply(status)] as const,
    ),
    ['ECONNRESET', 'SERVICE_UNAVAILABLE', () => request().replyWithError(systemError('ECONNRESET'))],
    ['ECONNREFUSED', 'NO_SOURCE', () => request().replyWithError(systemError('ECONNREFUSED'))],
    ['EHOSTUNREACH', 'NO_SOURCE', () => request().replyWithError(systemError('EHOSTUNREACH'))],
    ['ENETUNREACH', 'NO_SOURCE', () => request().replyWithError(systemError('ENETUNREACH'))],
    ['ENOTFOUND', 'NO_SOURCE', () => request().replyWithError(systemError('ENOTFOUND'))],
  ];

  test.each(troubles)('%s passes when tried again, and the log says so', async (name, _code, meet) => {
    meet();
    request().reply(200, whole);
    const { answer, lines } = ask();
    expect(await answer).toEqual({ credentials });
    expect(lines).toEqual([
      expect.stringMatching(
        new RegExp(
          `^The credentials endpoint 169.254.170.2 of AWS_CONTAINER_CREDENTIALS_RELATIVE_URI failed \\(${name}\\); try 2 follows in \\d\\.\\d s$`,
        ),
      ),
    ]);
  });

  test.each(troubles)('%s is met once where one attempt is allowed: %s', async (name, code, meet) => {
    meet();
    const { answer, lines } = ask(1);
    expect(await refusalOf(answer)).toMatchObject({
      code,
      message: expect.stringMatching(new RegExp(`of AWS_CONTAINER_CREDENTIALS_RELATIVE_URI .*${name}`)),
    });
    expect(lines).toEqual([]);
  });

  test('a certificate that nobody vouches for', async () => {
    nock('https://credentials.example').get('/').replyWithError(systemError('SELF_SIGNED_CERT_IN_CHAIN'));
    expect(await refusalOf(ask(3, { url: 'https://credentials.example/' }).answer)).toMatchObject({
      code: 'SERVICE_UNAVAILABLE',
      hint: expect.stringContaining('AWS_CA_BUNDLE'),
    });
  });

  test('an answer that is no HTTP', async () => {
    request().replyWithError(systemError('HPE_INVALID_CONSTANT'));
    expect(await refusalOf(ask().answer)).toMatchObject({ code: 'PROTOCOL_ERROR' });
  });
});
