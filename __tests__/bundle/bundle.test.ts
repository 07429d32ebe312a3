import { execFile, execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import type { Emulator, Job, JobOptions, StepOptions } from '../../emulator/contract.ts';
import { startEmulator } from '../../emulator/emulator.ts';
import { createJob } from '../../emulator/runner.ts';
import { readWorld } from '../../emulator/world/world.ts';
import { seal } from '../../src/formats/seal.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const dist = join(root, 'dist');
const oidc = { 'role-to-assume': 'arn:aws:iam::111111111111:role/deploy', 'aws-region': 'us-east-1' };
const ours = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN', 'AWS_REGION', 'AWS_DEFAULT_REGION'];

let folder: string;
let emulator: Emulator;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'bundle-'));
  emulator = await startEmulator();
});
afterEach(async () => {
  await emulator.close();
  rmSync(folder, { recursive: true, force: true });
});

const newJob = (options: Partial<JobOptions> = {}): Job =>
  createJob({ folder, ...options, environment: { ...emulator.environment, ...options.environment } });
/** The files of main among these, except those that every start reads. */
const chunksIn = (paths: readonly string[]): readonly string[] =>
  paths.filter((path) => /[\\/]dist[\\/]main[\\/](?!(?:index|spied)\.js$)[^\\/]+\.js$/.test(path));
const bytesOf = (path: string): number =>
  readdirSync(path, { recursive: true, encoding: 'utf8' })
    .map((name) => statSync(join(path, name)))
    .filter((entry) => entry.isFile())
    .reduce((sum, { size }) => sum + size, 0);

describe('dist', () => {
  test('is small, and post smaller', () => {
    expect(bytesOf(dist)).toBeLessThanOrEqual(700_000);
    expect(bytesOf(join(dist, 'post'))).toBeLessThanOrEqual(50_000);
  });

  test('holds what action.yml names, and the license of every package in it', () => {
    const { runs } = parse(readFileSync(join(root, 'action.yml'), 'utf8'));
    expect(runs).toMatchObject({ using: 'node24', 'post-if': "env.AWS_SKIP_CLEANUP_STEP != 'true'" });
    expect(statSync(join(root, runs.main)).isFile() && statSync(join(root, runs.post)).isFile()).toBe(true);
    const licenses = readFileSync(join(dist, 'main', 'licenses.txt'), 'utf8');
    for (const name of ['@actions/core', '@aws-sdk/client-sts', '@aws-sdk/client-sso', '@smithy/core', 'yaml']) {
      expect(licenses).toContain(name);
    }
  });

  test('post holds no AWS code, and neither holds the emulator', () => {
    const text = (path: string) =>
      readdirSync(join(dist, path))
        .filter((name) => name.endsWith('.js'))
        .map((name) => readFileSync(join(dist, path, name), 'utf8'))
        .join('\n');
    expect(text('post')).not.toMatch(/AssumeRole|smithy|aws4_request/);
    expect(text('main')).toMatch(/AssumeRole/);
    expect(text('main') + text('post')).not.toMatch(/octo-org|octocat/);
  });
});

describe('files opened and code loaded', () => {
  /** The files below `places` that main opened, seen from inside the process. */
  async function opened(
    step: StepOptions,
    environment: Readonly<Record<string, string>> = {},
  ): Promise<readonly string[]> {
    const spy = join(folder, 'spy.mjs');
    const log = join(folder, 'opened.txt');
    writeFileSync(
      spy,
      `import fs from 'node:fs'; import { registerHooks, syncBuiltinESMExports } from 'node:module';
const note = (path) => original(${JSON.stringify(log)}, String(path) + '\\n');
const original = fs.appendFileSync;
for (const name of ['openSync', 'readFileSync', 'readFile', 'open', 'statSync', 'lstatSync']) {
  const real = fs[name];
  fs[name] = (path, ...rest) => { if (typeof path === 'string') note(path); return real(path, ...rest); };
}
const readFile = fs.promises.readFile;
fs.promises.readFile = (path, ...rest) => { note(path); return readFile(path, ...rest); };
syncBuiltinESMExports();
registerHooks({ load(url, context, next) { note(url); return next(url, context); } });`,
    );
    writeFileSync(log, '');
    const action = join(folder, 'action');
    execFileSync(process.execPath, [
      '-e',
      `require('node:fs').cpSync(${JSON.stringify(dist)}, ${JSON.stringify(join(action, 'dist'))}, { recursive: true })`,
    ]);
    writeFileSync(join(action, 'package.json'), '{"type":"module"}');
    writeFileSync(
      join(action, 'dist', 'main', 'spied.js'),
      `import ${JSON.stringify(new URL(`file://${spy}`).href)};\nawait import('./index.js');\n`,
    );
    writeFileSync(
      join(action, 'action.yml'),
      readFileSync(join(root, 'action.yml'), 'utf8').replace('dist/main/index.js', 'dist/main/spied.js'),
    );
    const result = await newJob({ environment }).use({ ...step, action });
    expect(result.exitCode).toBe(0);
    return readFileSync(log, 'utf8')
      .split('\n')
      .filter((line) => line !== '');
  }

  const sso = {
    'sso-token': readWorld().sso.accessToken,
    'sso-account-id': '111111111111',
    'sso-role-name': 'ReadOnly',
    'sso-region': 'us-east-1',
  };
  test.each([
    ['oidc', oidc],
    ['static', { 'aws-access-key-id': 'AKIAEXAMPLE', 'aws-secret-access-key': 'x', 'verify-identity': 'false' }],
    ['sso', sso],
  ])('%s: no file of another source is read, whatever the environment says', async (_source, inputs) => {
    const places = {
      AWS_CONFIG_FILE: join(folder, 'config'),
      AWS_SHARED_CREDENTIALS_FILE: join(folder, 'credentials'),
      AWS_PROFILE: 'someone',
      AWS_ROLE_ARN: oidc['role-to-assume'],
      AWS_WEB_IDENTITY_TOKEN_FILE: join(folder, 'a-token'),
      AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: '/role',
      AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: join(folder, 'a-token'),
    };
    const paths = await opened({ with: { 'aws-region': 'us-east-1', ...inputs } }, places);
    expect(paths.some((path) => path.endsWith('main/index.js'))).toBe(true);
    expect(paths.filter((path) => /\.aws|[\\/](config|credentials|a-token)$|cache/.test(path))).toEqual([]);
  });

  test('neither a client nor a parser that is not needed is loaded', async () => {
    const chunks = (paths: readonly string[]) => chunksIn(paths).map((path) => path.replace(/^.*[\\/]/, ''));
    const holding = (name: string) =>
      readdirSync(join(dist, 'main')).filter(
        (file) =>
          file.endsWith('.js') && file !== 'index.js' && readFileSync(join(dist, 'main', file), 'utf8').includes(name),
      );
    const bySts = chunks(await opened({ with: oidc }));
    const sts = holding('com.amazonaws.sts');
    expect(sts).not.toEqual([]);
    expect(bySts).toEqual(expect.arrayContaining(sts));
    for (const word of [
      'x-amz-sso_bearer_token',
      'AWSCognitoIdentityService',
      'cognito-identity-pool-id" and',
      'STDIO streams',
      'meta-data/iam/security-credentials',
      'AWS_CONTAINER_AUTHORIZATION_TOKEN(_FILE)',
      'handed out credentials that ended',
    ]) {
      expect(holding(word)).not.toEqual([]);
      expect(bySts.filter((file) => holding(word).includes(file))).toEqual([]);
    }
    const yaml = holding('BAD_DIRECTIVE');
    expect(yaml).not.toEqual([]);
    expect(bySts.filter((file) => yaml.includes(file))).toEqual([]);
    const chain = { 'role-chain': `- role-arn: ${oidc['role-to-assume']}`, 'aws-region': 'us-east-1' };
    expect(chunks(await opened({ with: chain }))).toEqual(expect.arrayContaining(yaml));
  });

  test('a process is run without a client that it does not need', async () => {
    const script = join(folder, 'keys.js');
    const keys = { Version: 1, AccessKeyId: 'AKIAEXAMPLE', SecretAccessKey: 'a-secret', AccountId: '111111111111' };
    writeFileSync(script, `console.log(${JSON.stringify(JSON.stringify(keys))})`);
    const paths = await opened({ with: { 'credential-process': `node ${script}`, 'aws-region': 'us-east-1' } });
    const chunks = chunksIn(paths);
    expect(chunks).not.toEqual([]);
    expect(chunks.filter((path) => /smithy|AssumeRole/.test(readFileSync(new URL(path, 'file://'), 'utf8')))).toEqual(
      [],
    );
  });

  test('a container asks its endpoint without any client of AWS', async () => {
    const { task } = readWorld().machines;
    const paths = await opened(
      { with: { source: 'container', 'aws-region': 'us-east-1' } },
      { AWS_CONTAINER_CREDENTIALS_FULL_URI: `${emulator.url}/ecs/v2/credentials/${task.credentialsId}` },
    );
    const loaded = chunksIn(paths).map((path) =>
      readFileSync(path.startsWith('file:') ? fileURLToPath(path) : path, 'utf8'),
    );
    expect(loaded).not.toEqual([]);
    expect(loaded.filter((code) => /smithy|AssumeRole|\/latest\/api\/token/.test(code))).toEqual([]);
  });

  test('a sealed session is opened without any client', async () => {
    const sealing = { key: 'a-sealing-key-of-thirty-two-characters', server: '', repository: '', run: '' };
    const keys = { accessKeyId: 'ASIAEXAMPLE', secretAccessKey: 'the-secret-inside', sessionToken: 'the-token-inside' };
    const text = seal({ ...keys, account: '111111111111', region: 'us-east-1', job: '' }, sealing);
    const paths = await opened({ with: { 'sealed-session': text, 'sealing-key': sealing.key } });
    expect(paths.some((path) => path.endsWith('main/index.js'))).toBe(true);
    expect(chunksIn(paths)).toEqual([]);
  });
});

describe('a crash', () => {
  const before = {
    AWS_ACCESS_KEY_ID: 'AKIABEFORE',
    AWS_SECRET_ACCESS_KEY: 'the-secret-before',
    AWS_REGION: 'eu-west-1',
  };
  type Seen = Parameters<NonNullable<StepOptions['kill']>>[0];
  const moments: readonly (readonly [string, (seen: Seen) => boolean])[] = [
    ['before anything was asked', ({ raw }) => raw.includes('Source:')],
    ['while the session was masked', ({ raw }) => (raw.match(/::add-mask::/g) ?? []).length >= 2],
    ['when the undo list was saved', ({ state }) => state.includes('undo')],
    ...ours.map((name) => [`after ${name} was set`, ({ exported }: Seen) => exported.includes(`${name}<<`)] as const),
    ['after the first output', ({ outputs }) => outputs.includes('aws-account-id')],
    ['after the last output', ({ outputs }) => outputs.includes('credential-source')],
  ];
  test.each(moments)('%s: post puts back what stood there', async (_moment, kill) => {
    const job = newJob({ environment: before });
    const killed = await job.use({ with: oidc, kill });
    expect(killed.signal).toBe('SIGKILL');
    const [post] = await job.finish();
    expect(post?.exitCode).toBe(0);
    const after = Object.fromEntries(ours.map((name) => [name, job.environment[name] ?? '']));
    expect(after).toEqual({
      AWS_ACCESS_KEY_ID: 'AKIABEFORE',
      AWS_SECRET_ACCESS_KEY: 'the-secret-before',
      AWS_SESSION_TOKEN: '',
      AWS_REGION: 'eu-west-1',
      AWS_DEFAULT_REGION: '',
    });
    const shown = emulator.secrets().filter((secret) => secret.length > 7 && killed.log.includes(secret));
    expect(shown).toEqual([]);
  });
});

describe('a crash while a profile is written', () => {
  const places = { credentials: '.aws/credentials', config: '.aws/config' };
  const none: Readonly<Record<string, string>> = {};
  const old: typeof none = {
    credentials: '# mine\n[ci]\naws_secret_access_key = an-old-secret\n[b]\nk = 1',
    config: '[profile b]\r\nregion = x',
  };
  const home = () => join(folder, 'home');
  /** Every file below the home. */
  const disk = (): Readonly<Record<string, string>> =>
    Object.fromEntries(
      readdirSync(home(), { recursive: true, encoding: 'utf8' }).map((name) => {
        const path = join(home(), name);
        return [name, statSync(path).isFile() ? readFileSync(path, 'utf8') : 'folder'];
      }),
    );
  // Asked at any moment: what was there a moment ago may be gone.
  const holds = (place: string, text: string) =>
    existsSync(join(home(), place)) && readFileSync(join(home(), place), 'utf8').includes(text);
  const beside = (end: string) =>
    existsSync(join(home(), '.aws')) ? readdirSync(join(home(), '.aws')).filter((name) => name.endsWith(end)) : [];
  type Seen = Parameters<NonNullable<StepOptions['kill']>>[0];
  const sections = ({ state }: Seen): number =>
    (
      state
        .split('\n')
        .at(-3)
        ?.match(/"undo":"section"/g) ?? []
    ).length;
  const moments: readonly (readonly [string, (seen: Seen) => boolean])[] = [
    ['when the folders are recorded', ({ state }) => state.includes('undo')],
    ['with the lock held, before the first file', (seen) => sections(seen) === 1],
    ['with the first file on its way', () => beside('.tmp').length > 0],
    ['with the first file written, and its lock held', () => holds(places.credentials, 'ASIA')],
    ['between the two files', (seen) => sections(seen) === 2],
    ['with the second file on its way', () => beside('.tmp').some((name) => name.includes('config'))],
    ['with both files written', () => holds(places.config, 'us-east-1')],
    ['with AWS_PROFILE set', ({ exported }) => exported.includes('AWS_PROFILE<<')],
    ['with the environment set', ({ exported }) => exported.includes('AWS_DEFAULT_REGION<<')],
    ['after the last output', ({ outputs }) => outputs.includes('credential-source')],
  ];
  const step = {
    with: { ...oidc, 'aws-profile': 'ci', 'overwrite-aws-profile': 'true', 'output-env-credentials': 'true' },
  };

  test.each(moments)('%s: post leaves the home as it was', async (_moment, kill) => {
    for (const files of [none, old]) {
      const job = newJob();
      if (files === old) mkdirSync(join(home(), '.aws'));
      for (const [name, text] of Object.entries(files)) writeFileSync(join(home(), '.aws', name), text);
      const before = disk();
      expect((await job.use({ ...step, kill })).signal).toBe('SIGKILL');
      const [post] = await job.finish();
      expect([post?.exitCode, post?.annotations]).toEqual([0, []]);
      expect(disk()).toEqual(before);
      expect(['AWS_PROFILE', ...ours].filter((name) => job.environment[name])).toEqual([]);
    }
  });

  test('a use that comes next takes over the lock that one without clean-up left', async () => {
    const job = newJob();
    const kill = () => beside('.lock').length > 0;
    expect((await job.use({ with: { ...step.with, cleanup: 'false' }, kill })).signal).toBe('SIGKILL');
    expect(beside('.lock')).toEqual(['credentials.aws-credential-step.lock']);
    expect((await job.use(step)).exitCode).toBe(0);
    expect(Object.keys(disk()).toSorted()).toEqual(['.aws', places.config, places.credentials].toSorted());
  });
});

test('what cannot be delivered leaves the job as it was', async () => {
  const files = Object.fromEntries(['GITHUB_OUTPUT', 'GITHUB_STATE'].map((name) => [name, join(folder, name)]));
  for (const path of Object.values(files)) writeFileSync(path, '');
  const inputs = Object.entries(oidc).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]);
  const env = { ...emulator.environment, ...files, ...Object.fromEntries(inputs), GITHUB_ENV: join(folder, 'missing') };
  const main = promisify(execFile)(process.execPath, [join(dist, 'main', 'index.js')], { env });
  await expect(main).rejects.toMatchObject({
    code: 1,
    stdout: expect.stringMatching(
      /^::error::DELIVERY_FAILED: The credentials could not be handed to the job: .+%0A.+$/m,
    ),
  });
  expect(readFileSync(join(folder, 'GITHUB_OUTPUT'), 'utf8')).toBe('');
});
