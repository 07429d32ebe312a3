import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { memoryAws } from '../../support/memory.ts';
import { memoryRunner } from '../../support/memory-runner.ts';

type Texts = Readonly<Record<string, string>>;

const now = '2026-01-01T00:00:00Z';
const full = {
  startUrl: 'https://x.awsapps.com/start',
  region: 'eu-west-1',
  accessToken: 'old-token',
  expiresAt: '2026-01-01T00:05:00Z',
  clientId: 'client',
  clientSecret: 'client-secret',
  registrationExpiresAt: '2026-03-01T00:00:00Z',
  refreshToken: 'old-refresh',
};
const rotated = { accessToken: 'new-token', expiresIn: 28_800, refreshToken: 'new-refresh' };

/** Runs a step with the token, `output-sso-token` on. */
async function use(token: object | string, aws = memoryAws({ refreshed: rotated }), inputs: Texts = {}) {
  const text = typeof token === 'string' ? token : JSON.stringify(token);
  const given = {
    'aws-region': 'us-east-1',
    'sso-token': text,
    'sso-account-id': '111111111111',
    'sso-role-name': 'ReadOnly',
    'sso-region': 'eu-west-1',
    'output-sso-token': 'true',
    ...inputs,
  };
  const { job, error } = await memoryRunner().use({ with: given, aws, now });
  return { job, error, aws, sent: aws.calls.map((call) => ('request' in call ? call.request : call)) };
}

const asked = (accessToken: string) => ({
  region: 'eu-west-1',
  accessToken,
  accountId: '111111111111',
  roleName: 'ReadOnly',
});
const grant = { region: 'eu-west-1', clientId: 'client', clientSecret: 'client-secret', refreshToken: 'old-refresh' };

describe('a token is used as it is', () => {
  const { refreshToken, clientId, clientSecret, ...unrefreshable } = full;
  test.each<[string, object | string]>([
    ['bare', 'bare-token'],
    ['more than five minutes before its end', { ...full, expiresAt: '2026-01-01T00:05:01UTC' }],
    ['to its last second, where it cannot be refreshed', { ...unrefreshable, expiresAt: '2026-01-01T00:00:01Z' }],
    ['without the client', { ...unrefreshable, refreshToken, clientSecret }],
    ['without the secret', { ...unrefreshable, refreshToken, clientId }],
    ['with a registration that has ended', { ...full, registrationExpiresAt: '2026-01-01T00:00:00UTC' }],
  ])('%s', async (_name, token) => {
    const { sent, job, error } = await use(token);
    expect(error).toBeUndefined();
    expect(sent).toEqual([asked(typeof token === 'string' ? token : 'old-token')]);
    expect(job.outputs.get('sso-token')).toBe(typeof token === 'string' ? token : JSON.stringify(token));
    expect(job.said.filter((line) => line.startsWith('warning'))).toEqual([]);
  });
});

describe('a token is refreshed', () => {
  test.each([
    ['five minutes before its end', full],
    ['after its end', { ...full, expiresAt: '2025-01-01T00:00:00UTC' }],
    ['where nothing tells when the registration ends', { ...full, registrationExpiresAt: null }],
  ])('%s, and the new one is used, masked and handed on', async (_name, token) => {
    const { sent, job } = await use(token);
    expect(sent).toEqual([grant, asked('new-token')]);
    const text = job.outputs.get('sso-token') ?? '';
    expect(JSON.parse(text)).toEqual({
      ...token,
      accessToken: 'new-token',
      expiresAt: '2026-01-01T08:00:00Z',
      refreshToken: 'new-refresh',
    });
    expect(job.masks).toEqual(expect.arrayContaining(['old-token', 'old-refresh', 'client-secret', text]));
    expect(job.said.join('\n')).toMatch(
      /was refreshed; the new one ends at 2026-01-01T08:00:00Z\. .*"output-sso-token/,
    );
  });

  test('and what the answer leaves out is kept', async () => {
    const { job } = await use(full, memoryAws({ refreshed: { accessToken: 'new-token', expiresIn: 60 } }));
    expect(JSON.parse(job.outputs.get('sso-token') ?? '')).toEqual({
      ...full,
      accessToken: 'new-token',
      expiresAt: '2026-01-01T00:01:00Z',
    });
    expect(job.said.join('\n')).not.toContain('new refresh token');
  });

  test('and handed on only where that is asked for', async () => {
    const { job } = await use(full, memoryAws(), { 'output-sso-token': 'false' });
    expect([...job.outputs.keys()]).not.toContain('sso-token');
  });
});

describe('a refresh that fails', () => {
  const failing = (code: 'TOKEN_EXPIRED' | 'SERVICE_UNAVAILABLE') => memoryAws({ refused: { CreateToken: code } });

  test.each(['TOKEN_EXPIRED', 'SERVICE_UNAVAILABLE'] as const)(
    '%s: a warning while the token is good',
    async (code) => {
      const { job, sent, error } = await use(full, failing(code));
      expect(error).toBeUndefined();
      expect(sent.at(-1)).toEqual(asked('old-token'));
      expect(job.outputs.get('sso-token')).toBe(JSON.stringify(full));
      expect(job.said).toContain(
        'warning: The token in "sso-token" could not be refreshed and is used as it is, until 2026-01-01T00:05:00.000Z: CreateToken was refused',
      );
    },
  );

  test.each(['TOKEN_EXPIRED', 'SERVICE_UNAVAILABLE'] as const)('%s: TOKEN_EXPIRED after its end', async (code) => {
    const { error, aws } = await use({ ...full, expiresAt: now }, failing(code));
    expect(error).toMatchObject({
      code: 'TOKEN_EXPIRED',
      message: expect.stringMatching(/ended at 2026-01-01T00:00:00.000Z, and could not be refreshed: CreateToken was/),
      hint: expect.stringContaining('gh secret set NAME < ~/.aws/sso/cache/'),
    });
    expect(aws.calls.map(({ call }) => call)).toEqual(['CreateToken']);
  });

  afterEach(() => void jest.useRealTimers());

  test('by never ending is given up', async () => {
    jest.useFakeTimers();
    const aws = { ...memoryAws(), createToken: () => new Promise<never>(() => {}) };
    const used = use(full, aws);
    await jest.advanceTimersByTimeAsync(30_000);
    expect((await used).job.said.join('\n')).toMatch(/warning: .*used as it is.*no answer within 30 s/);
  });
});

describe('after its end, and without a way to refresh it', () => {
  const ended = { ...full, expiresAt: '2025-12-31T00:00:00UTC' };
  const { refreshToken, clientSecret: __, ...bare } = ended;
  test.each<[object, string]>([
    [bare, 'it holds no "refreshToken", no "clientSecret"'],
    [{ ...ended, registrationExpiresAt: now }, 'its registration as a client ended at 2026-01-01T00:00:00.000Z'],
  ])('%j', async (token, reason) => {
    const { error, aws, job } = await use(token);
    expect(error).toMatchObject({
      code: 'TOKEN_EXPIRED',
      message: `The token in "sso-token" ended at 2025-12-31T00:00:00.000Z, and it cannot be refreshed: ${reason}`,
    });
    expect(aws.calls).toEqual([]);
    expect([...job.outputs.keys()]).toEqual([]);
  });
});

test('where the source holds no token, the output is empty', async () => {
  const inputs = { 'aws-access-key-id': 'AKIA1', 'aws-secret-access-key': 's3cret', 'sso-token': '' };
  const { job, error } = await use('', memoryAws(), inputs);
  expect(error).toBeUndefined();
  expect(job.outputs.get('sso-token')).toBe('');
  expect(job.masks).not.toContain('');
});
