import { dirname } from 'node:path/posix';
import type { Files } from '../../src/contract/ports.ts';

/** A disk in memory, and what is on it. */
export interface MemoryDisk extends Files {
  /** Changes files as someone else would; `undefined` removes one. */
  set(texts: Readonly<Record<string, string | undefined>>): void;
  /** Every file, and every folder that was made since the start with `/` at its end. */
  list(): Readonly<Record<string, string>>;
  /** What cannot be done from now on: `read`, `write`, `remove` or `fit` with a path after it. */
  break(...troubles: readonly string[]): void;
}

/** Without the lines that say which step wrote a section, which differ from run to run. */
export const unmarked = <T extends string | null>(
  texts: Readonly<Record<string, T>>,
): Readonly<Record<string, T | string>> =>
  Object.fromEntries(
    Object.entries(texts).map(([path, text]) => [
      path,
      text?.replace(/^# aws-credential-step [\w-]{36}\r?\n/gm, '') ?? text,
    ]),
  );

/** What the system says where there is no room. */
export const full = (what: string) =>
  Object.assign(new Error(`ENOSPC: no space left on device, ${what}`), { code: 'ENOSPC' });

const homes = ['/', '/home', '/home/runner', '/etc'];

/** With these files on it, and the folders that they are in. */
export function memoryDisk(texts: Readonly<Record<string, string>> = {}): MemoryDisk {
  const files = new Map(Object.entries(texts));
  const given = new Set([...homes, ...Object.keys(texts).map((path) => dirname(path))]);
  const folders = new Set(given);
  let broken: readonly string[] = [];
  const touch = (trouble: string): void => {
    if (broken.includes(trouble)) throw full(trouble);
  };
  const missingFolders = (path: string): readonly string[] =>
    folders.has(dirname(path)) ? [] : [...missingFolders(dirname(path)), dirname(path)];
  const read = (path: string): string | undefined => {
    touch(`read ${path}`);
    return files.get(path);
  };
  return {
    locate: (path) => path.replace(/^~(?=\/)/, '/home/runner'),
    read,
    missingFolders,
    checkWritable: (path) => touch(`fit ${path}`),
    removeFolder(path) {
      touch(`remove ${path}`);
      const holds = [...files.keys(), ...folders].some((entry) => entry.startsWith(`${path}/`));
      if (!holds) folders.delete(path);
    },
    removeJobFolder(path, names) {
      if (!folders.has(path)) return 'absent';
      for (const name of names) files.delete(`${path}/${name}`);
      if ([...files.keys()].some((entry) => entry.startsWith(`${path}/`))) return 'left';
      for (const folder of [...folders].filter((entry) => `${entry}/`.startsWith(`${path}/`))) folders.delete(folder);
      return 'removed';
    },
    edit(path, _owner, change) {
      for (const folder of missingFolders(path)) folders.add(folder);
      const before = read(path);
      const after = change(before);
      if (after === before) return;
      touch(`write ${path}`);
      if (after === undefined) files.delete(path);
      else files.set(path, after);
    },
    discard: (path) => touch(`discard ${path}`),
    set(changes) {
      for (const [path, text] of Object.entries(changes)) {
        if (text === undefined) files.delete(path);
        else files.set(path, text);
      }
    },
    list: () => ({
      ...Object.fromEntries(files),
      ...Object.fromEntries([...folders].filter((path) => !given.has(path)).map((path) => [`${path}/`, ''])),
    }),
    break(...troubles) {
      broken = troubles;
    },
  };
}
