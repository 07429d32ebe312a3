import { closeSync, lstatSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { codeOf, refusal } from './system-error.ts';

/** The lock of a file, held. */
export interface Lock {
  /** Throws where another has taken it, which happens to a holder that stood still for too long. */
  check(): void;
  release(): void;
}

/** Milliseconds. A lock is held for as long as it takes to write a file; one that stays the same for longer has no holder. */
const staleMs = 5_000;
const timeoutMs = 30_000;
const settleMs = 50;

/** Waits for the lock of a file, a file of its own beside it, and makes the folders that they lack, for their owner alone. Throws where it does not come free, and what the file system says. */
export function acquire(path: string, owner: string): Lock {
  const lock = lockOf(path);
  const start = performance.now();
  let seen = { what: '', since: start };
  while (!create(lock, owner)) {
    const now = performance.now();
    const what = identityOf(lock);
    if (what !== seen.what) seen = { what, since: now };
    // What this owner left behind when it was killed is its own still.
    if (holderOf(lock) === owner) break;
    if (now - start > timeoutMs) throw refusal('EBUSY', `another step holds its lock, ${lock}`);
    if (what !== '' && now - seen.since > staleMs) takeOver(lock, what);
    else pause(5 + Math.random() * 20);
  }
  return {
    check() {
      if (holderOf(lock) !== owner) throw refusal('EBUSY', `another step has taken its lock, ${lock}`);
    },
    release: () => unlock(path, owner),
  };
}

/** Removes the lock of a file where this owner holds it. */
export function unlock(path: string, owner: string): void {
  const lock = lockOf(path);
  if (holderOf(lock) === owner) rmSync(lock, { force: true });
}

function lockOf(path: string): string {
  return `${path}.aws-credential-step.lock`;
}

function create(lock: string, owner: string): boolean {
  try {
    const file = openSync(lock, 'wx', 0o600);
    try {
      writeFileSync(file, owner);
    } catch (error) {
      rmSync(lock, { force: true });
      throw error;
    } finally {
      closeSync(file);
    }
    return true;
  } catch (error) {
    const code = codeOf(error);
    // The folder may be gone at any moment: the post of another job removes the one that it made.
    if (code === 'ENOENT') mkdirSync(dirname(lock), { recursive: true, mode: 0o700 });
    else if (code !== 'EEXIST') throw error;
    return false;
  }
}

/** Removes a lock without a holder. Others may be about to do so too: leave them time, or they would remove the next one. */
function takeOver(lock: string, what: string): void {
  if (identityOf(lock) === what) rmSync(lock, { force: true });
  pause(settleMs);
}

/** Tells one lock from the next of the same name; empty where there is none. */
function identityOf(lock: string): string {
  const status = lstatSync(lock, { throwIfNoEntry: false, bigint: true });
  return status === undefined ? '' : `${status.ino} ${status.mtimeNs} ${holderOf(lock)}`;
}

function holderOf(lock: string): string | undefined {
  try {
    return readFileSync(lock, 'utf8');
  } catch {
    return undefined;
  }
}

/** Without giving the turn away: deliveries are made in one go. */
function pause(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}
