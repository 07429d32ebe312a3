import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Emulator } from '../../emulator/contract.ts';
import { startEmulator } from '../../emulator/emulator.ts';
import { makeTree, root, runAct } from './support/act.ts';
import { type Example, examples } from './support/examples.ts';
import { secretsOf } from './support/secrets.ts';
import { said, undone } from './support/story.ts';
import { tools } from './support/tools.ts';

let folder = '';
let tree = '';
let emulator: Emulator;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'act-'));
  tree = makeTree(folder);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
beforeEach(async () => {
  emulator = await startEmulator();
});
afterEach(() => emulator.close());

/** What the emulator puts into a job; on a laptop, no ID tokens. */
const environmentFor = ({ where }: Example) =>
  Object.fromEntries(
    Object.entries(emulator.environment).filter(
      ([name]) => where === 'as on GitHub' || !name.startsWith('ACTIONS_ID_TOKEN'),
    ),
  );

const titleOf = ({ file, where, secrets = {} }: Example): string =>
  [file, where, ...(Object.keys(secrets).length > 0 ? [`with ${Object.keys(secrets).join(', ')}`] : [])].join(' ');

const onAct = tools.act.kind === 'ready' ? describe : describe.skip;

onAct('act runs an example as it stands', () => {
  test.each(examples.map((example) => [titleOf(example), example] as const))('%s', async (_title, example) => {
    const secrets = await secretsOf(example.secrets, emulator);
    const run = await runAct(tree, { workflow: example.file, environment: environmentFor(example), secrets });
    const jobs = Object.entries(run.jobs);
    expect({ exitCode: run.exitCode, log: run.exitCode === 0 ? '' : run.log }).toEqual({ exitCode: 0, log: '' });
    expect(jobs.map(([name, { result }]) => `${name}: ${result}`).sort()).toEqual(
      Object.keys(example.jobs).map((name) => `${name}: success`),
    );
    const stories = jobs.map(([name, job]) => [
      name,
      [...said(job), ...undone(job)].map((line) => line.replaceAll(run.home, '~')),
    ]);
    expect(Object.fromEntries(stories)).toEqual(example.jobs);
    const seen = emulator.requests().map(({ operation, status }) => `${operation} ${status}`);
    expect(seen.sort()).toEqual(example.requests);

    for (const [, { steps, exported }] of jobs) {
      const count = (stage: string) => steps.filter((step) => step.stage === stage && step.name === './').length;
      expect(count('Main')).toBeGreaterThan(0);
      expect(count('Post')).toBe(count('Main'));
      expect(steps.filter(({ result }) => result !== 'success')).toEqual([]);
      // Every variable is as it was before the job, which is empty.
      expect(Object.entries(exported).filter(([, value]) => value !== '')).toEqual([]);
    }
    expect(existsSync(join(run.home, '.aws'))).toBe(false);
    // The id of a key is no secret to AWS, but it is one to act, which masks all that its secret file holds.
    const hidden = [...emulator.secrets(), ...Object.values(secrets)];
    expect(hidden.filter((secret) => run.log.includes(secret))).toEqual([]);
  });

  test('every example is run, and the one that another calls with it', () => {
    const names = readdirSync(join(root, 'examples')).filter((name) => name.endsWith('.yml'));
    const run = [...examples.map(({ file }) => file), 'sealed-reusable-authorise.yml'];
    expect([...new Set(run)].sort()).toEqual(names.sort());
  });
});
