import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createFiles } from '../../../src/adapters/machine/files.ts';
import { createJobFolders } from '../../../src/adapters/machine/job-folders.ts';
import { cleanUp } from '../../../src/clean-up.ts';
import { deliver } from '../../../src/deliveries/index.ts';
import { renewable } from '../../../src/deliveries/renewable/renewable.ts';
import { saveUndo } from '../../../src/deliveries/save-undo.ts';
import { readInputs } from '../../../src/inputs/inputs.ts';
import { readSavedPlan } from '../../../src/renewal/saved-plan.ts';
import { keysOf, memoryHost, memoryJob } from '../../support/memory.ts';

type Env = Record<string, string | undefined>;

let root = '';
let home = '';
let env: Env = {};
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'renewable ')));
  home = join(root, 'home');
  mkdirSync(join(root, 'dist'));
  mkdirSync(home);
  writeFileSync(join(root, 'dist', 'index.js'), '');
  env = {
    RUNNER_TEMP: root,
    AWS_CONFIG_FILE: join(home, 'config'),
    AWS_SHARED_CREDENTIALS_FILE: join(home, 'credentials'),
  };
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const session = {
  credentials: {
    ...keysOf('a'),
    accessKeyId: 'ASIAEXAMPLE',
    secretAccessKey: 'secret',
    expiration: new Date('2026-01-01T01:00:00Z'),
  },
  identity: { account: '111111111111' },
  region: 'eu-west-1',
};
const parcel = { session, source: 'oidc' };

/** One use of the action in this environment. */
function start() {
  const job = memoryJob(env);
  const files = createFiles();
  const host = {
    ...memoryHost(job, { env, disk: files }),
    readSecret: (path: string, _links: string, secretsIn = (text: string): readonly string[] => [text]) => {
      const text = readFileSync(path, 'utf8');
      for (const secret of secretsIn(text)) job.mask(secret);
      return text;
    },
  };
  const renewal = {
    folders: createJobFolders(env, join(root, 'dist')),
    planOf: () => ({ account: session.identity.account, plan: { region: 'eu-west-1' } }),
  };
  const inputs = readInputs({}, job.mask);
  const delivery = renewable(renewal);
  return {
    job,
    check: () => delivery.check?.(inputs, host),
    deliver: () => deliver(parcel, [delivery], { job, host, inputs, remember: saveUndo }),
    post: () => cleanUp(job, { env, files }),
  };
}

const folder = () => dirname(env.AWS_CONFIG_FILE ?? '');
const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8);
const posix = process.platform === 'win32' ? test.skip : test;

posix('lays down what later steps need, for the owner alone, and post takes all of it back', async () => {
  const { job, deliver, post } = start();
  const before = { ...env };
  expect(await deliver()).toEqual(['credentials that renew themselves']);
  expect(folder()).toMatch(new RegExp(`^${root}/aws-credential-step/[a-z0-9]{32}$`));
  const made = Object.fromEntries(readdirSync(folder()).map((name) => [name, modeOf(join(folder(), name))]));
  expect(made).toEqual({
    code: '700',
    config: '600',
    credentials: '700',
    journal: '600',
    'plan.json': '600',
    'session.json': '600',
    until: '600',
  });
  const line = `sh -c '"\${RUNNER_TEMP:-${root}}/aws-credential-step/${basename(folder())}/credentials"'`;
  expect(readFileSync(join(folder(), 'config'), 'utf8')).toBe(
    `[default]\nregion = eu-west-1\ncredential_process = ${line}\n`,
  );
  expect(JSON.parse(readFileSync(join(folder(), 'session.json'), 'utf8'))).toMatchObject({
    AccessKeyId: 'ASIAEXAMPLE',
    Expiration: '2026-01-01T00:59:00Z',
  });
  expect(readSavedPlan(readFileSync(join(folder(), 'plan.json'), 'utf8'))).toMatchObject({ account: '111111111111' });
  expect(Object.fromEntries(job.exported)).toEqual({
    AWS_CONFIG_FILE: join(folder(), 'config'),
    AWS_SDK_LOAD_CONFIG: '1',
    AWS_REGION: 'eu-west-1',
    AWS_DEFAULT_REGION: 'eu-west-1',
  });
  expect(Object.fromEntries(job.outputs)).toEqual({ 'aws-config-file': join(folder(), 'config') });
  post();
  expect(existsSync(join(root, 'aws-credential-step'))).toBe(false);
  expect(env).toMatchObject(before);
});

test('variables that would win are blanked if they are set, and the profile becomes [default] if one is named', async () => {
  const others = {
    AWS_ACCESS_KEY_ID: 'AKIAOLD',
    AWS_SECRET_ACCESS_KEY: 'old',
    AWS_SESSION_TOKEN: 'token',
    AWS_CREDENTIAL_EXPIRATION: '2020-01-01T00:00:00Z',
    AWS_WEB_IDENTITY_TOKEN_FILE: '/token',
    AWS_ROLE_ARN: 'arn:aws:iam::222222222222:role/irsa',
    AWS_PROFILE: 'mine',
    AWS_DEFAULT_PROFILE: 'mine',
  };
  Object.assign(env, others);
  const { deliver, post } = start();
  await deliver();
  expect(env).toMatchObject({
    AWS_ACCESS_KEY_ID: '',
    AWS_SECRET_ACCESS_KEY: '',
    AWS_SESSION_TOKEN: '',
    AWS_CREDENTIAL_EXPIRATION: '',
    AWS_WEB_IDENTITY_TOKEN_FILE: '',
    AWS_ROLE_ARN: '',
    AWS_PROFILE: 'default',
    AWS_DEFAULT_PROFILE: 'default',
  });
  post();
  expect(env).toMatchObject(others);
});

test('an empty AWS_PROFILE is left as it is', async () => {
  env.AWS_PROFILE = '';
  const { job, deliver } = start();
  await deliver();
  expect([...job.exported.keys()].filter((name) => name.includes('PROFILE'))).toEqual([]);
});

test("the user's files are copied without their [default], and a profile that starts there is named", async () => {
  writeFileSync(
    join(home, 'config'),
    '[default]\noutput = text\nrole_arn = r\n[profile x]\nsource_profile = default\n',
  );
  writeFileSync(join(home, 'credentials'), '[default]\naws_secret_access_key = theirs\n[x]\naws_access_key_id = A\n');
  const { job, deliver, post } = start();
  await deliver();
  expect(readFileSync(env.AWS_CONFIG_FILE ?? '', 'utf8')).toMatch(
    /^\[default\]\nregion = eu-west-1\ncredential_process = sh .*\noutput = text\n\[profile x\]\nsource_profile = default\n$/,
  );
  expect(env.AWS_SHARED_CREDENTIALS_FILE).toBe(join(folder(), 'credentials-file'));
  expect(readFileSync(env.AWS_SHARED_CREDENTIALS_FILE ?? '', 'utf8')).toBe('[x]\naws_access_key_id = A\n');
  expect(job.said.filter((line) => line.startsWith('warning'))).toEqual([
    'warning: The profile x has "source_profile = default": in this job it starts from the session of this step.',
  ]);
  expect(job.masks).toContain('theirs');
  post();
  expect(existsSync(join(root, 'aws-credential-step'))).toBe(false);
  expect(env.AWS_SHARED_CREDENTIALS_FILE).toBe(join(home, 'credentials'));
});

test('two uses stack: the second copies the file of the first, and its post restores that', async () => {
  const first = start();
  await first.deliver();
  const config = env.AWS_CONFIG_FILE ?? '';
  const text = readFileSync(config, 'utf8');
  const second = start();
  await second.deliver();
  expect(readFileSync(env.AWS_CONFIG_FILE ?? '', 'utf8').match(/credential_process/g)).toHaveLength(1);
  expect(dirname(env.AWS_CONFIG_FILE ?? '')).not.toBe(dirname(config));
  second.post();
  expect([env.AWS_CONFIG_FILE, readFileSync(config, 'utf8')]).toEqual([config, text]);
  first.post();
  expect(existsSync(join(root, 'aws-credential-step'))).toBe(false);
});

test('post says what was renewed and what failed, and leaves what has come into the folder', async () => {
  const { job, deliver, post } = start();
  await deliver();
  const line = { time: '2026-01-01T00:40:00Z', key: '', code: 'RENEWED', message: '', hint: '' };
  writeFileSync(join(folder(), 'journal'), `${JSON.stringify(line)}\n`);
  const foreign = join(folder(), 'theirs');
  writeFileSync(foreign, '');
  post();
  expect(job.said).toContain('Credentials: Renewed once, last at 00:40.');
  expect(job.said.at(-1)).toMatch(/^Not restored, .*: the folder .*aws-credential-step/);
  expect(readdirSync(dirname(foreign))).toEqual(['theirs']);
});

describe('before any request', () => {
  test('nothing is made', () => {
    start().check();
    expect(readdirSync(root).sort()).toEqual(['dist', 'home']);
  });

  posix('a file that cannot be copied as it is is refused', () => {
    writeFileSync(join(home, 'config'), Buffer.from([0xff, 0x0a]));
    expect(() => start().check()).toThrow(`The file ${home}/config, which the job's own is made from, cannot be read`);
    rmSync(join(home, 'config'));
    mkdirSync(join(home, 'config'));
    expect(() => start().check()).toThrow('cannot be read');
    env.AWS_CONFIG_FILE = '/dev/null';
    start().check();
  });

  posix('a place that cannot be written to', () => {
    writeFileSync(join(root, 'aws-credential-step'), '');
    expect(() => start().check()).toThrow(expect.objectContaining({ code: 'DELIVERY_FAILED' }));
  });

  posix('a path that no quoting carries: the folder of the system is taken', async () => {
    const odd = join(root, "it's");
    mkdirSync(odd);
    env.RUNNER_TEMP = odd;
    const { deliver, post } = start();
    await deliver();
    expect(readdirSync(odd)).toEqual([]);
    const made = folder();
    expect(made.startsWith(join(tmpdir(), 'aws-credential-step'))).toBe(true);
    expect(readFileSync(env.AWS_CONFIG_FILE ?? '', 'utf8')).not.toContain('RUNNER_TEMP');
    post();
    expect(existsSync(made)).toBe(false);
  });
});

describe('a delivery that fails', () => {
  posix('takes back what it made', async () => {
    rmSync(join(root, 'dist', 'index.js'));
    symlinkSync(join(root, 'not', 'there'), join(root, 'dist', 'index.js'));
    const before = { ...env };
    await expect(start().deliver()).rejects.toThrow('The credentials could not be handed to the job');
    expect(existsSync(join(root, 'aws-credential-step'))).toBe(false);
    expect(env).toEqual(before);
  });

  posix('a link in its place is not followed', async () => {
    const elsewhere = join(root, 'elsewhere');
    mkdirSync(elsewhere);
    chmodSync(elsewhere, 0o777);
    symlinkSync(elsewhere, join(root, 'aws-credential-step'));
    await expect(start().deliver()).rejects.toThrow('symbolic link');
    expect(readdirSync(elsewhere)).toEqual([]);
    expect(existsSync(join(root, 'aws-credential-step'))).toBe(true);
  });
});
