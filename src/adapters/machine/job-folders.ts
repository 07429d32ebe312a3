import { closeSync, copyFileSync, lstatSync, mkdirSync, openSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';
import type { JobFolders } from '../../contract/job-folder.ts';
import type { Env } from '../../contract/ports.ts';
import { codeOf, refusal } from './system-error.ts';

/** Makes folders of a job's own. `code` is the folder of the bundle that this process runs. */
export function createJobFolders(env: Env, code: string): JobFolders {
  return {
    parents: () => parentsIn(env.RUNNER_TEMP ?? ''),
    codeFiles: () => [...scriptsIn(code), 'package.json'],
    make,
    write,
    copyCode(path) {
      mkdirSync(path, { mode: 0o700 });
      for (const name of scriptsIn(code)) copyFileSync(join(code, name), join(path, name));
      // Node looks here whether the scripts are modules, and the folders above may say so of other code.
      write(join(path, 'package.json'), '{}\n', 'data');
    },
    node: process.execPath,
    shell: process.platform === 'win32' ? 'cmd' : 'sh',
  };
}

/** The path of the running bundle's folder. */
export function runningCode(): string {
  return dirname(process.argv[1] ?? '');
}

function parentsIn(runnerTemp: string): ReturnType<JobFolders['parents']> {
  const other = { path: tmpdir(), isRunnerTemp: false };
  return isAbsolute(runnerTemp) ? [{ path: runnerTemp, isRunnerTemp: true }, other] : [other];
}

function scriptsIn(code: string): readonly string[] {
  return readdirSync(code).filter((name) => name.endsWith('.js'));
}

const tries = 3;

/** The folder above it may be made by another job at the same time, and removed by the post of one. */
function make(path: string): void {
  for (let attempt = 1; ; attempt += 1) {
    makeParent(dirname(path));
    try {
      mkdirSync(path, { mode: 0o700 });
      return;
    } catch (error) {
      if (codeOf(error) !== 'ENOENT' || attempt === tries) throw error;
    }
  }
}

function makeParent(path: string): void {
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
  }
  const status = lstatSync(path);
  if (status.isSymbolicLink()) throw refusal('ELOOP', `${path} is a symbolic link`);
  if (!status.isDirectory()) throw refusal('ENOTDIR', `${path} is not a folder`);
  const user = process.geteuid?.() ?? 0;
  if (user !== 0 && user !== status.uid) throw refusal('EPERM', `${path} belongs to another user`);
}

function write(path: string, text: string, use: 'data' | 'program'): void {
  const file = openSync(path, 'wx', use === 'program' ? 0o700 : 0o600);
  try {
    writeFileSync(file, text);
  } finally {
    closeSync(file);
  }
}
