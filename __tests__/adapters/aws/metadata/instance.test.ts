import { PassThrough } from 'node:stream';
import { describe, expect, test } from '@jest/globals';
import type { InstanceRequest, Network } from '../../../../src/contract/ports.ts';
import { connect, isDone, nock, openConnections } from '../../../support/nock.ts';

const host = 'http://169.254.169.254';
const roles = '/latest/meta-data/iam/security-credentials/';
const whole = {
  Code: 'Success',
  Type: 'AWS-HMAC',
  AccessKeyId: 'ASIANEW',
  SecretAccessKey: 'new-secret',
  Token: 'new-token',
  Expiration: '2100-01-01T00:00:00Z',
};
const credentials = {
  accessKeyId: 'ASIANEW',
  secretAccessKey: 'new-secret',
  sessionToken: 'new-token',
  expiration: new Date('2100-01-01T00:00:00Z'),
};

const tokenRequest = () =>
  nock(host).put('/latest/api/token').matchHeader('x-aws-ec2-metadata-token-ttl-seconds', '21600');
const withToken = () => nock(host).matchHeader('x-aws-ec2-metadata-token', 'metadata-token');
const withoutToken = () => nock(host, { badheaders: ['x-aws-ec2-metadata-token'] });
const giveToken = () => tokenRequest().reply(200, 'metadata-token');
const giveRole = () => {
  giveToken();
  withToken().get(roles).reply(200, 'runner\n');
};
const ask = (given: Partial<InstanceRequest> = {}, settings: Partial<Network> = {}) => {
  const masks: string[] = [];
  const lines: string[] = [];
  const network: Network = { attempts: 3, endpoints: { sts: undefined, sso: undefined }, ...settings };
  const aws = connect({
    network,
    connections: async () => openConnections(network),
    log: (line) => void lines.push(line),
    mask: (secret) => void masks.push(secret),
  });
  return { answer: aws.getInstanceCredentials({ endpoint: host, versionOne: 'allowed', ...given }), masks, lines };
};
const systemError = (code: string) => Object.assign(new Error('it broke'), { code });
/** What a refusal is, its causes included, with no trace of a secret. */
const refusalOf = async (answer: Promise<unknown>): Promise<unknown> => {
  const error = await answer.then(
    () => undefined,
    (caught: unknown) => caught,
  );
  for (let at = error; at instanceof Error; at = at.cause) {
    expect(`${at.message} ${at.stack}`).not.toMatch(/new-secret|new-token|metadata-token/);
  }
  return error;
};

describe('version 2', () => {
  test('a token, the role, its credentials; all of it masked', async () => {
    giveRole();
    withToken().get(`${roles}runner`).reply(200, whole);
    const { answer, masks, lines } = ask({ versionOne: 'disabled' });
    expect(await answer).toEqual(credentials);
    expect(masks).toEqual(['metadata-token', 'ASIANEW', 'new-secret', 'new-token']);
    expect(lines).toEqual([]);
  });

  test('at another endpoint, below its path', async () => {
    nock('http://metadata.example:8080').put('/imds/latest/api/token').reply(200, 'metadata-token');
    nock('http://metadata.example:8080').get(`/imds${roles}`).reply(200, 'runner');
    nock('http://metadata.example:8080').get(`/imds${roles}runner`).reply(200, whole);
    expect(await ask({ endpoint: 'http://metadata.example:8080/imds/' }).answer).toEqual(credentials);
  });

  test('straight, whatever proxy the rest goes by', async () => {
    giveRole();
    withToken().get(`${roles}runner`).reply(200, whole);
    const proxy = { url: 'http://127.0.0.1:9', origin: 'HTTP_PROXY', bypass: '' };
    expect(await ask({}, { proxy }).answer).toEqual(credentials);
  });
});

describe('version 1', () => {
  test.each([403, 404, 405])('where the token is answered with %i', async (status) => {
    tokenRequest().reply(status);
    withoutToken().get(roles).reply(200, 'runner');
    withoutToken().get(`${roles}runner`).reply(200, whole);
    const { answer, masks } = ask();
    expect(await answer).toEqual(credentials);
    expect(masks).toEqual(['ASIANEW', 'new-secret', 'new-token']);
  });

  test.each([403, 404, 405])('not where it is disabled: %i is nothing to offer', async (status) => {
    tokenRequest().reply(status);
    expect(await refusalOf(ask({ versionOne: 'disabled' }).answer)).toMatchObject({
      code: 'NO_SOURCE',
      message: expect.stringContaining(`(HTTP ${status}), and AWS_EC2_METADATA_V1_DISABLED is true`),
    });
  });

  test('a service that wants a token but gave none refuses', async () => {
    tokenRequest().reply(403);
    withoutToken().get(roles).reply(401);
    expect(await refusalOf(ask().answer)).toMatchObject({ code: 'ACCESS_DENIED' });
  });
});

describe('there is none: NO_SOURCE, asked once', () => {
  const absences: readonly (readonly [string, () => void, string])[] = [
    ...['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'ETIMEDOUT', 'ENOTFOUND'].map(
      (code) => [code, () => tokenRequest().replyWithError(systemError(code)), `cannot be reached (${code})`] as const,
    ),
    ['nobody answers', () => tokenRequest().reply(() => new Promise<readonly [number]>(() => {})), 'does not answer'],
    ['an answer that stops', () => tokenRequest().reply(200, () => new PassThrough()), 'does not answer'],
    ['another cloud', () => tokenRequest().reply(400, 'Required metadata header not specified'), 'is not one of EC2'],
    [
      'a service that is turned off',
      () => {
        tokenRequest().reply(403);
        withoutToken().get(roles).reply(403);
      },
      'is turned off',
    ],
    [
      'an instance without a role',
      () => {
        giveToken();
        withToken().get(roles).reply(404);
      },
      'has no role for this instance',
    ],
    [
      'an instance with an empty list',
      () => {
        giveToken();
        withToken().get(roles).reply(200, '\n');
      },
      'has no role for this instance',
    ],
  ];
  test.each(absences)('%s', async (_name, meet, message) => {
    meet();
    const { answer, lines } = ask();
    expect(await refusalOf(answer)).toMatchObject({
      code: 'NO_SOURCE',
      message: expect.stringMatching(
        `^The instance metadata service at 169.254.169.254 ${message.replace(/[()]/g, '.')}`,
      ),
      hint: expect.stringMatching(/\.$/),
    });
    expect(lines).toEqual([]);
  });

  test('every connection is reset: three tries at most, however many there may be', async () => {
    tokenRequest().times(3).replyWithError(systemError('ECONNRESET'));
    const { answer, lines } = ask({}, { attempts: 12 });
    expect(await refusalOf(answer)).toMatchObject({ code: 'NO_SOURCE' });
    expect(lines).toHaveLength(2);
    expect(isDone()).toBe(true);
  });
});

describe('trouble that passes', () => {
  test.each([429, 500, 503])('HTTP %i at each request', async (status) => {
    tokenRequest().reply(status);
    giveToken();
    withToken().get(roles).reply(status);
    withToken().get(roles).reply(200, 'runner');
    withToken().get(`${roles}runner`).reply(status);
    withToken().get(`${roles}runner`).reply(200, whole);
    const { answer, lines } = ask();
    expect(await answer).toEqual(credentials);
    expect(lines).toHaveLength(3);
  });

  test('a reset, and nobody there for a moment', async () => {
    giveToken();
    withToken().get(roles).replyWithError(systemError('ECONNRESET'));
    withToken().get(roles).replyWithError(systemError('ECONNREFUSED'));
    withToken().get(roles).reply(200, 'runner');
    withToken().get(`${roles}runner`).reply(200, whole);
    expect(await ask().answer).toEqual(credentials);
  });

  test.each<[string, () => void]>([
    ['the token', () => tokenRequest().reply(500)],
    [
      'the role',
      () => {
        giveToken();
        withToken().get(roles).reply(500);
      },
    ],
    [
      'the credentials',
      () => {
        giveRole();
        withToken().get(`${roles}runner`).reply(500);
      },
    ],
  ])('and that does not: %s', async (_name, meet) => {
    meet();
    expect(await refusalOf(ask({}, { attempts: 1 }).answer)).toMatchObject({
      code: 'SERVICE_UNAVAILABLE',
      message: expect.stringContaining('HTTP 500'),
    });
  });
});

describe('answers that are none: PROTOCOL_ERROR', () => {
  test.each(['', 'two\nlines', '<html> </html>', 'x'.repeat(5000)])('the token %j', async (token) => {
    tokenRequest().reply(200, token);
    expect(await refusalOf(ask().answer)).toMatchObject({ code: 'PROTOCOL_ERROR' });
  });

  test.each(['<html></html>', '{"error": "x"}', '../../other', 'x'.repeat(65)])('the role %j', async (role) => {
    giveToken();
    withToken().get(roles).reply(200, role);
    expect(await refusalOf(ask().answer)).toMatchObject({ code: 'PROTOCOL_ERROR' });
  });

  const { Token: _token, ...withoutToken } = whole;
  const { Expiration: _end, ...withoutEnd } = whole;
  test.each<[string, object | string]>([
    ['no JSON', '<html>new-secret</html>'],
    ['half', JSON.stringify(whole).slice(0, 80)],
    ['no token', withoutToken],
    ['no end', withoutEnd],
    ['no secret', { ...whole, SecretAccessKey: undefined }],
    ['huge', 'x'.repeat(2_097_152)],
  ])('credentials: %s', async (_name, body) => {
    giveRole();
    withToken().get(`${roles}runner`).reply(200, body);
    const { answer, masks } = ask();
    expect(await refusalOf(answer)).toMatchObject({ code: 'PROTOCOL_ERROR' });
    expect(masks).toEqual(['metadata-token']);
  });
});

describe('refusals', () => {
  test.each<[number, object | string, RegExp]>([
    [
      200,
      { Code: 'AssumeRoleUnauthorizedAccess', Message: 'EC2 cannot assume the role runner.' },
      /Unauthorized.*EC2 cannot/,
    ],
    [200, { Code: 'Failed' }, /\(Failed\)/],
    [200, { Code: null }, /without a reason/],
    [404, '', /HTTP 404/],
    [401, '', /HTTP 401/],
  ])('HTTP %i %j: ACCESS_DENIED', async (status, body, message) => {
    giveRole();
    withToken().get(`${roles}runner`).reply(status, body);
    expect(await refusalOf(ask().answer)).toMatchObject({
      code: 'ACCESS_DENIED',
      message: expect.stringMatching(message),
      hint: expect.stringContaining('trusts ec2.amazonaws.com'),
    });
  });

  test('credentials that have ended', async () => {
    giveRole();
    withToken()
      .get(`${roles}runner`)
      .reply(200, { ...whole, Expiration: '2026-01-01T00:00:00Z' });
    expect(await refusalOf(ask().answer)).toMatchObject({ code: 'TOKEN_EXPIRED' });
  });
});
