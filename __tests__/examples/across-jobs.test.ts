import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Emulator } from '../../emulator/contract.ts';
import { startEmulator } from '../../emulator/emulator.ts';
import type { JobRun, WorkflowRun } from '../../emulator/workflow/outcome.ts';
import { runWorkflow } from '../../emulator/workflow.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const examples = join(root, 'examples');

let folder = '';
let emulator: Emulator;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'examples-'));
  emulator = await startEmulator();
});
afterEach(async () => {
  await emulator.close();
  rmSync(folder, { recursive: true, force: true });
});

const sealingKey = randomBytes(32).toString('base64');
const runExample = (name: string): Promise<WorkflowRun> =>
  runWorkflow({ file: join(examples, name), emulator, folder, secrets: { SEALING_KEY: sealingKey } });

const operations = ({ requests }: JobRun): readonly string[] =>
  requests.map(({ operation, status }) => `${operation} ${status}`);
const said = ({ log }: JobRun): string | undefined => /^(Deploying|Rolling out) .*$/m.exec(log)?.[0];

/** What must hold of every example: each post ran, nothing secret was shown, nothing was dropped on its way to a later job. */
function checkRun({ jobs, result }: WorkflowRun): void {
  expect(
    jobs.map(({ name, log, ...job }) => ({ name, result: job.result, log: job.result === 'success' ? '' : log })),
  ).toEqual(jobs.map(({ name }) => ({ name, result: 'success', log: '' })));
  expect(result).toBe('success');
  expect(jobs.flatMap(({ dropped }) => dropped)).toEqual([]);
  for (const { posts } of jobs) expect(posts.map((post) => post?.exitCode)).toEqual([0]);
  const secrets = [...emulator.secrets(), sealingKey];
  for (const { log, raw, name } of jobs) {
    const shown = log + raw.replace(/^::add-mask::.*$/gm, '');
    expect({ name, leaks: secrets.filter((secret) => shown.includes(secret)) }).toEqual({ name, leaks: [] });
  }
}

const sealing = ['IdToken 200', 'AssumeRoleWithWebIdentity 200'];

describe('examples', () => {
  test('sealed-session.yml: the second job chains on, with one request and no ID token', async () => {
    const run = await runExample('sealed-session.yml');
    checkRun(run);
    expect(run.jobs.map((job) => [job.name, operations(job), said(job)])).toEqual([
      ['authorize', sealing, undefined],
      [
        'deploy',
        ['AssumeRole 200'],
        'Deploying to us-east-1 as arn:aws:sts::222222222222:assumed-role/target/GitHubActions',
      ],
    ]);
    expect(run.jobs[0]?.outputs['sealed-session']).toMatch(/^v1\.[\w-]+$/);
    // The later job knows the opened session as a secret before it says anything of it.
    expect(run.jobs[1]?.masks.length).toBeGreaterThanOrEqual(7);
    expect(run.jobs.map(({ posts }) => /^(Nothing to restore|Restored \w+)/m.exec(posts[0]?.log ?? '')?.[0])).toEqual([
      'Nothing to restore',
      'Restored AWS_DEFAULT_REGION',
    ]);
  });

  test('sealed-matrix.yml: five legs go on into five accounts, on one ID token', async () => {
    const run = await runExample('sealed-matrix.yml');
    checkRun(run);
    const leg = (account: string, region: string) => [
      ['AssumeRole 200'],
      `Rolling out to ${region} as arn:aws:sts::${account}:assumed-role/rollout/rollout-1234567890`,
    ];
    expect(run.jobs.map((job) => [operations(job), said(job)])).toEqual([
      [sealing, undefined],
      leg('111111111111', 'us-east-1'),
      leg('222222222222', 'us-east-1'),
      leg('333333333333', 'eu-central-1'),
      leg('666666666666', 'us-east-1'),
      leg('777777777777', 'us-east-1'),
    ]);
  });

  test('sealed-reusable.yml: the reusable workflow seals, and the caller opens without a request', async () => {
    const run = await runExample('sealed-reusable.yml');
    checkRun(run);
    expect(run.jobs.map((job) => [job.name, operations(job), said(job)])).toEqual([
      ['authorize / authorize', sealing, undefined],
      ['deploy', [], 'Deploying to eu-west-1 as arn:aws:sts::111111111111:assumed-role/deploy/GitHubActions'],
    ]);
  });

  test('chain-of-roles.yml: three roles, one after the other', async () => {
    const run = await runExample('chain-of-roles.yml');
    checkRun(run);
    expect(run.jobs.map((job) => [operations(job), said(job)])).toEqual([
      [
        [...sealing, 'AssumeRole 200', 'AssumeRole 200'],
        'Deploying to us-east-1 as arn:aws:sts::333333333333:assumed-role/final/GitHubActions',
      ],
    ]);
  });
});

describe('docs/across-jobs.md', () => {
  const page = readFileSync(join(root, 'docs', 'across-jobs.md'), 'utf8');
  const blocks = [...page.matchAll(/^```yaml\n([\s\S]*?)^```$/gm)].map(([, block = '']) => block);
  const texts = readdirSync(examples)
    .filter((name) => name.endsWith('.yml'))
    .map((name) => readFileSync(join(examples, name), 'utf8'));

  test('shows parts of workflows that were run, as they are there', () => {
    expect(blocks.length).toBeGreaterThan(4);
    expect(blocks.filter((block) => !texts.some((text) => `\n${text}`.includes(`\n${block}`)))).toEqual([]);
  });

  test('names every workflow that is run here', () => {
    const named = [...page.matchAll(/\.\.\/examples\/([\w-]+\.yml)\)/g)].map(([, name]) => name);
    expect(new Set(named)).toEqual(
      new Set(
        ['chain-of-roles', 'sealed-session', 'sealed-matrix', 'sealed-reusable', 'sealed-reusable-authorize'].map(
          (name) => `${name}.yml`,
        ),
      ),
    );
  });
});
