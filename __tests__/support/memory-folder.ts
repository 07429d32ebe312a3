import type { JobFolder, Waiting } from '../../src/contract/job-folder.ts';

/** A job's folder in memory. */
export interface MemoryFolder extends JobFolder {
  readonly files: Map<string, string>;
  /** Names of locks that are held, and whether another process has them. */
  readonly locks: Map<string, 'ours' | 'theirs'>;
  /** What happens before the next look at a lock that another process holds. */
  whileWaiting(act: () => void): void;
  /** What cannot be done from now on, such as `replace until`; the error is that of a full disk. */
  break(...operations: readonly string[]): void;
}

/** With these files in it. */
export function memoryFolder(texts: Readonly<Record<string, string>>): MemoryFolder {
  const files = new Map(Object.entries(texts));
  const locks = new Map<string, 'ours' | 'theirs'>();
  let broken: readonly string[] = [];
  let meanwhile = (): void => {};
  const touch = (operation: string): void => {
    if (broken.includes(operation)) throw Object.assign(new Error('ENOSPC: no space left'), { code: 'ENOSPC' });
  };
  const take = (name: string): boolean => {
    if (locks.has(name)) return false;
    locks.set(name, 'ours');
    return true;
  };
  return {
    files,
    locks,
    whileWaiting: (act) => {
      meanwhile = act;
    },
    break: (...operations) => {
      broken = operations;
    },
    read(name) {
      touch(`read ${name}`);
      return files.get(name);
    },
    replace(name, text) {
      touch(`replace ${name}`);
      files.set(name, text);
    },
    append(name, text) {
      touch(`append ${name}`);
      files.set(name, (files.get(name) ?? '') + text);
    },
    async lock(name: string, { timeoutMs, isSettled }: Waiting) {
      touch(`lock ${name}`);
      for (let looks = 0; !isSettled(); looks += 1) {
        if (take(name)) {
          return {
            check() {
              if (locks.get(name) !== 'ours') throw Object.assign(new Error('taken over'), { code: 'EBUSY' });
            },
            release: () => void (locks.get(name) === 'ours' && locks.delete(name)),
          };
        }
        if (timeoutMs === 0 || looks > 100) throw Object.assign(new Error('held'), { code: 'EBUSY' });
        meanwhile();
      }
      return undefined;
    },
  };
}
