import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Emulator } from '../../emulator/contract.ts';
import { startEmulator } from '../../emulator/emulator.ts';
import { machineOf } from '../support/machine.ts';
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

/** What is in every job; nobody mints ID tokens but GitHub. */
const environmentFor = ({ file, where }: Example) => ({
  ...Object.fromEntries(
    Object.entries(emulator.environment).filter(
      ([name]) => where === 'as on GitHub' || !name.startsWith('ACTIONS_ID_TOKEN'),
    ),
  ),
  ...machineOf(file, emulator),
});

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
      // Every variable is as it was before the job, which is empty, but for what the workflow itself sets.
      const left = Object.keys(exported).filter((name) => exported[name] !== '');
      expect(left.sort()).toEqual(example.sets ?? []);
    }
    expect(existsSync(join(run.home, '.aws'))).toBe(false);
    // The id of a key is no secret to AWS, but it is one to act, which masks all that its secret file holds.
    const hidden = [...emulator.secrets(), ...Object.values(secrets)];
    expect(hidden.filter((secret) => run.log.includes(secret))).toEqual([]);
  });

  test('every example is run, and the one that another calls with it', () => {
    const names = readdirSync(join(root, 'examples')).filter((name) => name.endsWith('.yml'));
    const run = [...examples.map(({ file }) => file), 'sealed-reusable-authorize.yml'];
    expect([...new Set(run)].sort()).toEqual(names.sort());
  });
});

onAct('act, in other ways that docs/act.md shows', () => {
  const workflow = 'local-and-github.yml';

  test('with a secret from its own environment, which then is in no file', async () => {
    const shell = await secretsOf({ AWS_SSO_TOKEN: 'ssoToken' }, emulator);
    const { AWS_ENDPOINT_URL_STS = '', AWS_ENDPOINT_URL_SSO = '' } = emulator.environment;
    const environment = { AWS_ENDPOINT_URL_STS, AWS_ENDPOINT_URL_SSO };
    const run = await runAct(tree, { workflow, environment, shell, flags: ['-s', 'AWS_SSO_TOKEN'] });
    expect({ exitCode: run.exitCode, log: run.exitCode === 0 ? '' : run.log }).toEqual({ exitCode: 0, log: '' });
    expect(run.log).toContain('from-anywhere/GitHubActions, from sso');
  });

  test('with a profile of the one who calls it, which is there afterwards as before', async () => {
    const { AWS_ENDPOINT_URL_STS = '' } = emulator.environment;
    const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY } = await secretsOf(
      { AWS_ACCESS_KEY_ID: 'accessKeyId', AWS_SECRET_ACCESS_KEY: 'secretAccessKey' },
      emulator,
    );
    const file = join('.aws', 'credentials');
    const text = `# mine\n[dev]\naws_access_key_id=${AWS_ACCESS_KEY_ID}\naws_secret_access_key=${AWS_SECRET_ACCESS_KEY}\n`;
    const run = await runAct(tree, {
      workflow,
      environment: { AWS_ENDPOINT_URL_STS },
      shell: { AWS_PROFILE: 'dev' },
      home: { [file]: text },
    });
    expect({ exitCode: run.exitCode, log: run.exitCode === 0 ? '' : run.log }).toEqual({ exitCode: 0, log: '' });
    expect(run.log).toContain('from-anywhere/GitHubActions, from profile');
    expect(readFileSync(join(run.home, file), 'utf8')).toBe(text);
    expect(emulator.secrets().filter((secret) => run.log.includes(secret))).toEqual([]);
  });

  test('with -v, which shows what lies behind an error, and no secret', async () => {
    const { AWS_ENDPOINT_URL_STS = '' } = emulator.environment;
    const secrets = await secretsOf({ AWS_ACCESS_KEY_ID: 'accessKeyId', AWS_SECRET_ACCESS_KEY: 'wrong' }, emulator);
    const options = { workflow, environment: { AWS_ENDPOINT_URL_STS }, secrets, flags: ['-v'] };
    const refused = await runAct(tree, options);
    expect(refused.exitCode).toBe(1);
    expect(refused.log).toMatch(/::debug::SignatureDoesNotMatch/);
    const { environment } = emulator;
    const good = await runAct(tree, { workflow, environment, flags: ['-v'] });
    expect(good.exitCode).toBe(0);
    // What is given by --env is no secret to act, which shows it with -v.
    const given = Object.values(environment);
    const hidden = [...emulator.secrets(), ...Object.values(secrets)].filter((secret) => !given.includes(secret));
    expect(hidden.filter((secret) => `${refused.log}${good.log}`.includes(secret))).toEqual([]);
  });
});
