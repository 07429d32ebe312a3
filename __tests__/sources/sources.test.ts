import { describe, expect, test } from '@jest/globals';
import { resolvePlan } from '../../src/session/resolve.ts';
import { describeSource, retrieve, type Source } from '../../src/sources/index.ts';
import type { Effects } from '../../src/sources/source.ts';
import { keysOf, memoryAws, memoryHost, memoryJob } from '../support/memory.ts';

const role = 'arn:aws:iam::111111111111:role/deploy';
const hop = { role, label: 'role-to-assume', sessionName: 'GitHubActions', durationSeconds: 3600 };
const region = 'us-east-1';

/** The session of the role, by the token of the source. */
const assumed = (source: Source, effects: Effects) =>
  resolvePlan({ trunk: { region, source, hops: [hop] }, branches: [] }, effects);

describe('oidc', () => {
  const source: Source = { kind: 'oidc', audience: 'sts.amazonaws.com' };

  test('asks for a token of its audience and exchanges it', async () => {
    const host = memoryHost(memoryJob(), { idTokens: ['t1'] });
    const aws = memoryAws();
    expect((await assumed(source, { aws, host })).credentials).toEqual(keysOf(role));
    expect(host.audiences).toEqual(['sts.amazonaws.com']);
    expect(aws.calls).toMatchObject([
      { call: 'AssumeRoleWithWebIdentity', token: 't1', assumption: { roleArn: role, region } },
    ]);
  });

  test('mints a fresh token where the first has run out', async () => {
    const host = memoryHost(memoryJob(), { idTokens: ['t1', 't2'] });
    const aws = memoryAws({ expired: ['t1'] });
    expect((await assumed(source, { aws, host })).credentials).toEqual(keysOf(role));
    expect(host.audiences).toHaveLength(2);
  });

  test('does so once only', async () => {
    const host = memoryHost(memoryJob(), { idTokens: ['t1', 't2'] });
    const aws = memoryAws({ expired: ['t1', 't2'] });
    await expect(assumed(source, { aws, host })).rejects.toMatchObject({ code: 'TOKEN_EXPIRED' });
    expect(aws.calls).toHaveLength(2);
  });
});

describe('web-identity', () => {
  const source: Source = {
    kind: 'web-identity',
    file: 'token',
    origin: 'Input "web-identity-token-file"',
  };

  test('reads the file, without its last line end', async () => {
    const host = memoryHost(memoryJob(), { files: { token: 'a.b.c\n' } });
    const aws = memoryAws();
    await assumed(source, { aws, host });
    expect(aws.calls).toMatchObject([{ token: 'a.b.c' }]);
  });

  test('does not send the same expired token twice', async () => {
    const host = memoryHost(memoryJob(), { files: { token: 'a.b.c' } });
    const aws = memoryAws({ expired: ['a.b.c'] });
    await expect(assumed(source, { aws, host })).rejects.toMatchObject({ code: 'TOKEN_EXPIRED' });
    expect(aws.calls).toHaveLength(1);
  });

  test.each([
    ['missing', {}],
    ['empty', { token: '' }],
    ['two lines', { token: 'a.b\nc.d' }],
    ['a blank inside', { token: 'a.b c' }],
    ['too long', { token: 'x'.repeat(20_001) }],
  ])('%s: TOKEN_UNREADABLE, naming the input, before any request', async (_name, files) => {
    const aws = memoryAws();
    await expect(assumed(source, { aws, host: memoryHost(memoryJob(), { files }) })).rejects.toMatchObject({
      code: 'TOKEN_UNREADABLE',
      message: expect.stringContaining('Input "web-identity-token-file"'),
    });
    expect(aws.calls).toEqual([]);
  });
});

describe('environment', () => {
  const keys = { AWS_ACCESS_KEY_ID: 'AKIA', AWS_SECRET_ACCESS_KEY: 'secret', AWS_SESSION_TOKEN: 'token' };
  const from = (env: Readonly<Record<string, string>>) => {
    const job = memoryJob();
    return { job, retrieved: retrieve({ kind: 'environment' }, { aws: memoryAws(), host: memoryHost(job, { env }) }) };
  };

  test('takes the keys and masks them', async () => {
    const { job, retrieved } = from(keys);
    expect(await retrieved).toEqual({
      credentials: { accessKeyId: 'AKIA', secretAccessKey: 'secret', sessionToken: 'token' },
    });
    expect(job.masks).toEqual(['AKIA', 'secret', 'token']);
  });

  test('knows when they end', async () => {
    const { retrieved } = from({ ...keys, AWS_CREDENTIAL_EXPIRATION: '2026-01-01T00:30:00+00:00' });
    expect(await retrieved).toHaveProperty('credentials.expiration', new Date('2026-01-01T00:30:00Z'));
  });

  test.each([
    ['2025-12-31T23:59:59Z', 'TOKEN_EXPIRED'],
    ['soon', 'INPUT_INVALID'],
  ])('AWS_CREDENTIAL_EXPIRATION %s: %s', async (expiration, code) => {
    await expect(from({ ...keys, AWS_CREDENTIAL_EXPIRATION: expiration }).retrieved).rejects.toMatchObject({ code });
  });
});

describe('sso', () => {
  const source = (expiresAt?: string): Source => ({
    kind: 'sso',
    token: {
      from: 'input',
      text: expiresAt === undefined ? 'token' : JSON.stringify({ accessToken: 'token', expiresAt }),
    },
    accountId: '111111111111',
    roleName: 'ReadOnly',
    region: 'eu-west-1',
  });
  const host = memoryHost(memoryJob());

  test.each([undefined, '2026-01-01T00:00:01.000Z'])(
    'a token that ends at %s is used, however little time it has left',
    async (expiresAt) => {
      const aws = memoryAws();
      expect(await retrieve(source(expiresAt), { aws, host })).toEqual({
        credentials: keysOf('sso:111111111111/ReadOnly'),
        identity: { account: '111111111111' },
        ssoToken: expect.stringContaining('token'),
      });
    },
  );

  test('an expired one is refused before any request', async () => {
    const aws = memoryAws();
    await expect(retrieve(source('2026-01-01T00:00:00.000Z'), { aws, host })).rejects.toMatchObject({
      code: 'TOKEN_EXPIRED',
      hint: expect.stringContaining('aws sso login'),
    });
    expect(aws.calls).toEqual([]);
  });
});

describe('process', () => {
  const source: Source = { kind: 'process', command: 'tool --password x', origin: 'Input "credential-process"' };

  test('hands over what the command prints', async () => {
    const printed = { credentials: keysOf('process'), identity: { account: '111111111111' } };
    const host = memoryHost(memoryJob(), { processes: { 'tool --password x': printed } });
    expect(await retrieve(source, { aws: memoryAws(), host })).toEqual(printed);
  });

  test('a failure names the input, and nothing is said of the command', async () => {
    const failed = retrieve(source, { aws: memoryAws(), host: memoryHost(memoryJob()) });
    await expect(failed).rejects.toMatchObject({ message: 'Input "credential-process": the command failed' });
    expect(describeSource(source)).toBe('process');
  });
});
