import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { githubVariables } from '../emulator/runner/github.ts';

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
    ...githubVariables,
    CI: 'true',
    GITHUB_ACTIONS: 'true',
    GITHUB_ACTION: '__self',
    AWS_EC2_METADATA_DISABLED: 'true',
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
    close() {
      closeSync(descriptor);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
