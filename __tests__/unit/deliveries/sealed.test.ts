import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createMasker } from '../../../emulator/runner/masker.ts';
import type { Session } from '../../../src/contract/credentials.ts';
import { deliver, selectDeliveries } from '../../../src/deliveries/index.ts';
import { open } from '../../../src/formats/seal.ts';
import { readInputs } from '../../../src/inputs/inputs.ts';
import { memoryHost, memoryJob } from '../../support/memory.ts';

const env = {
  GITHUB_SERVER_URL: 'https://github.com',
  GITHUB_REPOSITORY_ID: '74',
  GITHUB_RUN_ID: '1234567890',
  GITHUB_JOB: 'seal',
};
const boundTo = { server: 'https://github.com', repository: '74', run: '1234567890' };

/** Delivers as the step does; returns the job with what it was told. */
async function sealed(session: Session, key: string) {
  const job = memoryJob();
  const variables = {
    'INPUT_OUTPUT-SEALED-SESSION': 'true',
    'INPUT_SEALING-KEY': key,
    'INPUT_OUTPUT-ENV-CREDENTIALS': 'false',
  };
  const inputs = readInputs(variables, job.mask);
  const host = memoryHost(job, { env });
  deliver({ session, source: 'oidc' }, await selectDeliveries(inputs), { job, host, inputs, remember: () => {} });
  return { job, text: job.outputs.get('sealed-session') ?? '' };
}

const session = {
  credentials: {
    accessKeyId: 'ASIAIOSFODNN7EXAMPLE',
    secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
    sessionToken: 'IQoJb3JpZ2luX2VjEXAMPLE==',
    expiration: new Date('2026-01-01T01:00:00Z'),
  },
  identity: { account: '111111111111', arn: 'arn:aws:sts::111111111111:assumed-role/a/b' },
  region: 'us-east-1',
};
const key = 'a-sealing-key-of-thirty-two-characters';

describe('sealed', () => {
  test('puts the whole session into the text, with the job that sealed it, and masks the key but not the text', async () => {
    const { job, text } = await sealed(session, key);
    const { credentials, identity, region } = session;
    const expiration = '2026-01-01T01:00:00.000Z';
    expect(open(text, { key, ...boundTo })).toEqual({ ...credentials, expiration, ...identity, region, job: 'seal' });
    expect(job.masks).toContain(key);
    expect(job.masks).not.toContain(text);
    expect([...job.exported.keys()]).toEqual([]);
  });

  test('keeps long-lived keys as they are, with no end and no token', async () => {
    const credentials = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: session.credentials.secretAccessKey };
    const { text } = await sealed({ ...session, credentials, identity: { account: '111111111111' } }, key);
    expect(open(text, { key, ...boundTo })).toEqual({
      ...credentials,
      account: '111111111111',
      region: 'us-east-1',
      job: 'seal',
    });
  });

  test.each([
    ['missing', ''],
    ['of 31 characters', 'x'.repeat(31)],
    ['of 31 characters and blanks around', ` ${'x'.repeat(31)} `],
    ['of 16 characters that count as two each', '🔑'.repeat(16)],
  ])('a key that is %s is refused when the step is planned, unquoted', async (_name, short) => {
    const inputs = readInputs({ 'INPUT_OUTPUT-SEALED-SESSION': 'true', 'INPUT_SEALING-KEY': short }, () => {});
    await expect(selectDeliveries(inputs)).rejects.toThrow(
      expect.objectContaining({
        code: 'INPUT_INVALID',
        message: expect.stringMatching(/^Input "sealing-key" is (missing|shorter than 32 characters)[^x🔑]*$/u),
        hint: expect.stringContaining('openssl rand -base64 32'),
      }),
    );
  });

  test('a key is not asked for where nothing is sealed', async () => {
    const chosen = await selectDeliveries(readInputs({ 'INPUT_SEALING-KEY': 'short' }, () => {}));
    expect(chosen.map(({ kind }) => kind)).toEqual(['environment', 'outputs']);
  });
});

describe('the text holds no masked value', () => {
  const value = (minLength: number) =>
    fc.oneof(fc.base64String({ minLength: Math.max(minLength, 4) }), fc.string({ unit: 'grapheme-ascii', minLength }));
  const sessions = fc.record({
    accessKeyId: value(16),
    secretAccessKey: value(20),
    sessionToken: value(20),
    account: fc.stringMatching(/^\d{12}$/),
    key: fc.string({ unit: 'grapheme-ascii', minLength: 40 }).filter((text) => text.trim().length >= 32),
  });

  test('nor one in base64, base64url, JSON or URI form, whatever the session and the key', async () => {
    await fc.assert(
      fc.asyncProperty(sessions, async ({ account, key: anyKey, ...credentials }) => {
        const arn = `arn:aws:sts::${account}:assumed-role/deploy/GitHubActions`;
        const { job, text } = await sealed({ credentials, identity: { account, arn }, region: 'eu-west-1' }, anyKey);
        const secrets = [...Object.values(credentials), account, arn, ...job.masks];
        const masker = createMasker();
        for (const secret of secrets) masker.add(secret);
        expect(masker.mask(text)).toBe(text);
        const forms = secrets.flatMap((secret) => [
          secret,
          Buffer.from(secret).toString('base64'),
          Buffer.from(secret).toString('base64url'),
          JSON.stringify(secret),
          encodeURIComponent(secret),
        ]);
        expect(forms.filter((form) => text.includes(form))).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  // A text of some 300 characters holds a given pair of characters about every fourteenth time.
  test.each(['Zz', 'xy\nQx', '_-'])(
    'not even %j, which it would hold by chance now and then',
    async (secretAccessKey) => {
      const masker = createMasker();
      masker.add(secretAccessKey);
      const credentials = { accessKeyId: 'ASIAEXAMPLE', secretAccessKey };
      const session = { credentials, identity: { account: '111111111111' }, region: 'us-east-1' };
      const all = await Promise.all(Array.from({ length: 200 }, () => sealed(session, key)));
      expect(all.filter(({ text }) => masker.mask(text) !== text)).toEqual([]);
    },
  );

  test('and where it cannot be without, the step fails instead of handing over what GitHub would drop', async () => {
    const credentials = { accessKeyId: '1', secretAccessKey: 'a' };
    await expect(
      sealed({ credentials, identity: { account: '111111111111' }, region: 'us-east-1' }, key),
    ).rejects.toThrow(
      expect.objectContaining({ code: 'DELIVERY_FAILED', message: expect.stringContaining('very short') }),
    );
  });
});
