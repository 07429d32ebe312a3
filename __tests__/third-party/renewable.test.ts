import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createFiles } from '../../src/adapters/machine/files.ts';
import { createJobFolders } from '../../src/adapters/machine/job-folders.ts';
import { cleanUp } from '../../src/clean-up.ts';
import { deliver } from '../../src/deliveries/index.ts';
import { renewable } from '../../src/deliveries/renewable/renewable.ts';
import { saveUndo } from '../../src/deliveries/save-undo.ts';
import { readInputs } from '../../src/inputs/inputs.ts';
import { memoryHost, memoryJob } from '../support/memory.ts';
import { type Consumer, consumers, find, type Listener, startListener } from './support/default-chain.ts';
import { pathOf, tools } from './support/tools.ts';

type Env = Readonly<Record<string, string>>;

const onPython = tools.python.kind === 'ready' ? describe : describe.skip;

let aws: Listener;
beforeAll(async () => {
  aws = await startListener();
});
afterAll(() => aws.close());

let root = '';
let temp = '';
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'a job with blanks ')));
  temp = join(root, '_temp');
  for (const folder of [temp, join(root, '.aws'), join(root, 'dist')]) mkdirSync(folder);
  // Replaces the renewal.
  writeFileSync(join(root, 'dist', 'index.js'), `console.log('${document('ASIARENEWED')}')\n`);
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const document = (AccessKeyId: string) =>
  JSON.stringify({
    Version: 1,
    AccessKeyId,
    SecretAccessKey: 's',
    SessionToken: 't',
    Expiration: '2099-01-01T00:00:00Z',
  });

/** What every step of the job has in its environment. */
const runner = (): Env => ({
  HOME: root,
  PATH: [dirname(process.execPath), '/usr/bin', '/bin'].join(delimiter),
  RUNNER_TEMP: temp,
  AWS_EC2_METADATA_DISABLED: 'true',
});

/** The job's environment after a step with `refresh-credentials: true`, whose session has so many seconds to live. */
function deliverInto(before: Env, life = 3600): Env {
  return start(before, life).env();
}

/** The same, and its post. */
function start(before: Env, life = 3600): { env(): Env; post(): void } {
  const env: Record<string, string | undefined> = { ...before };
  const job = memoryJob(env);
  // The home of the job is not that of the tests.
  const files = { ...createFiles(), locate: (path: string) => path.replace(/^~/, root) };
  const host = {
    ...memoryHost(job, { env, disk: files }),
    now: Date.now,
    readSecret: (path: string) => readFileSync(path, 'utf8'),
  };
  const credentials = {
    accessKeyId: 'ASIAPROCESS',
    secretAccessKey: 's',
    sessionToken: 't',
    expiration: new Date(Date.now() + life * 1000),
  };
  const session = { credentials, identity: { account: '111111111111' }, region: 'us-east-1' };
  const renewal = { folders: createJobFolders(env, join(root, 'dist')), planOf: () => ({ account: '111111111111' }) };
  const inputs = readInputs({}, job.mask);
  deliver({ session, source: 'oidc' }, [renewable(renewal)], { job, host, inputs, remember: saveUndo });
  return {
    env: () => Object.fromEntries(Object.entries(env).map(([name, value = '']) => [name, value])),
    post: () => cleanUp(job, { env, files }),
  };
}

/** Who wins in each tool: the access key, or `fails`. */
async function winners(env: Env): Promise<Readonly<Record<Consumer, string>>> {
  const [cli, boto3, js] = await Promise.all(consumers.map((consumer) => find(consumer, env, aws)));
  const named = (found: typeof cli) => found?.accessKeyId || 'fails';
  return { cli: named(cli), boto3: named(boto3), js: named(js) };
}
const all = (winner: string) => ({ cli: winner, boto3: winner, js: winner });

const envKeys = { AWS_ACCESS_KEY_ID: 'AKIAENV', AWS_SECRET_ACCESS_KEY: 's' };
const noEnvKeys = { AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '', AWS_SESSION_TOKEN: '' };
const irsa = { AWS_WEB_IDENTITY_TOKEN_FILE: '/not/there', AWS_ROLE_ARN: 'arn:aws:iam::222222222222:role/irsa' };
const homeKeys = '[default]\naws_access_key_id = AKIAHOME\naws_secret_access_key = s\n';

onPython('who wins beside a process in [default]', () => {
  test.each<[what: string, variables: Env, winner: Readonly<Record<Consumer, string>>]>([
    ['nothing else', {}, all('ASIAPROCESS')],
    ['keys in the environment', envKeys, all('AKIAENV')],
    [
      'keys in the environment, and AWS_PROFILE',
      { ...envKeys, AWS_PROFILE: 'default' },
      { ...all('AKIAENV'), js: 'ASIAPROCESS' },
    ],
    ['blank keys in the environment', noEnvKeys, all('ASIAPROCESS')],
    ['the variables of IRSA', irsa, { cli: 'fails', boto3: 'fails', js: 'ASIAPROCESS' }],
    ['the variables of IRSA, blank', { AWS_WEB_IDENTITY_TOKEN_FILE: '', AWS_ROLE_ARN: '' }, all('ASIAPROCESS')],
    ['an empty AWS_PROFILE', { AWS_PROFILE: '' }, { cli: 'fails', boto3: 'fails', js: 'ASIAPROCESS' }],
    [
      'another AWS_DEFAULT_PROFILE',
      { AWS_DEFAULT_PROFILE: 'other' },
      { cli: 'fails', boto3: 'fails', js: 'ASIAPROCESS' },
    ],
    ['AWS_DEFAULT_PROFILE=default', { AWS_DEFAULT_PROFILE: 'default' }, all('ASIAPROCESS')],
    ['an old AWS_CREDENTIAL_EXPIRATION', { AWS_CREDENTIAL_EXPIRATION: '2020-01-01T00:00:00Z' }, all('ASIAPROCESS')],
    [
      'blank variables of a container',
      { AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: '', AWS_CONTAINER_CREDENTIALS_FULL_URI: '' },
      all('ASIAPROCESS'),
    ],
  ])('%s', async (_what, variables, winner) => {
    expect(await winners({ ...deliverInto(runner()), ...variables })).toEqual(winner);
  });

  test('keys in [default] of the credentials file', async () => {
    const env = deliverInto(runner());
    writeFileSync(join(root, '.aws', 'credentials'), homeKeys);
    expect(await winners(env)).toEqual(all('AKIAHOME'));
  });

  test('after post the files of the home count again: an empty AWS_CONFIG_FILE does no harm, the other variable is never left empty', async () => {
    writeFileSync(join(root, '.aws', 'credentials'), homeKeys);
    expect(await winners({ ...runner(), AWS_CONFIG_FILE: '' })).toEqual(all('AKIAHOME'));
    const hidden = { ...runner(), AWS_SHARED_CREDENTIALS_FILE: '' };
    expect(await winners(hidden)).toEqual({ cli: 'fails', boto3: 'fails', js: 'AKIAHOME' });
    const { env, post } = start(runner());
    expect(await winners(env())).toEqual(all('ASIAPROCESS'));
    post();
    expect(await winners(env())).toEqual(all('AKIAHOME'));
  });
});

onPython('the delivery wins', () => {
  test.each<[what: string, before: Env]>([
    ['over keys in [default] of the home', {}],
    ['over keys of the environment', { ...envKeys, AWS_SESSION_TOKEN: 't' }],
    ['over IRSA', irsa],
    ['over another profile', { AWS_PROFILE: 'other', AWS_DEFAULT_PROFILE: 'other' }],
  ])('%s', async (_what, before) => {
    writeFileSync(join(root, '.aws', 'credentials'), `${homeKeys}[other]\n${homeKeys.split('\n').slice(1).join('\n')}`);
    expect(await winners(deliverInto({ ...runner(), ...before }))).toEqual(all('ASIAPROCESS'));
  });

  test('a session whose time has come is renewed', async () => {
    expect(await winners(deliverInto(runner(), 0))).toEqual(all('ASIARENEWED'));
  });

  test.each<[what: string, change: (env: Env) => Env]>([
    ['without RUNNER_TEMP, as in tox', ({ RUNNER_TEMP: _temp, ...env }) => env],
    [
      'in an environment with the config file only',
      ({ AWS_CONFIG_FILE = '' }) => ({ AWS_CONFIG_FILE, PATH: runner().PATH ?? '' }),
    ],
    ['without a home', (env) => ({ ...env, HOME: '/not/there' })],
  ])('%s', async (_what, change) => {
    expect(await winners(change(deliverInto(runner())))).toEqual(all('ASIAPROCESS'));
  });
});

onPython('the process line', () => {
  /** The job's files with one more profile, whose process line has a key. */
  function withProfile(name: string): Env {
    const env = deliverInto(runner());
    const config = env.AWS_CONFIG_FILE ?? '';
    const line = /^credential_process = (.*)'$/m.exec(readFileSync(config, 'utf8'))?.[1] ?? '';
    writeFileSync(config, `[profile ${name}]\nregion = us-east-1\ncredential_process = ${line} p1'\n`);
    writeFileSync(join(dirname(config), 'session-p1.json'), document('ASIAPROFILE'));
    writeFileSync(join(dirname(config), 'until-p1'), '9999999999\n9999999999\n2099-01-01T00:00:00Z\n');
    return { ...env, AWS_PROFILE: name };
  }

  const ifs = `$\{IFS}`;
  // The SDK for JavaScript knows no profile with such a name.
  const odd = { ...all('ASIAPROFILE'), js: 'fails' };
  test.each<[name: string, winner: Readonly<Record<Consumer, string>>]>([
    ['staging', all('ASIAPROFILE')],
    [`a$(touch${ifs}x)`, odd],
    [`a;touch${ifs}x`, odd],
    [`a\`touch${ifs}x\``, odd],
    ['a|b', odd],
    ['é☃', odd],
  ])('with a key, for the profile %s, whose name runs nothing', async (name, winner) => {
    expect(await winners(withProfile(name))).toEqual(winner);
    expect(existsSync('x')).toBe(false);
  });

  test('an error of the process reaches the user in the CLI and in boto3', async () => {
    const env = deliverInto(runner(), 0);
    const script = join(dirname(env.AWS_CONFIG_FILE ?? ''), 'code', 'index.js');
    writeFileSync(script, "console.error('ACCESS_DENIED: no'); process.exitCode = 1");
    for (const consumer of ['cli', 'boto3'] as const) {
      expect(await find(consumer, env, aws)).toEqual({
        accessKeyId: '',
        said: expect.stringContaining('ACCESS_DENIED: no'),
      });
    }
  });
});

test('the tools are there, or the tests above are skipped', () => {
  if (tools.python.kind === 'ready') expect(existsSync(join(pathOf(tools.python), 'aws'))).toBe(true);
  else expect(tools.python.reason).not.toBe('');
});
