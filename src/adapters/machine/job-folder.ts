import { appendFileSync, closeSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JobFolder } from '../../contract/job-folder.ts';
import { readRegularFile } from './files.ts';
import { acquireHeld } from './heartbeat-lock.ts';
import { codeOf } from './system-error.ts';

/** The folder at `path`, which a step of this job made, for the process that calls itself `owner`. */
export function openJobFolder(path: string, owner: string): JobFolder {
  return {
    read(name) {
      try {
        return readRegularFile(join(path, name), 'refused').toString('utf8');
      } catch (error) {
        if (codeOf(error) === 'ENOENT') return undefined;
        throw error;
      }
    },
    replace: (name, text) => replace(join(path, name), owner, text),
    append(name, text) {
      const file = openSync(join(path, name), 'a', 0o600);
      try {
        appendFileSync(file, text);
      } finally {
        closeSync(file);
      }
    },
    lock: (name, waiting) => acquireHeld(join(path, `${name}.lock`), owner, waiting),
  };
}

function replace(path: string, owner: string, text: string): void {
  const temporary = `${path}.${owner}.tmp`;
  try {
    const file = openSync(temporary, 'wx', 0o600);
    try {
      writeFileSync(file, text);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}
