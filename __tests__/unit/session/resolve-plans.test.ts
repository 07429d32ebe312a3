import { describe, expect, test } from '@jest/globals';
import type { Session } from '../../../src/contract/credentials.ts';
import { CredentialError } from '../../../src/contract/errors.ts';
import type { PlannedSource, Plans } from '../../../src/plan/plan.ts';
import { expireAfter, resolvePlans } from '../../../src/session/resolve-plans.ts';
import { memoryAws, memoryHost, memoryJob } from '../../support/memory.ts';
import { memoryRunner } from '../../support/memory-runner.ts';
import { keyInputs, planFrom } from '../../support/plan.ts';

const identities = { AKIAEXAMPLE: { account: '111111111111', arn: 'arn:aws:iam::111111111111:user/octocat' } };
const telling = { guard: { maskAccount: false } };

/** Obtains from these routes with nothing in the environment, so that the source `environment` has nothing to offer. */
async function obtaining(decision: Plans, aws = memoryAws({ identities })) {
  const job = memoryJob();
  const outcome = await resolvePlans(decision, { aws, host: memoryHost(job) }, { ...telling, job }).catch(
    (error: unknown) => error,
  );
  return { outcome, said: job.said, calls: aws.calls };
}

const plan = (route: PlannedSource['plan']['trunk']['source']): PlannedSource => ({
  plan: { trunk: { region: 'us-east-1', source: route, hops: [] }, branches: [] },
  because: 'asked for by "source"',
  warnings: [],
});
const missing = plan({ kind: 'environment' });
const keys = async (): Promise<PlannedSource> => planFrom({ with: keyInputs });
const decisionOf = (first: PlannedSource, ...others: readonly PlannedSource[]): Plans => ({
  first,
  fallbacks: others,
  skipped: [],
  skippedNotes: [],
});

describe('several sources', () => {
  test('where one has nothing to offer the next is taken, and the log says so', async () => {
    const { outcome, said } = await obtaining(decisionOf(missing, await keys()));
    expect(outcome).toMatchObject({ source: 'static', session: { identity: { account: '111111111111' } } });
    expect(said).toEqual([
      'Source: environment (asked for by "source")',
      'Plan: environment',
      expect.stringMatching(/^Source "environment" has no credentials: AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY/),
      'Source: static (auto: "aws-access-key-id" is given)',
      'Plan: static keys',
    ]);
  });

  test('a refusal ends it: the next is not tried', async () => {
    const refusing = memoryAws({ refused: { GetCallerIdentity: 'ACCESS_DENIED' } });
    const { outcome, said } = await obtaining(decisionOf(await keys(), missing), refusing);
    expect(outcome).toMatchObject({ code: 'ACCESS_DENIED' });
    expect(said.filter((line) => line.startsWith('Source: '))).toHaveLength(1);
  });

  test('where none has anything each is named with its reason, those that did not apply too', async () => {
    const absences = [new CredentialError('NO_SOURCE', 'sso: "sso-token" is not given', { hint: 'Give it.' })];
    const { outcome } = await obtaining({ ...decisionOf(missing), skipped: absences });
    expect(outcome).toMatchObject({
      code: 'NO_SOURCE',
      message: expect.stringMatching(/\n {2}- sso: "sso-token" is not given\n {2}- environment: AWS_ACCESS_KEY_ID/),
    });
  });

  test('the only one speaks for itself', async () => {
    const { outcome } = await obtaining(decisionOf(missing));
    expect(outcome).toMatchObject({ code: 'NO_SOURCE', message: expect.stringMatching(/^AWS_ACCESS_KEY_ID/) });
  });

  test('in a list the log names those that were skipped', async () => {
    const listed = await planFrom({ with: { ...keyInputs, source: 'sso, static' } });
    expect(listed.skippedNotes).toEqual(['Skipped sso: "sso-token" is not given']);
    const { said } = await obtaining(listed);
    expect(said[0]).toBe('Skipped sso: "sso-token" is not given');
  });

  test('and many of them are folded', async () => {
    const listed = await planFrom({ with: { ...keyInputs, source: 'sso, process, sealed, static' } });
    const { said } = await obtaining(listed);
    expect(said.slice(0, 5)).toEqual([
      'Skipped 3 sources',
      expect.stringMatching(/^ {2}Skipped sso: /),
      expect.stringMatching(/^ {2}Skipped process: /),
      expect.stringMatching(/^ {2}Skipped sealed: /),
      'Source: static (asked for by "source")',
    ]);
  });
});

describe('expire-after', () => {
  const now = Date.parse('2026-01-01T00:00:00Z');
  const session = (expiration?: string): Session => ({
    credentials: {
      accessKeyId: 'ASIA',
      secretAccessKey: 'secret',
      ...(expiration === undefined ? {} : { expiration: new Date(expiration) }),
    },
    identity: { account: '111111111111' },
    region: 'us-east-1',
  });
  test.each([
    ['sooner than their end', 1800, '2026-01-01T01:00:00Z', '2026-01-01T00:30:00.000Z'],
    ['later than their end', 7200, '2026-01-01T01:00:00Z', '2026-01-01T01:00:00.000Z'],
    ['keys without an end', 60, undefined, '2026-01-01T00:01:00.000Z'],
    ['not asked for', undefined, '2026-01-01T01:00:00Z', '2026-01-01T01:00:00.000Z'],
    ['not asked for, keys without an end', undefined, undefined, undefined],
  ])('%s', (_name, seconds, own, end) => {
    expect(expireAfter(seconds, session(own), now).credentials.expiration?.toISOString()).toBe(end);
  });

  test('is what a whole step hands on', async () => {
    const given = { ...keyInputs, 'aws-region': 'us-east-1', 'output-credentials': 'true', 'expire-after': '30m' };
    const { error, job } = await memoryRunner().use({ with: given, now: '2026-01-01T00:00:00Z' });
    expect(error).toBeUndefined();
    expect(job.outputs.get('aws-expiration')).toBe('2026-01-01T00:30:00.000Z');
  });
});
