import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';

const script = fileURLToPath(new URL('../../../scripts/explain.ts', import.meta.url));
let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'explain-'));
  const provider = 'token.actions.githubusercontent.com';
  const condition = {
    [`${provider}:aud`]: 'sts.amazonaws.com',
    [`${provider}:sub`]: 'repo:octo-org/octo-repo:environment:production',
  };
  const statement = {
    Effect: 'Allow',
    Principal: { Federated: `arn:aws:iam::111111111111:oidc-provider/${provider}` },
    Action: 'sts:AssumeRoleWithWebIdentity',
    Condition: { StringEquals: condition },
  };
  writeFileSync(join(folder, 'trust.json'), JSON.stringify({ Statement: [statement] }));
  writeFileSync(join(folder, 'other.json'), '{"secret":"value"}');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const job = ['--repository', 'octo-org/octo-repo', '--ref', 'refs/heads/main'];
test.each<[words: readonly string[], status: number, said: string]>([
  [['--policy', 'trust.json', ...job, '--environment', 'production'], 0, 'statement 1 of 1 allows this token'],
  [['--policy', 'trust.json', ...job], 1, 'names no environment'],
  [['--policy', 'trust.json', ...job, '--event', 'pull_request'], 1, 'the run is of a pull request'],
  [['--policy', 'trust.json', ...job, '--environment', 'production', '--ids', '65,74'], 1, 'immutable form'],
  [['--policy', 'trust.json', ...job, '--environment', 'production', '--audience', 'x'], 1, 'StringEquals aud'],
  [['--policy', 'trust.json', ...job, '--role', 'arn:aws:iam::222222222222:role/x'], 1, "role's own account"],
  [['--policy', 'other.json', ...job], 2, 'The file of --policy is not a policy: "Statement" is missing.'],
  [['--policy', 'missing.json', ...job], 2, 'missing.json cannot be read'],
  [['--policy', 'trust.json'], 2, '--repository is required'],
  [['--polcy', 'x'], 2, '--polcy'],
])('%j exits %d: %s', (words, status, said) => {
  const result = spawnSync(process.execPath, [script, ...words], { cwd: folder, encoding: 'utf8' });
  expect([result.status, result.stdout + result.stderr]).toEqual([status, expect.stringContaining(said)]);
});
