import { describe, expect, test } from '@jest/globals';
import { open, type SealedSession, seal } from '../../../src/formats/seal.ts';
import { readInputs } from '../../../src/inputs/inputs.ts';
import { describePlan, makePlan } from '../../../src/plan/plan.ts';
import { describeSource, retrieve, type Source } from '../../../src/sources/index.ts';
import { memoryAws, memoryHost, memoryJob } from '../../support/memory.ts';
import { surroundings } from '../../support/profiles.ts';

const key = 'a-sealing-key-of-thirty-two-characters';
const session: SealedSession = {
  accessKeyId: 'ASIAINSIDE',
  secretAccessKey: 'the-secret-inside',
  sessionToken: 'the-token-inside',
  expiration: '2026-01-01T01:00:00.000Z',
  account: '111111111111',
  arn: 'arn:aws:sts::111111111111:assumed-role/deploy/GitHubActions',
  region: 'eu-central-1',
  job: 'seal',
};
const run = { GITHUB_SERVER_URL: 'https://github.com', GITHUB_REPOSITORY_ID: '74', GITHUB_RUN_ID: '1' };
const text = seal(session, { key, server: 'https://github.com', repository: '74', run: '1' });

/** Plans a step that is given the text, and says what was masked. */
function planned(inputs: Readonly<Record<string, string>> = {}, env: Readonly<Record<string, string>> = run) {
  const masks: string[] = [];
  const given = Object.entries({ 'sealed-session': text, 'sealing-key': key, ...inputs });
  const all = { ...env, ...Object.fromEntries(given.map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value])) };
  const decision = async () => {
    const plans = await makePlan(
      readInputs(all, (secret) => void masks.push(secret)),
      surroundings(all),
    );
    return { ...plans.first, ...plans };
  };
  return { masks, decision };
}

describe('a plan with a sealed session', () => {
  test('holds what is inside, masked key first, and describes itself without a secret', async () => {
    const { masks, decision } = planned({ 'role-to-assume': 'target' });
    const { plan, because } = await decision();
    expect(because).toBe('auto: "sealed-session" is given');
    expect(plan.trunk).toMatchObject({
      region: 'eu-central-1',
      source: { kind: 'sealed', session },
      hops: [{ role: 'target' }],
    });
    expect(masks).toEqual([key, 'ASIAINSIDE', 'the-secret-inside', 'the-token-inside']);
    expect(JSON.parse(JSON.stringify(plan))).toEqual(plan);
    expect(describePlan(plan)).toBe('sealed (by the job seal) → target (1 tag)');
  });

  test.each([
    ['the input', { 'aws-region': 'ap-south-1' }, { AWS_REGION: 'us-west-2' }, 'ap-south-1'],
    ['AWS_REGION', {}, { AWS_REGION: 'us-west-2', AWS_DEFAULT_REGION: 'us-west-1' }, 'us-west-2'],
    ['AWS_DEFAULT_REGION', {}, { AWS_REGION: '', AWS_DEFAULT_REGION: 'us-west-1' }, 'us-west-1'],
    ['the sealed session', {}, {}, 'eu-central-1'],
  ])('has its region from %s', async (_name, inputs, env, region) => {
    expect((await planned(inputs, { ...run, ...env }).decision()).plan.trunk.region).toBe(region);
  });

  test('is made where ID tokens could be had, too', async () => {
    const idToken = { ACTIONS_ID_TOKEN_REQUEST_URL: 'https://x/?y', ACTIONS_ID_TOKEN_REQUEST_TOKEN: 't' };
    const { plan } = await planned({ 'role-to-assume': 'target' }, { ...run, ...idToken }).decision();
    expect(plan.trunk.source.kind).toBe('sealed');
  });

  const refusals: readonly (readonly [
    string,
    Readonly<Record<string, string>>,
    Readonly<Record<string, string>>,
    string,
  ])[] = [
    ['another run', {}, { ...run, GITHUB_RUN_ID: '2' }, 'SEAL_REJECTED'],
    ['another repository', {}, { ...run, GITHUB_REPOSITORY_ID: '75' }, 'SEAL_REJECTED'],
    ['another server', {}, { ...run, GITHUB_SERVER_URL: 'https://ghe.example' }, 'SEAL_REJECTED'],
    ['another version', { 'sealed-session': text.replace('v1.', 'v2.') }, run, 'SEAL_REJECTED'],
    ['a text cut short', { 'sealed-session': text.slice(0, -1) }, run, 'SEAL_REJECTED'],
    ['no run', {}, {}, 'SEAL_REJECTED'],
    ['another key', { 'sealing-key': `${key}.` }, run, 'SEAL_REJECTED'],
    ['a text that is none', { 'sealed-session': 'v1.AAAA' }, run, 'SEAL_REJECTED'],
    ['no key', { 'sealing-key': '' }, run, 'INPUT_INVALID'],
    ['a short key', { 'sealing-key': 'x'.repeat(31) }, run, 'INPUT_INVALID'],
    ['keys beside it', { 'aws-access-key-id': 'AKIA' }, run, 'INPUT_CONFLICT'],
    ['role chaining beside it', { 'role-chaining': 'true' }, run, 'INPUT_CONFLICT'],
    ['a source that needs a region before it', { source: 'oidc, sealed', 'sealed-session': '' }, run, 'NO_SOURCE'],
  ];
  test.each(refusals)('is not made with %s', async (_name, inputs, env, code) => {
    const { decision, masks } = planned(inputs, env);
    await expect(decision()).rejects.toThrow(expect.objectContaining({ code }));
    expect(masks).not.toContain('the-secret-inside');
  });

  test('gives a role that is assumed from a role an hour at most', async () => {
    const { decision } = planned({ 'role-to-assume': 'target', 'role-duration-seconds': '2h' });
    await expect(decision()).rejects.toThrow(expect.objectContaining({ code: 'INPUT_INVALID' }));
  });

  test('is refused with the same words whatever the cause', async () => {
    const causes = refusals.filter(([, , , code]) => code === 'SEAL_REJECTED');
    const words = await Promise.all(
      causes.map(([, inputs, env]) =>
        planned(inputs, env)
          .decision()
          .catch((error: unknown) =>
            error instanceof Error && 'hint' in error ? `${error.message} ${error.hint} ${error.cause}` : error,
          ),
      ),
    );
    expect(words).toHaveLength(8);
    expect(new Set(words).size).toBe(1);
    expect(open(text, { key, server: 'https://github.com', repository: '74', run: '1' })).toEqual(session);
  });
});

describe('sealed', () => {
  const source = (expiration?: string): Source => ({
    kind: 'sealed',
    session: {
      accessKeyId: 'ASIA',
      secretAccessKey: 'secret',
      ...(expiration === undefined ? {} : { expiration }),
      account: '111111111111',
      region: 'us-east-1',
      job: 'seal',
    },
  });
  const host = memoryHost(memoryJob());

  test.each([undefined, '2026-01-01T00:00:00.001Z'])(
    'a session that ends at %s is used, with no request',
    async (end) => {
      const aws = memoryAws();
      expect(await retrieve(source(end), { aws, host })).toEqual({
        credentials: {
          accessKeyId: 'ASIA',
          secretAccessKey: 'secret',
          ...(end === undefined ? {} : { expiration: new Date(end) }),
        },
        identity: { account: '111111111111' },
      });
      expect(aws.calls).toEqual([]);
    },
  );

  test('one that was sealed without an identity brings none, so that STS is asked before an account is allowed', async () => {
    const { arn: _, ...rest } = session;
    const unnamed: Source = { kind: 'sealed', session: { ...rest, account: '' } };
    const retrieved = await retrieve(unnamed, { aws: memoryAws(), host });
    expect(retrieved).not.toHaveProperty('identity');
  });

  test('one that has ended is refused, saying when', async () => {
    await expect(retrieve(source('2026-01-01T00:00:00.000Z'), { aws: memoryAws(), host })).rejects.toMatchObject({
      code: 'SEAL_REJECTED',
      message: 'The session in "sealed-session" ended at 2026-01-01T00:00:00.000Z',
    });
  });

  test.each([
    ['seal', 'sealed (by the job seal)'],
    ['', 'sealed'],
    ['a\n::error::b', 'sealed'],
  ])('sealed by the job %j it is described as %j', (job, description) => {
    const sealed = source();
    expect(describeSource(sealed.kind === 'sealed' ? { ...sealed, session: { ...sealed.session, job } } : sealed)).toBe(
      description,
    );
  });
});
