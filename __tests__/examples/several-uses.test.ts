import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { Emulator } from '../../emulator/contract.ts';
import { startEmulator } from '../../emulator/emulator.ts';
import { runWorkflow } from '../../emulator/workflow.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

let folder = '';
let emulator: Emulator;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'several-uses-'));
  emulator = await startEmulator();
});
afterEach(async () => {
  await emulator.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A composite action that goes from the job's session into the account next door, as a shared deploy step would. */
const nextDoor = `
inputs: { role: { required: true } }
outputs: { who: { value: "\${{ steps.aws.outputs.authenticated-arn }}" } }
runs:
  using: composite
  steps:
    - id: aws
      uses: octo-org/aws-credential-step@v1
      with: { role-to-assume: "\${{ inputs.role }}", role-chaining: true }
    - { shell: bash, run: 'echo "inside $AWS_REGION"' }
`;

const workflow = `
permissions: { id-token: write }
jobs:
  deploy:
    runs-on: ubuntu-latest
    env: { AWS_REGION: ap-south-1 }
    steps:
      - uses: actions/checkout@v5
      - uses: octo-org/aws-credential-step@v1
        with: { role-to-assume: 'arn:aws:iam::111111111111:role/deploy', aws-region: us-east-1 }
      - { id: inner, uses: ./next-door, with: { role: 'arn:aws:iam::222222222222:role/target' } }
      - uses: octo-org/aws-credential-step@v1
        continue-on-error: true
        with: { role-to-assume: 'arn:aws:iam::111111111111:role/nobody', role-chaining: true, disable-retry: true }
      - { id: last, uses: ./next-door, with: { role: 'arn:aws:iam::333333333333:role/final' } }
      - run: echo "\${{ steps.inner.outputs.who }} then \${{ steps.last.outputs.who }}"
`;

test('uses in composite actions stack upon those of the job, and one that fails in between does no harm', async () => {
  mkdirSync(join(folder, 'next-door'));
  writeFileSync(join(folder, 'next-door', 'action.yml'), nextDoor);
  const file = join(folder, 'workflow.yml');
  writeFileSync(file, workflow);
  const actions = { 'octo-org/aws-credential-step': root };
  const run = await runWorkflow({ file, emulator, folder: join(folder, 'jobs'), repository: folder, actions });
  const [job] = run.jobs;
  expect(job?.steps.map(({ result }) => result)).toEqual([
    'success',
    'success',
    'success',
    'failure',
    'success',
    'success',
  ]);
  // Only target's session may assume final: so the failed use left target's in place.
  expect(job?.log).toContain(
    'arn:aws:sts::222222222222:assumed-role/target/GitHubActions then arn:aws:sts::333333333333:assumed-role/final/GitHubActions\n',
  );
  expect(job?.posts.map((post) => /^(Nothing to restore|Restored)/m.exec(post?.log ?? '')?.[0])).toEqual([
    'Restored',
    'Nothing to restore',
    'Restored',
    'Restored',
  ]);
  const left = Object.entries(job?.environment ?? {}).filter(
    ([name, value]) => name.startsWith('AWS_') && !name.startsWith('AWS_ENDPOINT') && value !== '',
  );
  expect(left).toEqual([['AWS_REGION', 'ap-south-1']]);
  const shown = `${job?.log}${job?.raw.replace(/^::add-mask::.*$/gm, '')}`;
  expect(emulator.secrets().filter((secret) => shown.includes(secret))).toEqual([]);
});
