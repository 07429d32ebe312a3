import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Job } from '../../emulator/contract.ts';
import { createJob } from '../../emulator/runner.ts';
import { type Moto, pythonVariables, startMoto } from './support/moto.ts';
import { pathOf, tools } from './support/tools.ts';
import { type WatchedMoto, watch } from './support/watched-moto.ts';

type Texts = Readonly<Record<string, string>>;

const onMoto = tools.python.kind === 'ready' ? describe : describe.skip;
const onTerraform = tools.terraform.kind === 'ready' ? test : test.skip;

const sdk = import.meta.resolve('@aws-sdk/client-sts');
const whoami = fileURLToPath(new URL('./support/whoami.mjs', import.meta.url));
const session = (account: string, role: string): string => `arn:aws:sts::${account}:assumed-role/${role}/GitHubActions`;

/** Each profile, and whom its tools must find. */
const expected = {
  tools: { arn: session('111111111111', 'for-user'), region: 'us-east-1' },
  staging: { arn: session('222222222222', 'target'), region: 'us-east-1' },
  chain: { arn: session('111111111111', 'rollout'), region: 'eu-west-1' },
  default: { arn: session('111111111111', 'long'), region: 'us-east-1' },
} as const;
const names = ['tools', 'staging', 'chain', 'default'] as const;
const profiles = `
tools: arn:aws:iam::111111111111:role/for-user
staging:
  role-arn: arn:aws:iam::222222222222:role/target
chain:
  region: eu-west-1
  roles: [for-user, rollout]
default: long
`;

onMoto('several profiles from one step, as their tools read them', () => {
  let moto: Moto;
  let watched: WatchedMoto;
  let folder = '';
  let job: Job;
  beforeAll(async () => {
    moto = await startMoto();
  });
  afterAll(() => moto.close());
  beforeEach(async () => {
    watched = await watch(moto);
    folder = mkdtempSync(join(tmpdir(), 'profiles-'));
    const quiet = { CHECKPOINT_DISABLE: '1', TF_IN_AUTOMATION: '1' };
    job = createJob({ folder, environment: { ...pythonVariables(), ...quiet, AWS_ENDPOINT_URL: watched.url } });
    const keys = {
      'aws-access-key-id': moto.user.accessKeyId,
      'aws-secret-access-key': moto.user.secretAccessKey,
    };
    const { exitCode, log } = await job.use({
      with: { 'aws-region': 'us-east-1', 'role-skip-session-tagging': 'true', ...keys, profiles },
    });
    expect({ exitCode, log: exitCode === 0 ? '' : log }).toEqual({ exitCode: 0, log: '' });
  });
  afterEach(async () => {
    await watched.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function said(script: string, env: Texts = {}): Promise<string> {
    const { log } = await job.run({ script, env });
    return log.trim().split('\n').at(-1)?.trim() ?? '';
  }

  test.each(names)('the AWS CLI with --profile %s', async (name) => {
    const arn = await said(`aws sts get-caller-identity --profile ${name} --output text --query Arn`);
    const region = await said(`aws configure get region --profile ${name}`);
    expect({ arn, region }).toEqual(expected[name]);
  });

  test.each(names)('boto3 with profile_name %s', async (name) => {
    const lines = [
      'import boto3, json',
      `s = boto3.Session(profile_name="${name}")`,
      'print(json.dumps({"arn": s.client("sts").get_caller_identity()["Arn"], "region": s.region_name}))',
    ];
    expect(JSON.parse(await said(`python -c '${lines.join('; ')}'`))).toEqual(expected[name]);
  });

  test.each(names)('the SDK for JavaScript with the profile %s', async (name) => {
    expect(JSON.parse(await said(`'${process.execPath}' '${whoami}' '${sdk}' ${name}`))).toEqual(expected[name]);
  });

  onTerraform('Terraform with a backend profile, and a second configuration on another profile', async () => {
    const program = `'${pathOf(tools.terraform)}'`;
    for (const [name, bucket] of [
      ['tools', moto.bucket],
      ['staging', `${moto.bucket}-staging`],
    ] as const) {
      const place = join(folder, 'workspace', name);
      mkdirSync(place);
      const backend = `bucket = "${bucket}"\n key = "state"\n region = "us-east-1"\n use_path_style = true\n profile = "${name}"`;
      writeFileSync(
        join(place, 'main.tf'),
        `terraform {\n backend "s3" {\n ${backend}\n }\n}\nresource "terraform_data" "greeting" {\n input = "hello"\n}\n`,
      );
      const before = watched.passages.length;
      const script = `cd ${name}\n${program} init -input=false -no-color\n${program} apply -auto-approve -input=false -no-color`;
      const { exitCode, log } = await job.run({ script });
      expect({ exitCode, log }).toEqual({ exitCode: 0, log: expect.stringContaining('Apply complete!') });
      expect(watched.passages.slice(before).map(({ line }) => line)).toContain(`PUT /${bucket}/state 200`);
      // Not from the log, which masks it.
      const file = readFileSync(join(folder, 'home', '.aws', 'credentials'), 'utf8');
      const [, id] = new RegExp(`\\[${name}\\]\n[^\\[]*?aws_access_key_id = (\\w+)`).exec(file) ?? [];
      expect([...new Set(watched.passages.slice(before).map(({ signedBy }) => signedBy))]).toEqual([id]);
    }
  });

  test('after the job no tool finds them', async () => {
    expect((await job.finish()).map((post) => post?.exitCode)).toEqual([0]);
    expect(await said('aws sts get-caller-identity --profile staging || true')).toContain(
      'The config profile (staging) could not be found',
    );
  });
});
