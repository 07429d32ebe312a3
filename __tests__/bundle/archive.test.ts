import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Emulator } from '../../emulator/contract.ts';
import { startEmulator } from '../../emulator/emulator.ts';
import { createJob } from '../../emulator/runner.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

let folder: string;
let emulator: Emulator;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'archive-'));
  const archive = [
    'archive',
    '--worktree-attributes',
    '--format=tar',
    `--output=${join(folder, 'action.tar')}`,
    'HEAD',
  ];
  execFileSync('git', archive, { cwd: root });
  mkdirSync(join(folder, 'action'));
  // By a relative path: a drive's letter would be a host to some versions of tar.
  execFileSync('tar', ['-xf', '../action.tar'], { cwd: join(folder, 'action') });
  emulator = await startEmulator();
});
afterAll(async () => {
  await emulator.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('the archive of the commit, which a runner downloads', () => {
  test('holds what a user needs, and nothing else', () => {
    expect(readdirSync(join(folder, 'action')).toSorted()).toEqual(
      ['CHANGELOG.md', 'LICENSE', 'README.md', 'SECURITY.md', 'action.yml', 'dist', 'docs', 'package.json'].toSorted(),
    );
  });

  test('is at most 300 kB', () => {
    const archive = readFileSync(join(folder, 'action.tar'));
    expect(gzipSync(archive, { level: 9 }).length).toBeLessThanOrEqual(300_000);
  });

  test('main and post run from it', async () => {
    const job = createJob({ folder, environment: emulator.environment });
    const inputs = { 'role-to-assume': 'arn:aws:iam::111111111111:role/deploy', 'aws-region': 'us-east-1' };
    const main = await job.use({ action: join(folder, 'action'), with: inputs });
    expect([main.exitCode, main.annotations]).toEqual([0, []]);
    expect(job.environment.AWS_ACCESS_KEY_ID).toMatch(/^ASIA/);
    const [post] = await job.finish();
    expect([post?.exitCode, post?.annotations]).toEqual([0, []]);
    expect(job.environment.AWS_ACCESS_KEY_ID).toBe('');
  });
});
