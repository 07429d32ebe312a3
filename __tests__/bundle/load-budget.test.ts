import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { Emulator } from '../../emulator/contract.ts';
import { startEmulator } from '../../emulator/emulator.ts';
import { createJob } from '../../emulator/runner.ts';
import { readWorld } from '../../emulator/world/world.ts';
import { seal } from '../../src/formats/seal.ts';
import { sources } from '../../src/sources/index.ts';

type Texts = Readonly<Record<string, string>>;

/** One run of main, and what it may load. */
interface Row {
  readonly with: Texts;
  readonly environment?: Texts;
  /** Files in the home and the workspace. */
  readonly files?: Texts;
  /** The bytes of code that main loaded when this was measured; it may load 5 % more. */
  readonly measured: number;
  /** What the loaded code must not contain. */
  readonly without: readonly string[];
}

const dist = fileURLToPath(new URL('../../dist/', import.meta.url));
const keys = { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'a-secret-access-key' };
const pair = { AWS_ACCESS_KEY_ID: keys.accessKeyId, AWS_SECRET_ACCESS_KEY: keys.secretAccessKey };
const role = 'arn:aws:iam::111111111111:role/deploy';
const sealingKey = 'a-sealing-key-of-thirty-two-characters';

// A word of each part of dist that few sources need.
const yaml = 'BAD_DIRECTIVE';
const sso = 'x-amz-sso_bearer_token';
const cognito = 'AWSCognitoIdentityService';
const sts = 'com.amazonaws.sts';
const anyClient = [sso, cognito, sts, 'smithy'];
const instance = '/latest/api/token';

const rows = ({ url }: Emulator, idToken: string): Readonly<Record<string, Row>> => ({
  oidc: { with: { 'role-to-assume': role }, measured: 217_631, without: [yaml, sso, cognito, instance] },
  static: {
    with: { 'aws-access-key-id': keys.accessKeyId, 'aws-secret-access-key': keys.secretAccessKey },
    measured: 64_778,
    without: [yaml, ...anyClient, instance],
  },
  sso: {
    with: {
      'sso-token': readWorld().sso.accessToken,
      'sso-account-id': '111111111111',
      'sso-role-name': 'ReadOnly',
      'sso-region': 'us-east-1',
    },
    measured: 121_695,
    without: [yaml, cognito, sts, instance],
  },
  sealed: {
    with: {
      'sealed-session': seal(
        { ...keys, account: '111111111111', region: 'us-east-1', job: '' },
        { key: sealingKey, server: '', repository: '', run: '' },
      ),
      'sealing-key': sealingKey,
    },
    measured: 64_778,
    without: [yaml, ...anyClient, instance],
  },
  process: {
    with: { 'credential-process': 'node keys.js' },
    files: {
      'workspace/keys.js': `console.log(${JSON.stringify(
        JSON.stringify({ Version: 1, AccessKeyId: keys.accessKeyId, SecretAccessKey: keys.secretAccessKey }),
      )})`,
    },
    measured: 85_229,
    without: [yaml, ...anyClient, instance],
  },
  cognito: {
    with: { 'cognito-identity-pool-id': 'us-east-1:11111111-aaaa-4aaa-8aaa-111111111111' },
    measured: 224_340,
    without: [yaml, sso, instance],
  },
  environment: {
    with: { source: 'environment' },
    environment: pair,
    measured: 64_778,
    without: [yaml, ...anyClient, instance],
  },
  'web-identity': {
    with: { 'role-to-assume': role, 'web-identity-token-file': 'token' },
    files: { 'workspace/token': idToken },
    measured: 209_839,
    without: [yaml, sso, cognito, instance],
  },
  container: {
    with: { source: 'container' },
    environment: {
      AWS_CONTAINER_CREDENTIALS_FULL_URI: `${url}/ecs/v2/credentials/${readWorld().machines.task.credentialsId}`,
    },
    measured: 81_143,
    without: [yaml, ...anyClient, instance],
  },
  profile: {
    with: { 'source-profile': 'dev' },
    files: {
      'home/.aws/credentials': `[dev]\naws_access_key_id = ${keys.accessKeyId}\naws_secret_access_key = ${keys.secretAccessKey}\n`,
    },
    measured: 97_727,
    without: [yaml, sso, cognito, sts, instance],
  },
  instance: {
    with: { source: 'instance' },
    environment: { AWS_EC2_METADATA_SERVICE_ENDPOINT: `${url}/imds` },
    measured: 81_351,
    without: [yaml, ...anyClient],
  },
});

let folder: string;
let emulator: Emulator;
let table: Readonly<Record<string, Row>>;
beforeAll(async () => {
  emulator = await startEmulator();
  table = rows(emulator, await emulator.idToken({ audience: 'sts.amazonaws.com' }));
});
afterAll(() => emulator.close());
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'load-budget-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** At the end of a process, writes the files of dist/ that are in Node's module cache to `log`. */
const recorder = (log: string) =>
  `process.on('exit', () => {
  const files = Object.keys(require.cache).filter((file) => file.startsWith(${JSON.stringify(dist)}));
  require('node:fs').appendFileSync(${JSON.stringify(log)}, files.map((file) => file + '\\n').join(''));
});`;

/** The files of dist/ that main loads in this row. */
async function loadedBy({ with: inputs, environment, files = {} }: Row): Promise<readonly string[]> {
  const [log, preload] = [join(folder, 'loaded.txt'), join(folder, 'recorder.cjs')];
  writeFileSync(preload, recorder(log));
  const options = { NODE_OPTIONS: `--require ${JSON.stringify(preload)}` };
  const job = createJob({ folder, environment: { ...emulator.environment, ...environment, ...options } });
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  const result = await job.use({ with: { 'aws-region': 'us-east-1', 'verify-identity': 'false', ...inputs } });
  expect([result.exitCode, result.annotations]).toEqual([0, []]);
  return readFileSync(log, 'utf8')
    .split('\n')
    .filter((line) => line !== '');
}

test.each(sources.map(({ kind }) => kind))('%s: main loads what it needs, and little more', async (kind) => {
  const row = table[kind];
  if (row === undefined) throw new Error(`The table has no row for the source ${kind}: add one.`);
  const files = await loadedBy(row);
  expect(files).toContain(join(dist, 'main', 'index.js'));
  const code = files.map((file) => readFileSync(file, 'utf8')).join('\n');
  expect(row.without.filter((word) => code.includes(word))).toEqual([]);
  expect(files.reduce((sum, file) => sum + statSync(file).size, 0)).toBeLessThanOrEqual(row.measured * 1.05);
});

test('each word that must not be loaded is in dist', () => {
  const code = readdirSync(join(dist, 'main')).map((name) => readFileSync(join(dist, 'main', name), 'utf8'));
  const words = new Set(Object.values(table).flatMap(({ without }) => without));
  expect([...words].filter((word) => !code.some((text) => text.includes(word)))).toEqual([]);
});
