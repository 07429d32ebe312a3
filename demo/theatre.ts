import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Emulator, Job, PhaseResult } from '../emulator/contract.ts';
import { githubVariables } from '../emulator/runner/github.ts';
import { createJob } from '../emulator/runner.ts';
import type { Stage } from './stage.ts';

/** What every scene plays with. */
export interface Theatre {
  readonly stage: Stage;
  readonly emulator: Emulator;
}

/** The variables by which AWS's own tools find credentials and a region. */
export const variables = [
  'AWS_ACCESS_KEY_ID',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'AWS_REGION',
  'AWS_DEFAULT_REGION',
] as const;

/** The AWS variables of a job that hold anything: a runner can blank a variable, never unset it. */
export const awsVariables = (job: Job): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(job.environment).filter(([name, value]) => name.startsWith('AWS_') && value !== ''),
  );

/** Plays a scene with a fresh job, whose debug log is on so that nothing can hide in it. */
export async function withJob(
  { emulator }: Theatre,
  environment: Readonly<Record<string, string>>,
  play: (job: Job) => Promise<void>,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'aws-credential-step-demo-'));
  emulator.reset();
  try {
    await play(createJob({ folder, environment: { ...githubVariables, ...emulator.environment, ...environment } }));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The operations asked of the emulator, oldest first. */
export const operations = ({ emulator }: Theatre): string =>
  emulator
    .requests()
    .map(({ operation }) => operation)
    .join(', ');

/** Claims a sequence of requests, and shows the real one where it differs. */
export function claimRequests(theatre: Theatre, sentence: string, expected: readonly string[]): void {
  const seen = operations(theatre);
  theatre.stage.claim(`${sentence}: ${expected.join(', ')}`, seen === expected.join(', '), `seen: ${seen}`);
}

/** Claims that no secret that the emulator knows is in what a phase printed, debug lines included. */
export function claimNoLeak({ stage, emulator }: Theatre, phase: PhaseResult): void {
  const leaks = emulator.secrets().filter((secret) => phase.log.includes(secret));
  stage.claim('its log holds no secret, not even in debug lines', leaks.length === 0, `${leaks.length} secrets show`);
}
