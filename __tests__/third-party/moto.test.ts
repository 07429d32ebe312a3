import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Emulator, Job } from '../../emulator/contract.ts';
import { startEmulator } from '../../emulator/emulator.ts';
import { createJob } from '../../emulator/runner.ts';
import { ask, type Findings } from './support/consumers.ts';
import { type Moto, pythonVariables, startMoto } from './support/moto.ts';
import { tools } from './support/tools.ts';

type Texts = Readonly<Record<string, string>>;
type Expected = Readonly<Record<keyof Findings, unknown>>;

const onMoto = tools.python.kind === 'ready' ? describe : describe.skip;

onMoto('what moto gives, and what the AWS CLI and boto3 make of it', () => {
  let moto: Moto;
  let github: Emulator;
  let folder = '';
  beforeAll(async () => {
    moto = await startMoto();
    github = await startEmulator();
  });
  afterAll(async () => {
    await moto.close();
    await github.close();
  });
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'moto-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const startJob = (environment: Texts = {}): Job =>
    createJob({ folder, environment: { ...pythonVariables(), AWS_ENDPOINT_URL: moto.url, ...environment } });
  const userVariables = (): Texts => ({
    AWS_ACCESS_KEY_ID: moto.user.accessKeyId,
    AWS_SECRET_ACCESS_KEY: moto.user.secretAccessKey,
  });
  const userInputs = (): Texts => ({
    'aws-access-key-id': moto.user.accessKeyId,
    'aws-secret-access-key': moto.user.secretAccessKey,
  });
  const user = 'arn:aws:iam::111111111111:user/ci';
  const role = (name: string, account = '111111111111') => `arn:aws:iam::${account}:role/${name}`;
  const session = (name: string, account = '111111111111') =>
    `arn:aws:sts::${account}:assumed-role/${name}/GitHubActions`;
  const region = 'eu-central-1';

  const good = (arn: string, where: string | null = region): Expected => ({
    cli: arn,
    copied: 'hello',
    boto3: { arn, region: where, text: 'hello' },
  });
  const noCredentials = 'Unable to locate credentials. You can configure credentials by running "aws configure".';
  const none: Expected = {
    cli: noCredentials,
    copied: expect.stringContaining('Unable to locate credentials'),
    boto3: { error: 'NoCredentialsError' },
  };
  const noProfile = (name: string): Expected => {
    const said = `The config profile (${name}) could not be found`;
    return { cli: said, copied: said, boto3: { error: 'ProfileNotFound' } };
  };

  async function use(job: Job, inputs: Texts): Promise<void> {
    const { exitCode, log } = await job.use({ with: { 'aws-region': region, ...inputs } });
    expect({ exitCode, log: exitCode === 0 ? '' : log }).toEqual({ exitCode: 0, log: '' });
  }
  async function finish(job: Job): Promise<void> {
    expect((await job.finish()).map((post) => post?.exitCode)).not.toContain(1);
  }

  interface Way {
    readonly about: string;
    readonly inputs: () => Texts;
    readonly arn: string;
  }
  const ways: readonly Way[] = [
    { about: 'keys alone', inputs: userInputs, arn: user },
    {
      about: 'keys and a role',
      inputs: () => ({ ...userInputs(), 'role-to-assume': role('for-user') }),
      arn: session('for-user'),
    },
    {
      about: 'keys and a chain into another account',
      inputs: () => ({
        ...userInputs(),
        'role-to-assume': `${role('for-user')}\n${role('target', '222222222222')}`,
        'custom-tags': '{"Team": "red and blue: 100 /=+-@"}',
        'inline-session-policy':
          '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}',
      }),
      arn: session('target', '222222222222'),
    },
  ];

  test.each(ways)('$about, by environment: they work in the job and are gone after it', async ({ inputs, arn }) => {
    const job = startJob();
    await use(job, inputs());
    expect(await ask(job, moto.bucket)).toEqual(good(arn));
    await finish(job);
    expect(await ask(job, moto.bucket)).toEqual(none);
  });

  test.each(ways)('$about, by profile: they work in the job and are gone after it', async ({ inputs, arn }) => {
    const job = startJob();
    await use(job, { ...inputs(), 'aws-profile': 'deploy' });
    expect(await ask(job, moto.bucket, 'deploy')).toEqual(good(arn));
    expect(await ask(job, moto.bucket)).toEqual(none);
    await finish(job);
    expect(await ask(job, moto.bucket, 'deploy')).toEqual(noProfile('deploy'));
  });

  test('the job had credentials: they sign, and work again after it', async () => {
    const job = startJob({ ...userVariables(), AWS_REGION: 'us-east-1', AWS_DEFAULT_REGION: 'us-east-1' });
    await use(job, { source: 'environment', 'role-to-assume': role('for-user') });
    expect(await ask(job, moto.bucket)).toEqual(good(session('for-user')));
    await use(job, { source: 'environment', 'role-to-assume': role('rollout') });
    expect(await ask(job, moto.bucket)).toEqual(good(session('rollout')));
    await finish(job);
    expect(await ask(job, moto.bucket)).toEqual(good(user, 'us-east-1'));
  });

  test('the home had the profile: it is overwritten, and works again after it', async () => {
    const job = startJob();
    const { accessKeyId, secretAccessKey } = moto.user;
    mkdirSync(join(folder, 'home', '.aws'));
    writeFileSync(
      join(folder, 'home', '.aws', 'credentials'),
      `# mine\n[deploy]\naws_access_key_id = ${accessKeyId}\naws_secret_access_key = ${secretAccessKey}\n`,
    );
    await use(job, {
      ...userInputs(),
      'role-to-assume': role('for-user'),
      'aws-profile': 'deploy',
      'overwrite-aws-profile': 'true',
    });
    expect(await ask(job, moto.bucket, 'deploy')).toEqual(good(session('for-user')));
    await finish(job);
    expect(await ask(job, moto.bucket, 'deploy')).toEqual(good(user, null));
  });

  test('two accounts side by side, each by its profile', async () => {
    const job = startJob();
    await use(job, { ...userInputs(), 'role-to-assume': role('for-user'), 'aws-profile': 'tools' });
    await use(job, { ...userInputs(), 'role-to-assume': role('target', '222222222222'), 'aws-profile': 'staging' });
    expect(await ask(job, moto.bucket, 'tools')).toEqual(good(session('for-user')));
    expect(await ask(job, moto.bucket, 'staging')).toEqual(good(session('target', '222222222222')));
    await finish(job);
    expect(await ask(job, moto.bucket, 'tools')).toEqual(noProfile('tools'));
    expect(await ask(job, moto.bucket, 'staging')).toEqual(noProfile('staging'));
  });

  test('an ID token of GitHub, then a role that the first one assumes', async () => {
    const { ACTIONS_ID_TOKEN_REQUEST_URL = '', ACTIONS_ID_TOKEN_REQUEST_TOKEN = '' } = github.environment;
    const job = startJob({ ACTIONS_ID_TOKEN_REQUEST_URL, ACTIONS_ID_TOKEN_REQUEST_TOKEN });
    // moto takes no unsigned request while it checks signatures, and this one has none.
    await moto.check('nothing');
    await use(job, { 'role-to-assume': role('deploy') });
    await moto.check('everything');
    expect(await ask(job, moto.bucket)).toEqual(good(session('deploy')));
    await use(job, { 'role-chaining': 'true', 'role-to-assume': role('rollout') });
    expect(await ask(job, moto.bucket)).toEqual(good(session('rollout')));
    await finish(job);
    expect(await ask(job, moto.bucket)).toEqual(none);
  });

  test('an ID token of GitHub, which Cognito takes', async () => {
    const { ACTIONS_ID_TOKEN_REQUEST_URL = '', ACTIONS_ID_TOKEN_REQUEST_TOKEN = '' } = github.environment;
    const job = startJob({ ACTIONS_ID_TOKEN_REQUEST_URL, ACTIONS_ID_TOKEN_REQUEST_TOKEN });
    await moto.check('nothing');
    // moto hands everyone the same keys, which are good for nothing, not even to ask who they belong to.
    await use(job, { 'cognito-identity-pool-id': moto.pool, 'verify-identity': 'false' });
    await moto.check('everything');
    const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN } = job.environment;
    expect([AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN]).toEqual([
      'TESTACCESSKEY12345',
      'ABCSECRETKEY',
      'ABC12345',
    ]);
    await finish(job);
    expect(await ask(job, moto.bucket)).toEqual(none);
  });

  test('sealed in one job, opened in the next', async () => {
    const key = { 'sealing-key': 'a sealing key of more than thirty-two characters' };
    const first = startJob();
    const sealed = await first.use({
      with: {
        ...userInputs(),
        ...key,
        'aws-region': region,
        'role-to-assume': role('for-user'),
        'output-sealed-session': 'true',
        'output-env-credentials': 'false',
      },
    });
    const second = startJob();
    await use(second, { ...key, 'sealed-session': sealed.outputs['sealed-session'] ?? '' });
    expect(await ask(second, moto.bucket)).toEqual(good(session('for-user')));
    await finish(second);
    expect(await ask(second, moto.bucket)).toEqual(none);
  });

  test("blanked: nobody finds the job's credentials until it is over", async () => {
    const job = startJob({ ...userVariables(), AWS_REGION: region, AWS_DEFAULT_REGION: region });
    const { exitCode } = await job.use({ with: { 'unset-current-credentials': 'true' } });
    expect(exitCode).toBe(0);
    expect(await ask(job, moto.bucket)).toEqual(none);
    await finish(job);
    expect(await ask(job, moto.bucket)).toEqual(good(user));
  });

  const refusals: readonly { about: string; inputs: () => Texts; says: string }[] = [
    {
      about: 'a role that trusts someone else',
      inputs: () => ({ ...userInputs(), 'role-to-assume': role('nobody') }),
      says: 'ACCESS_DENIED',
    },
    {
      about: 'a secret that does not belong to the key',
      inputs: () => ({ ...userInputs(), 'aws-secret-access-key': 'not-the-one', 'role-to-assume': role('for-user') }),
      says: 'ACCESS_DENIED',
    },
    {
      about: 'a key that nobody has',
      inputs: () => ({ ...userInputs(), 'aws-access-key-id': 'AKIAIOSFODNN7EXAMPLE' }),
      says: 'ACCESS_DENIED',
    },
    {
      about: 'an account that is not on the list',
      inputs: () => ({ ...userInputs(), 'allowed-account-ids': '222222222222' }),
      says: 'ACCOUNT_NOT_ALLOWED',
    },
  ];
  test.each(refusals)('$about: the step fails, and the job keeps what it had', async ({ inputs, says }) => {
    const job = startJob({ ...userVariables(), AWS_DEFAULT_REGION: region });
    const { exitCode, annotations, exported } = await job.use({ with: { 'aws-region': 'us-east-1', ...inputs() } });
    expect({ exitCode, exported }).toEqual({ exitCode: 1, exported: {} });
    expect(annotations.map(({ message }) => message.split(':')[0])).toEqual([says]);
    expect(await ask(job, moto.bucket)).toEqual(good(user));
  });
});
