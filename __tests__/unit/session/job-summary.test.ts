import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { jobSummary, type SummaryContent } from '../../../src/session/job-summary.ts';
import { memoryAws } from '../../support/memory.ts';
import { memoryRunner } from '../../support/memory-runner.ts';
import { keyInputs } from '../../support/plan.ts';

const keys = { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'the-secret', sessionToken: 'the-token' };
const identity = { account: '111111111111', arn: 'arn:aws:iam::111111111111:user/octocat' };
const outcome: SummaryContent = {
  session: { credentials: keys, identity, region: 'us-east-1' },
  delivered: ['environment variables', 'outputs'],
  accounts: 'shown',
};
const inputs = { ...keyInputs, 'aws-region': 'us-east-1' };
const aws = () => memoryAws({ identities: { AKIAEXAMPLE: identity } });

test('of keys that were kept: no role and no end, and no secret', () => {
  const text = jobSummary(outcome);
  expect(text.split('\n')).toEqual([
    '### AWS credentials',
    '',
    '```mermaid',
    'flowchart LR',
    '  n0["environment, kept"] --> job(["this job"])',
    '```',
    '',
    '| | |',
    '|---|---|',
    '| Account | `111111111111` |',
    '| Identity | `arn:aws:iam::111111111111:user/octocat` |',
    '| Region | `us-east-1` |',
    '| Delivered | `environment variables, outputs` |',
    '',
    '',
  ]);
});

test('whatever stands in it: one box, one cell, and nothing that begins anew', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary' }).filter((text) => !text.includes('→')),
      (text) => {
        const hop = { role: `x${text}`, label: 'hop', sessionName: 'x', durationSeconds: 900 };
        const trunk = { region: text, source: { kind: 'environment' as const }, hops: [hop] };
        const plan = { trunk, branches: [] };
        const lines = jobSummary({ ...outcome, plan, delivered: [text, 'x'] }).split('\n');
        expect(lines).toHaveLength(16);
        expect(lines[4]).toMatch(/^ {2}n0\["environment"\] --> n1\["[^"\n`<>[\]]*"\] --> job\(\["this job"\]\)$/);
        expect(lines[10]).toMatch(/^\| Role \| `([^`|\\]|\\(?!$)|\\\|)*` \|$/);
      },
    ),
  );
});

test('is written where it is asked for, and where it cannot be, the job has its credentials all the same', async () => {
  const runner = memoryRunner();
  const silent = await runner.use({ with: inputs, aws: aws() });
  expect(silent.job.summaries).toEqual([]);
  const told = await runner.use({ with: { ...inputs, summary: 'true' }, aws: aws() });
  expect(told.job.summaries).toEqual([expect.stringContaining('n0["static keys"] --> job')]);
  const full = await runner.use({ with: { ...inputs, summary: 'true' }, aws: aws(), full: ['summary'] });
  expect(full.error).toBeUndefined();
  expect(full.job.said.at(-1)).toMatch(/^warning: The job summary could not be written: /);
  expect(full.job.exported.get('AWS_ACCESS_KEY_ID')).toBe('AKIAEXAMPLE');
});
