import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { build } from 'esbuild';
import type { Emulator } from '../../emulator/contract.ts';
import { startEmulator } from '../../emulator/emulator.ts';
import { createFiles } from '../../src/adapters/machine/files.ts';
import { createJobFolders } from '../../src/adapters/machine/job-folders.ts';
import { deliver } from '../../src/deliveries/index.ts';
import { renewable } from '../../src/deliveries/renewable/renewable.ts';
import { readInputs } from '../../src/inputs/inputs.ts';
import { webIdentityKeys } from '../emulator/support/wire.ts';
import { memoryHost, memoryJob } from '../support/memory.ts';
import { pathOf, tools } from './support/tools.ts';

type Env = Readonly<Record<string, string>>;

const onPython = tools.python.kind === 'ready' ? describe : describe.skip;
/** Seconds. */
const life = 20;
const asking = 3 * life + 5;

const one = ['arn:aws:iam::111111111111:role/deploy'];
const three = [...one, 'arn:aws:iam::222222222222:role/target', 'arn:aws:iam::333333333333:role/final'];

onPython('sessions of 20 s outlive three expiries in one process', () => {
  let emulator: Emulator;
  let root = '';
  beforeEach(async () => {
    emulator = await startEmulator({ lifetime: life });
    root = realpathSync(mkdtempSync(join(tmpdir(), 'three expiries ')));
    const entryPoints = [fileURLToPath(new URL('support/renewing.ts', import.meta.url))];
    await build({
      entryPoints,
      bundle: true,
      platform: 'node',
      format: 'cjs',
      outfile: join(root, 'dist', 'index.js'),
    });
    writeFileSync(join(root, 'renewals'), '');
  });
  afterEach(async () => {
    await emulator.close();
    rmSync(root, { recursive: true, force: true });
  });

  const runner = (): Env => ({
    HOME: root,
    PATH: [dirname(process.execPath), '/usr/bin', '/bin'].join(delimiter),
    RUNNER_TEMP: root,
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_REGION: 'us-east-1',
    AWS_DEFAULT_REGION: 'us-east-1',
    AWS_ENDPOINT_URL_STS: `${emulator.url}/sts`,
  });

  /** The job's environment after a step that delivers an expired session, so that the first call renews. */
  function delivered(roles: readonly string[]): Env {
    const env: Record<string, string | undefined> = { ...runner() };
    const job = memoryJob(env);
    const files = { ...createFiles(), locate: (path: string) => path.replace(/^~/, root) };
    const host = {
      ...memoryHost(job, { env, disk: files }),
      now: Date.now,
      readSecret: (path: string) => readFileSync(path, 'utf8'),
    };
    const credentials = { accessKeyId: 'ASIAEXPIRED', secretAccessKey: 's', sessionToken: 't', expiration: new Date() };
    const account = roles.at(-1)?.split(':')[4] ?? '';
    const { ACTIONS_ID_TOKEN_REQUEST_URL: tokenUrl, ACTIONS_ID_TOKEN_REQUEST_TOKEN: requestToken } =
      emulator.environment;
    const plan = {
      account,
      sts: `${emulator.url}/sts`,
      tokenUrl,
      requestToken,
      roles: roles.join(' '),
      log: join(root, 'renewals'),
    };
    const renewal = { folders: createJobFolders(env, join(root, 'dist')), planOf: () => plan };
    const parcel = { session: { credentials, identity: { account }, region: 'us-east-1' }, source: 'oidc' };
    const inputs = readInputs({}, job.mask);
    deliver(parcel, [renewable(renewal)], { job, host, inputs, remember: () => {} });
    return Object.fromEntries(Object.entries(env).map(([name, value = '']) => [name, value]));
  }

  const script = (name: string) => fileURLToPath(new URL(`support/${name}`, import.meta.url));
  const run = (program: string, words: readonly string[], env: Env) =>
    new Promise<string>((resolve) => {
      const done = (_error: unknown, stdout: string, stderr: string) =>
        resolve((stdout + stderr).trim().split('\n').at(-1) ?? '');
      execFile(program, [...words], { env, encoding: 'utf8' }, done);
    });
  /** What each tool says at the end: boto3 and the SDK for JavaScript in one process, the CLI in one for each call. */
  async function keepAsking(env: Env): Promise<readonly string[]> {
    const python = pathOf(tools.python);
    const cli = async () => {
      const end = performance.now() + asking * 1000;
      const words = ['sts', 'get-caller-identity', '--query', 'Account', '--output', 'text'];
      let said = '000000000000';
      while (performance.now() < end && /^\d{12}$/.test(said)) said = await run(join(python, 'aws'), words, env);
      return /^\d{12}$/.test(said) ? 'asked' : said;
    };
    return Promise.all([
      cli(),
      run(join(python, 'python'), [script('keep-asking.py'), String(asking)], env),
      run(process.execPath, [script('keep-asking.mjs'), String(asking)], env),
    ]);
  }

  test.each([
    ['one role', one],
    ['a chain of three', three],
  ])(
    'through %s: no call fails, and the tools share each renewal',
    async (_what, roles) => {
      expect(await keepAsking(delivered(roles))).toEqual(['asked', 'asked', 'asked']);
      const renewals = readFileSync(join(root, 'renewals'), 'utf8').trim().split('\n');
      // At the half of each life, and once at the start.
      expect(renewals.length).toBeGreaterThanOrEqual(3);
      expect(renewals.length).toBeLessThanOrEqual(2 + (2 * asking) / life);
    },
    180_000,
  );

  test('with keys in the environment it ends at the first expiry, so the test can fail', async () => {
    const { accessKeyId, secretAccessKey, sessionToken = '' } = await webIdentityKeys(emulator);
    const keys = {
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
      AWS_SESSION_TOKEN: sessionToken,
    };
    const expired = expect.stringMatching(/expired/i);
    const [cli, boto3, js] = await keepAsking({ ...runner(), ...keys });
    expect([cli, boto3]).toEqual([expired, expired]);
    expect(js).not.toBe('asked');
  }, 180_000);
});
