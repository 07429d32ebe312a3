import { closeSync, lstatSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { codeOf, refusal } from './system-error.ts';

/** A held lock of a file. */
export interface Lock {
  /** Throws if another step has taken it over, which happens if this process was suspended for too long. */
  check(): void;
  release(): void;
}

/** Milliseconds. A lock is held only while a file is written; one that does not change for longer is stale. */
const staleMs = 5_000;
const timeoutMs = 30_000;
const settleMs = 50;

/** Acquires the lock file next to a file, and creates missing folders with mode 700. Throws EBUSY after a timeout, and system errors. */
export function acquire(path: string, owner: string): Lock {
  const lock = lockOf(path);
  const start = performance.now();
  let seen = { identity: '', since: start };
  while (!create(lock, owner)) {
    const now = performance.now();
    const identity = identityOf(lock);
    if (identity !== seen.identity) seen = { identity, since: now };
    // Left by this owner when it was killed.
    if (holderOf(lock) === owner) break;
    if (now - start > timeoutMs) throw refusal('EBUSY', `another step holds its lock, ${lock}`);
    if (identity !== '' && now - seen.since > staleMs) takeOver(lock, identity);
    else pause(5 + Math.random() * 20);
  }
  return {
    check() {
      if (holderOf(lock) !== owner) throw refusal('EBUSY', `another step has taken its lock, ${lock}`);
    },
    release: () => unlock(path, owner),
  };
}

/** Removes the lock of a file if this owner holds it. */
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
    // The folder can disappear at any time: the post step of another job removes the folder that it created.
    if (code === 'ENOENT') mkdirSync(dirname(lock), { recursive: true, mode: 0o700 });
    else if (code !== 'EEXIST') throw error;
    return false;
  }
}

/** Removes a stale lock, then waits: another process that does the same must not remove the next lock. */
function takeOver(lock: string, identity: string): void {
  if (identityOf(lock) === identity) rmSync(lock, { force: true });
  pause(settleMs);
}

/** Identifies one lock among those with the same path; empty if there is none. */
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

/** Blocks the event loop on purpose: deliveries are synchronous. */
function pause(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}
