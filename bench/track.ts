import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Where processes run one at a time, each with the same files and folders, and are timed from spawn to exit. */
export interface Track {
  /** What every process has in its environment: its own folders and command files, nothing of this machine but PATH. */
  readonly environment: Readonly<Record<string, string>>;
  /** Runs a script; milliseconds. Throws, with what it printed, where it fails. */
  time(script: string, environment: Readonly<Record<string, string>>): Promise<number>;
  /** What the last run wrote to a command file. */
  written(file: 'GITHUB_ENV' | 'GITHUB_STATE'): string;
  close(): void;
}

const fileNames = ['GITHUB_ENV', 'GITHUB_OUTPUT', 'GITHUB_STATE', 'GITHUB_PATH', 'GITHUB_STEP_SUMMARY'] as const;

/** The job that all of them run in. */
const job = {
  CI: 'true',
  GITHUB_ACTIONS: 'true',
  GITHUB_ACTION: '__self',
  GITHUB_ACTOR: 'octocat',
  GITHUB_EVENT_NAME: 'push',
  GITHUB_JOB: 'bench',
  GITHUB_REF: 'refs/heads/main',
  GITHUB_REPOSITORY: 'octo-org/octo-repo',
  GITHUB_REPOSITORY_ID: '74',
  GITHUB_RUN_ATTEMPT: '1',
  GITHUB_RUN_ID: '1234567890',
  GITHUB_SERVER_URL: 'https://github.com',
  GITHUB_SHA: '0123456789abcdef0123456789abcdef01234567',
  GITHUB_WORKFLOW: 'bench',
  AWS_EC2_METADATA_DISABLED: 'true',
};

/** Lays a track in a temporary folder. */
export function createTrack(): Track {
  const folder = mkdtempSync(join(tmpdir(), 'aws-credential-step-bench-'));
  const place = (name: string): string => join(folder, name);
  const temp = place('temp');
  for (const name of ['home', 'workspace']) mkdirSync(place(name));
  const output = place('output');
  const descriptor = openSync(output, 'a');
  const environment = {
    PATH: process.env.PATH ?? '',
    ...(process.env.SystemRoot !== undefined && { SystemRoot: process.env.SystemRoot }),
    ...job,
    HOME: place('home'),
    USERPROFILE: place('home'),
    GITHUB_WORKSPACE: place('workspace'),
    RUNNER_TEMP: temp,
    TMPDIR: temp,
    TEMP: temp,
    ...Object.fromEntries(fileNames.map((name) => [name, place(name)])),
  };

  function sweep(): void {
    for (const name of fileNames) writeFileSync(place(name), '');
    truncateSync(output);
    // A hosted runner is new for each job: nobody finds what an earlier run kept, such as a compile cache.
    rmSync(temp, { recursive: true, force: true });
    mkdirSync(temp);
  }

  return {
    environment,
    async time(script, variables) {
      sweep();
      const start = process.hrtime.bigint();
      const child = spawn(process.execPath, [script], {
        cwd: place('workspace'),
        env: variables,
        stdio: ['ignore', descriptor, descriptor],
      });
      const [exitCode]: unknown[] = await once(child, 'exit');
      const elapsed = Number(process.hrtime.bigint() - start) / 1e6;
      if (exitCode !== 0) throw new Error(`${script} ended with ${exitCode}:\n${readFileSync(output, 'utf8')}`);
      return elapsed;
    },
    written: (file) => readFileSync(place(file), 'utf8'),
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
}
