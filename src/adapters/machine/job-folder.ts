import {
  appendFileSync,
  closeSync,
  fsyncSync,
  lstatSync,
  openSync,
  readdirSync,
  renameSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import type { JobFolder } from '../../contract/job-folder.ts';
import { readRegularFile } from './files.ts';
import { acquireHeld } from './heartbeat-lock.ts';
import { codeOf, refusal } from './system-error.ts';

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

const tries = 5;

/**
 * Removes a folder by the names of its files, then of its own folders, and of what a killed renewal left of them. Never
 * goes into a folder that is not named, nor through a symbolic link; what has come into it since stays, and the folder with it.
 */
export function removeJobFolder(path: string, names: readonly string[]): 'removed' | 'left' | 'absent' {
  const status = lstatSync(path, { throwIfNoEntry: false });
  if (status === undefined) return 'absent';
  if (!status.isDirectory()) throw refusal('ENOTDIR', `${path} is not the folder that this step made`);
  // A renewal that runs at this moment may write once more, before it sees that its plan is gone.
  for (let attempt = 1; attempt <= tries; attempt += 1) {
    removeFiles(path, names);
    if (removeEmpty(path)) return 'removed';
  }
  return 'left';
}

function removeFiles(path: string, names: readonly string[]): void {
  for (const name of names.filter((candidate) => isInside(path, candidate))) {
    if (name.endsWith('/')) removeEmpty(join(path, name));
    else rmSync(join(path, name), { force: true });
  }
  const isLeftover = (entry: string): boolean =>
    names.some((name) => entry.startsWith(`${name}.`) && /\.(?:lock|tmp)$/.test(entry));
  for (const entry of readdirSync(path).filter(isLeftover)) rmSync(join(path, entry), { force: true });
}

/** Whether the name leads through folders only, never through a symbolic link or to a place outside. */
function isInside(path: string, name: string): boolean {
  const parts = name.split('/').filter((part) => part !== '');
  if (parts.some((part) => part === '.' || part === '..')) return false;
  const folders = parts.slice(0, -1).map((_part, index) => join(path, ...parts.slice(0, index + 1)));
  return folders.every((folder) => lstatSync(folder, { throwIfNoEntry: false })?.isDirectory() === true);
}

function removeEmpty(path: string): boolean {
  try {
    rmdirSync(path);
    return true;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return true;
    if (!['ENOTEMPTY', 'EEXIST', 'ENOTDIR'].includes(codeOf(error))) throw error;
    return false;
  }
}
