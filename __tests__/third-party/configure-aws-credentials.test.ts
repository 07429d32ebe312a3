import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Emulator } from '../../emulator/contract.ts';
import { startEmulator } from '../../emulator/emulator.ts';
import { makeTree, root, runAct } from './support/act.ts';
import { secretsOf } from './support/secrets.ts';
import { said, undone } from './support/story.ts';
import { tools } from './support/tools.ts';

const onAct = tools.act.kind === 'ready' ? describe : describe.skip;
const workflow = 'configure-aws-credentials.yml';

onAct('a workflow that was written for configure-aws-credentials', () => {
  let folder = '';
  let emulator: Emulator;
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'configure-aws-credentials-'));
    emulator = await startEmulator();
  });
  afterEach(async () => {
    await emulator.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test('runs with nothing but its "uses:" changed', async () => {
    const tree = makeTree(folder, {
      [workflow]: readFileSync(join(root, '__tests__', 'third-party', 'workflows', workflow), 'utf8'),
    });
    const wanted = { AWS_ACCESS_KEY_ID: 'accessKeyId', AWS_SECRET_ACCESS_KEY: 'secretAccessKey' } as const;
    const secrets = await secretsOf(wanted, emulator);
    const run = await runAct(tree, { workflow, environment: emulator.environment, secrets });
    expect({ exitCode: run.exitCode, log: run.exitCode === 0 ? '' : run.log }).toEqual({ exitCode: 0, log: '' });
    expect(Object.fromEntries(Object.entries(run.jobs).map(([name, job]) => [name, said(job)]))).toEqual({
      oidc: ['account 111111111111'],
      keys: [],
      'keys-and-role': ['as arn:aws:sts::222222222222:assumed-role/external/MySessionName'],
      chaining: ['in 222222222222, then in 111111111111'],
      guards: [],
      profile: ['[dev]'],
      variables: ['as arn:aws:sts::111111111111:assumed-role/deploy/by-variable'],
    });
    expect(Object.values(run.jobs).map(({ result }) => result)).toEqual(Object.keys(run.jobs).map(() => 'success'));
    const posts = Object.entries(run.jobs).map(([name, job]) => [name, undone(job).length]);
    expect(Object.fromEntries(posts)).toEqual({
      ...Object.fromEntries(Object.keys(run.jobs).map((name) => [name, 1])),
      chaining: 3,
    });
    const left = Object.values(run.jobs).flatMap(({ exported }) => Object.entries(exported));
    // The workflow's own region, which is set for the whole workflow, is what the posts put back.
    expect(left.filter(([name, value]) => value !== '' && !(name === 'AWS_REGION' && value === 'us-east-1'))).toEqual(
      [],
    );
    expect([...emulator.secrets(), ...Object.values(secrets)].filter((secret) => run.log.includes(secret))).toEqual([]);
  });
});
