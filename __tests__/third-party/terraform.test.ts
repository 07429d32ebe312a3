import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Job } from '../../emulator/contract.ts';
import { createJob } from '../../emulator/runner.ts';
import { type Moto, startMoto } from './support/moto.ts';
import { pathOf, tools } from './support/tools.ts';
import { type WatchedMoto, watch } from './support/watched-moto.ts';

const hasBoth = tools.python.kind === 'ready' && tools.terraform.kind === 'ready';
const onTerraform = hasBoth ? describe : describe.skip;

/** State in S3, with its region, which this backend takes from no profile; and a resource that Terraform itself provides, so that nothing is fetched. */
const configuration = (bucket: string) => `
terraform {
  backend "s3" {
    bucket         = "${bucket}"
    key            = "state"
    region         = "us-east-1"
    use_path_style = true
  }
}
resource "terraform_data" "greeting" {
  input = "hello"
}
`;

onTerraform('Terraform keeps its state in S3', () => {
  let moto: Moto;
  let watched: WatchedMoto;
  let folder = '';
  beforeAll(async () => {
    moto = await startMoto();
  });
  afterAll(() => moto.close());
  beforeEach(async () => {
    watched = await watch(moto);
    folder = mkdtempSync(join(tmpdir(), 'terraform-'));
  });
  afterEach(async () => {
    await watched.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const role = 'arn:aws:iam::111111111111:role/for-user';
  const startJob = (environment: Readonly<Record<string, string>> = {}): Job => {
    const job = createJob({
      folder,
      environment: {
        AWS_ENDPOINT_URL: watched.url,
        AWS_EC2_METADATA_DISABLED: 'true',
        CHECKPOINT_DISABLE: '1',
        TF_IN_AUTOMATION: '1',
        ...environment,
      },
    });
    writeFileSync(join(folder, 'workspace', 'main.tf'), configuration(moto.bucket));
    return job;
  };
  const userVariables = () => ({
    AWS_ACCESS_KEY_ID: moto.user.accessKeyId,
    AWS_SECRET_ACCESS_KEY: moto.user.secretAccessKey,
  });

  async function use(job: Job, inputs: Readonly<Record<string, string>>): Promise<string> {
    const { exitCode, log, outputs } = await job.use({
      with: {
        'aws-access-key-id': moto.user.accessKeyId,
        'aws-secret-access-key': moto.user.secretAccessKey,
        'role-to-assume': role,
        'aws-region': 'us-east-1',
        'output-credentials': 'true',
        ...inputs,
      },
    });
    expect({ exitCode, log: exitCode === 0 ? '' : log }).toEqual({ exitCode: 0, log: '' });
    return outputs['aws-access-key-id'] ?? '';
  }

  /** Runs Terraform in a step; what it says is in one line. */
  async function terraform(job: Job, ...commands: readonly string[]) {
    const program = `'${pathOf(tools.terraform)}'`;
    const script = commands.map((command) => `${program} ${command} -input=false -no-color`).join('\n');
    const { exitCode, log } = await job.run({ script });
    return { exitCode, said: log.replace(/\s+/g, ' ') };
  }
  const initAndApply = ['init -reconfigure', 'apply -auto-approve'] as const;
  const signersSince = (index: number) => [...new Set(watched.passages.slice(index).map(({ signedBy }) => signedBy))];

  test('by environment; after the job it has no credentials', async () => {
    const job = startJob();
    const keyId = await use(job, {});
    const before = watched.passages.length;
    const { exitCode, said } = await terraform(job, ...initAndApply);
    expect({ exitCode, said }).toEqual({
      exitCode: 0,
      said: expect.stringContaining('Apply complete! Resources: 1 added'),
    });
    expect(watched.passages.map(({ line }) => line)).toContain(`PUT /${moto.bucket}/state 200`);
    expect(signersSince(before)).toEqual([keyId]);
    await job.finish();
    const after = await terraform(job, 'plan');
    expect(after).toEqual({ exitCode: 1, said: expect.stringContaining('No valid credential sources found') });
  });

  test('by profile; after the job it has no profile', async () => {
    const job = startJob();
    const keyId = await use(job, { 'aws-profile': 'deploy' });
    const before = watched.passages.length;
    job.set({ AWS_PROFILE: 'deploy' });
    const { exitCode, said } = await terraform(job, ...initAndApply);
    expect({ exitCode, said }).toEqual({ exitCode: 0, said: expect.stringContaining('Apply complete!') });
    expect(signersSince(before)).toEqual([keyId]);
    await job.finish();
    const after = await terraform(job, 'plan');
    expect(after).toEqual({
      exitCode: 1,
      said: expect.stringMatching(/failed to get shared config profile, deploy/),
    });
  });

  test('after the job, the credentials that it had before work again', async () => {
    const job = startJob({ ...userVariables(), AWS_REGION: 'eu-central-1' });
    await use(job, {});
    expect((await terraform(job, ...initAndApply)).exitCode).toBe(0);
    await job.finish();
    const before = watched.passages.length;
    expect((await terraform(job, 'plan')).exitCode).toBe(0);
    expect(signersSince(before)).toEqual([moto.user.accessKeyId]);
  });
});
