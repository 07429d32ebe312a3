import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { githubVariables } from '../emulator/runner/github.ts';

/** Where processes run one at a time, each with the same files and folders, and are timed from spawn to exit. */
export interface Track {
  /** What every process has in its environment: its own folders and command files, nothing of this machine but PATH. */
  readonly environment: Readonly<Record<string, string>>;
  /** Runs a script in a new job; milliseconds. Throws, with what it printed, if it fails. */
  time(script: string, environment: Readonly<Record<string, string>>): Promise<number>;
  /** Runs a script in the job as it is. */
  run(script: string, environment: Readonly<Record<string, string>>): Promise<Run>;
  /** Begins a new job: empties its folders. */
  renew(): void;
  /** What the last run wrote to a command file. */
  written(file: 'GITHUB_ENV' | 'GITHUB_STATE'): string;
  /** The files in the job's home and workspace, relative to them. */
  files(): readonly string[];
  close(): void;
}

/** How a process ended. */
export interface Run {
  /** From spawn to exit. */
  readonly milliseconds: number;
  readonly failed: boolean;
  readonly log: string;
}

const fileNames = ['GITHUB_ENV', 'GITHUB_OUTPUT', 'GITHUB_STATE', 'GITHUB_PATH', 'GITHUB_STEP_SUMMARY'] as const;

/** Lays a track in a temporary folder. */
export function createTrack(): Track {
  const folder = mkdtempSync(join(tmpdir(), 'aws-credential-step-bench-'));
  const place = (name: string): string => join(folder, name);
  const temp = place('temp');
  const homes = [place('home'), place('workspace')];
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

  function renew(): void {
    // A hosted runner is new for each job: nobody finds what an earlier run kept, such as a compile cache.
    for (const room of [...homes, temp]) {
      rmSync(room, { recursive: true, force: true });
      mkdirSync(room);
    }
  }

  async function run(script: string, variables: Readonly<Record<string, string>>): Promise<Run> {
    for (const name of fileNames) writeFileSync(place(name), '');
    truncateSync(output);
    const start = process.hrtime.bigint();
    const child = spawn(process.execPath, [script], {
      cwd: place('workspace'),
      env: variables,
      stdio: ['ignore', descriptor, descriptor],
    });
    const [exitCode]: unknown[] = await once(child, 'exit');
    const milliseconds = Number(process.hrtime.bigint() - start) / 1e6;
    return { milliseconds, failed: exitCode !== 0, log: readFileSync(output, 'utf8') };
  }

  return {
    environment,
    async time(script, variables) {
      renew();
      const { milliseconds, failed, log } = await run(script, variables);
      if (failed) throw new Error(`${script} failed:\n${log}`);
      return milliseconds;
    },
    run,
    renew,
    written: (file) => readFileSync(place(file), 'utf8'),
    files: () =>
      homes.flatMap((room) =>
        readdirSync(room, { recursive: true, withFileTypes: true })
          .filter((entry) => entry.isFile())
          .map((entry) => relative(room, join(entry.parentPath, entry.name)).replaceAll('\\', '/')),
      ),
    close() {
      closeSync(descriptor);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
