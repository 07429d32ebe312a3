import { describe, expect, test } from '@jest/globals';
import { cleanUp } from '../../../src/clean-up.ts';
import { deliver, selectDeliveries } from '../../../src/deliveries/index.ts';
import { saveUndo } from '../../../src/deliveries/save-undo.ts';
import { readInputs } from '../../../src/inputs/inputs.ts';
import { keysOf, type MemoryJob, memoryHost, memoryJob } from '../../support/memory.ts';
import { memoryDisk } from '../../support/memory-disk.ts';

const session = {
  credentials: keysOf('a'),
  identity: { account: '111111111111', arn: 'arn:aws:sts::111111111111:assumed-role/a/b' },
  region: 'us-east-1',
};
const parcel = { session, source: 'oidc' };
const ours = {
  AWS_ACCESS_KEY_ID: 'key of a',
  AWS_SECRET_ACCESS_KEY: 'secret of a',
  AWS_SESSION_TOKEN: 'token of a',
  AWS_REGION: 'us-east-1',
  AWS_DEFAULT_REGION: 'us-east-1',
};
const nothing = {
  AWS_ACCESS_KEY_ID: '',
  AWS_SECRET_ACCESS_KEY: '',
  AWS_SESSION_TOKEN: '',
  AWS_REGION: '',
  AWS_DEFAULT_REGION: '',
};
const identity = {
  'aws-account-id': '111111111111',
  'authenticated-arn': 'arn:aws:sts::111111111111:assumed-role/a/b',
  'aws-region': 'us-east-1',
  'credential-source': 'oidc',
};

async function run(
  job: MemoryJob,
  env: Readonly<Record<string, string | undefined>>,
  inputs: Readonly<Record<string, string>> = {},
  what = parcel,
) {
  const variables = Object.fromEntries(
    Object.entries(inputs).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]),
  );
  const read = readInputs(variables, job.mask);
  return deliver(what, await selectDeliveries(read), {
    job,
    host: memoryHost(job, { env }),
    inputs: read,
    remember: saveUndo,
  });
}

describe('environment', () => {
  test('sets five variables and four outputs, and post blanks what was not there', async () => {
    const env = {};
    const job = memoryJob(env);
    await run(job, env);
    expect(Object.fromEntries(job.exported)).toEqual(ours);
    expect(Object.fromEntries(job.outputs)).toEqual(identity);
    cleanUp(job, { env, files: memoryDisk() });
    expect(Object.fromEntries(job.exported)).toEqual(nothing);
  });

  test('post puts back what was there before', async () => {
    const before = {
      AWS_ACCESS_KEY_ID: 'AKIABEFORE',
      AWS_SECRET_ACCESS_KEY: 'before',
      AWS_SESSION_TOKEN: 'token before',
      AWS_REGION: 'eu-west-1',
      AWS_DEFAULT_REGION: '',
    };
    const env = { ...before };
    const job = memoryJob(env);
    await run(job, env);
    expect(env).toEqual(ours);
    cleanUp(job, { env, files: memoryDisk() });
    expect(env).toEqual(before);
  });

  test('a secret that was there is masked before the state holds it', async () => {
    const env = { AWS_SECRET_ACCESS_KEY: 'before' };
    const job = memoryJob(env);
    await run(job, env);
    expect(job.masks).toContain('before');
    expect(job.saved.get('undo')).not.toContain('secret of a');
  });

  test('post leaves alone what someone else has changed since', async () => {
    const env: Record<string, string> = {};
    const job = memoryJob(env);
    await run(job, env);
    env.AWS_REGION = 'ap-south-1';
    cleanUp(job, { env, files: memoryDisk() });
    expect(env).toEqual({ ...nothing, AWS_REGION: 'ap-south-1' });
    expect(job.said.at(-1)).toBe('Not restored, because they were changed after this step: AWS_REGION.');
  });

  test('a step-level variable hides ours from post, and ours goes from the job all the same', async () => {
    const env: Record<string, string> = { AWS_REGION: 'eu-west-1' };
    const job = memoryJob(env);
    await run(job, env);
    cleanUp(job, { env: { ...env, AWS_REGION: 'eu-west-1' }, files: memoryDisk() });
    expect(job.exported.get('AWS_REGION')).toBe('eu-west-1');
  });

  test('the undo list is saved before the first variable is set', async () => {
    const job = memoryJob();
    await run(job, {});
    expect(job.said.findIndex((line) => line.startsWith('state'))).toBeLessThan(
      job.said.findIndex((line) => line.startsWith('export')),
    );
  });

  test('a token of earlier credentials is blanked where the new ones have none', async () => {
    const credentials = { accessKeyId: 'AKIA', secretAccessKey: 's' };
    const job = memoryJob();
    await run(job, { AWS_SESSION_TOKEN: 'old' }, {}, { ...parcel, session: { ...session, credentials } });
    expect(job.exported.get('AWS_SESSION_TOKEN')).toBe('');
    const clean = memoryJob();
    await run(clean, {}, {}, { ...parcel, session: { ...session, credentials } });
    expect(clean.exported.has('AWS_SESSION_TOKEN')).toBe(false);
  });

  test('an expiration of earlier credentials gives way to the new one', async () => {
    const job = memoryJob();
    await run(job, { AWS_CREDENTIAL_EXPIRATION: '2025-01-01T00:00:00Z' });
    expect(job.exported.get('AWS_CREDENTIAL_EXPIRATION')).toBe('2026-01-01T01:00:00.000Z');
  });
});

describe('outputs', () => {
  test('with output-credentials and without the environment', async () => {
    const job = memoryJob();
    await run(job, {}, { 'output-credentials': 'true', 'output-env-credentials': 'false' });
    expect(Object.fromEntries(job.exported)).toEqual({});
    expect(Object.fromEntries(job.outputs)).toEqual({
      ...identity,
      'aws-access-key-id': 'key of a',
      'aws-secret-access-key': 'secret of a',
      'aws-session-token': 'token of a',
      'aws-expiration': '2026-01-01T01:00:00.000Z',
    });
  });
});

describe('all or nothing', () => {
  test.each(['state undo', 'export AWS_ACCESS_KEY_ID', 'export AWS_DEFAULT_REGION', 'output aws-account-id'])(
    '%s cannot be written',
    async (full) => {
      const env = { AWS_ACCESS_KEY_ID: 'AKIABEFORE', AWS_SECRET_ACCESS_KEY: 'before' };
      const job = memoryJob(env, [full]);
      await expect(run(job, env)).rejects.toThrow(
        expect.objectContaining({ code: 'DELIVERY_FAILED', message: expect.stringContaining('ENOSPC') }),
      );
      expect(env).toMatchObject({ AWS_ACCESS_KEY_ID: 'AKIABEFORE', AWS_SECRET_ACCESS_KEY: 'before' });
      expect(Object.values(env).filter((value) => Object.values(ours).includes(value))).toEqual([]);
    },
  );
});

describe('clean-up', () => {
  test('says so where there is nothing to do', () => {
    const job = memoryJob();
    cleanUp(job, { env: {}, files: memoryDisk() });
    expect(job.said).toEqual(['Nothing to restore.']);
  });

  test.each(['{', '{}', '[1]', '[{"undo":"restore","name":"X"}]', '[{"undo":"rm","name":"X","ours":"","before":""}]'])(
    'state %j is a warning, never a failure',
    (state) => {
      const job = memoryJob();
      job.saveState('undo', state);
      cleanUp(job, { env: {}, files: memoryDisk() });
      expect(job.said.at(-1)).toMatch(/^warning: .*could not be restored/);
      expect(job.exported.size).toBe(0);
    },
  );

  test.each(['[{"before":"a-secret"', 'a-secret', '{"before":a-secret}'])('state %j is not quoted', (state) => {
    const job = memoryJob();
    job.saveState('undo', state);
    const before = job.said.length;
    cleanUp(job, { env: {}, files: memoryDisk() });
    expect(job.said.slice(before)).toHaveLength(1);
    expect(job.said.slice(before).join()).not.toMatch(/a-secret|before/);
  });

  test('two uses unwind like a stack', async () => {
    const env: Record<string, string> = {};
    const first = memoryJob(env);
    await run(first, env);
    const second = memoryJob(env);
    await run(second, env, {}, { ...parcel, session: { ...session, credentials: keysOf('b'), region: 'eu-west-1' } });
    expect(env.AWS_ACCESS_KEY_ID).toBe('key of b');
    cleanUp(second, { env, files: memoryDisk() });
    expect(env).toEqual(ours);
    cleanUp(first, { env, files: memoryDisk() });
    expect(env).toEqual(nothing);
  });
});
