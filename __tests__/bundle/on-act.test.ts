import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createJob } from '../../emulator/runner.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'on-act-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const oidc = { 'role-to-assume': 'arn:aws:iam::111111111111:role/deploy', 'aws-region': 'us-east-1' };

test('on act, which shows an annotation as it is written, what to do comes last and on a line of its own', async () => {
  const job = createJob({ folder, environment: { ACT: 'true' }, debug: false });
  const { exitCode, annotations, raw } = await job.use({ with: oidc });
  expect(exitCode).toBe(1);
  expect(annotations.map(({ message }) => message)).toEqual(['NO_SOURCE: Found no AWS credentials. Sources tried:']);
  const lines = raw.trimEnd().split('\n');
  expect(lines).toContain('  - oidc: the job has no permission to mint ID tokens');
  expect(lines.at(-1)).toMatch(
    /^act mints no ID tokens: set AWS_PROFILE where you call it, or hand this step "sso-token"/,
  );
  expect(raw).not.toContain('%0A');
});

test("elsewhere the whole of it is the annotation, so that it stands on the run's page", async () => {
  const job = createJob({ folder, debug: false });
  const { annotations } = await job.use({ with: oidc });
  expect(annotations.map(({ message }) => message)).toEqual([
    expect.stringMatching(/^NO_SOURCE: [\s\S]*\n {2}permissions:\n {4}id-token: write\n[\s\S]*$/),
  ]);
});
