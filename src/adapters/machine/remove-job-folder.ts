import { lstatSync, readdirSync, rmdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { codeOf, refusal } from './system-error.ts';

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
