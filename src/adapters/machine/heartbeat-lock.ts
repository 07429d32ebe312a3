import {
  closeSync,
  linkSync,
  lstatSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { HeldLock, Waiting } from '../../contract/job-folder.ts';
import { codeOf, refusal } from './system-error.ts';

const touchMs = 1000;
const staleMs = 5000;
const lookMs = 20;

/**
 * Waits for a lock, a file with its owner's name that is touched every second while it is held; undefined if there is
 * nothing left to wait for. Throws EBUSY once the time is over, and what the file system says, such as that the folder is gone.
 */
export async function acquireHeld(
  path: string,
  owner: string,
  { timeoutMs, isSettled }: Waiting,
): Promise<HeldLock | undefined> {
  const start = performance.now();
  let seen = { identity: '', since: start };
  while (!isSettled()) {
    if (create(path, owner)) return hold(path, owner);
    const now = performance.now();
    const present = lookAt(path);
    if (present.identity !== seen.identity) seen = { identity: present.identity, since: now };
    // By the file's time it shows at once; by our own clock it shows even if that of the machine was changed.
    const isStale = present.ageMs > staleMs || now - seen.since > staleMs;
    if (present.identity !== '' && isStale) takeOver(path, owner, present.identity);
    else if (now - start >= timeoutMs) throw refusal('EBUSY', 'another process is renewing the credentials');
    else await delay(Math.min(lookMs + Math.random() * lookMs, Math.max(1, timeoutMs - (now - start))));
  }
  return undefined;
}

function hold(path: string, owner: string): HeldLock {
  const timer = setInterval(() => {
    if (ownerOf(path) === owner) touch(path);
  }, touchMs);
  timer.unref();
  return {
    check() {
      if (ownerOf(path) !== owner) throw refusal('EBUSY', 'another process has taken over the renewal');
    },
    release() {
      clearInterval(timer);
      if (ownerOf(path) === owner) rmSync(path, { force: true });
    },
  };
}

/** The lock may have been taken over or removed since the look. */
function touch(path: string): void {
  try {
    const now = new Date();
    utimesSync(path, now, now);
  } catch {
    // The next check of the holder says so.
  }
}

function create(path: string, owner: string): boolean {
  try {
    const file = openSync(path, 'wx', 0o600);
    try {
      writeFileSync(file, owner);
    } catch (error) {
      rmSync(path, { force: true });
      throw error;
    } finally {
      closeSync(file);
    }
    return true;
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
    return false;
  }
}

/** Renaming gives the lock to one process only. Should it be a newer one than the process has seen, it goes back to its holder. */
function takeOver(path: string, owner: string, identity: string): void {
  const taken = `${path}.${owner}.tmp`;
  try {
    renameSync(path, taken);
    if (lookAt(taken).identity !== identity) linkSync(taken, path);
  } catch (error) {
    // Another process was faster in both cases.
    if (!['ENOENT', 'EEXIST'].includes(codeOf(error))) throw error;
  } finally {
    rmSync(taken, { force: true });
  }
}

interface Present {
  /** Differs between locks of the same name and between touches; empty if there is none. */
  readonly identity: string;
  readonly ageMs: number;
}

function lookAt(path: string): Present {
  const status = lstatSync(path, { throwIfNoEntry: false, bigint: true });
  if (status === undefined) return { identity: '', ageMs: 0 };
  return {
    identity: `${status.ino} ${status.mtimeNs} ${ownerOf(path)}`,
    ageMs: Date.now() - Number(status.mtimeNs / 1_000_000n),
  };
}

function ownerOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
