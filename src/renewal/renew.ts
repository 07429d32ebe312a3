import type { Session } from '../contract/credentials.ts';
import { withTimeout } from '../contract/deadline.ts';
import { asCredentialError } from '../contract/errors.ts';
import type { HeldLock, JobFolder, Waiting } from '../contract/job-folder.ts';
import { folderFiles, sessionFiles } from '../formats/credentials-script.ts';
import { documentAt, type ServedSession, servedSession, sessionDocument } from '../formats/served-session.ts';
import { checkAccount } from './account.ts';
import { folderError, jobOver, tooSlow } from './errors.ts';
import { lastFailure, record } from './journal.ts';
import { readSavedPlan, type SavedPlan } from './saved-plan.ts';
import { isThere, type StoredSession, storedSession } from './stored-session.ts';

/** What a renewal needs of the world. */
export interface RenewalPorts {
  readonly folder: JobFolder;
  /** Milliseconds since the epoch, by the clock of the runner. */
  now(): number;
  /** Carries the saved plan out for the session with this key; the expiration is by the clock of the runner. Throws CredentialError. */
  resolve(plan: SavedPlan, key: string | undefined): Promise<Session>;
}

/** How long a caller waits, in milliseconds: not for long if there is a session to fall back on, and never as long as Go lets a process run. */
const limits = { alive: 10_000, expired: 45_000 } as const;
/** While another process renews, a session that lives this long is served. */
const enoughMs = 60_000;
/** After a failure nobody tries again for so long, if there is something to serve. */
const pauseMs = 30_000;
/** What is left of the time for a failure to be written down. */
const marginMs = 200;

/** One call, and what it may take. */
interface Call extends RenewalPorts {
  readonly key: string | undefined;
  readonly stored: StoredSession;
  readonly start: number;
  readonly timeoutMs: number;
}

/** The document to print: the present session, or a renewed one once it is time. Throws CredentialError if there is neither. */
export async function serveSession(ports: RenewalPorts, key?: string): Promise<string> {
  const stored = storedSession(ports.folder, key);
  const present = stored.read();
  const start = ports.now();
  if (present !== undefined && start < present.until) return fresh(present, stored);
  if (present !== undefined && start < present.end) {
    const isPaused = lastFailure(ports.folder, key ?? '', start - pauseMs) !== undefined;
    if (isPaused) return documentAt(present, start);
    const waitMs = present.end - start >= enoughMs ? 0 : limits.alive;
    return orPresent({ ...ports, key, stored, start, timeoutMs: limits.alive }, waitMs);
  }
  return orPresent({ ...ports, key, stored, start, timeoutMs: limits.expired }, limits.expired);
}

/** If the renewal fails, the session that is there while it lives. */
async function orPresent(call: Call, waitMs: number): Promise<string> {
  try {
    return await renewOnce(call, waitMs);
  } catch (error) {
    const now = call.now();
    const present = call.stored.read();
    if (present !== undefined && now < present.end) return documentAt(present, now);
    throw isThere(call.folder) ? asCredentialError(error) : jobOver();
  }
}

function fresh(session: ServedSession, stored: StoredSession): string {
  stored.repair(session);
  return sessionDocument(session);
}

/** One process renews; those that waited for it take what it got, be it a session or an error. */
async function renewOnce(call: Call, waitMs: number): Promise<string> {
  const { folder, key, stored, start, now } = call;
  const renewed = (): ServedSession | undefined => {
    const session = stored.read();
    return session !== undefined && now() < session.until ? session : undefined;
  };
  const failure = () => lastFailure(folder, key ?? '', start);
  const isSettled = (): boolean => renewed() !== undefined || failure() !== undefined;
  const lock = await lockSession(call, { timeoutMs: waitMs, isSettled });
  try {
    const session = renewed();
    if (session !== undefined) return fresh(session, stored);
    const error = failure();
    if (error !== undefined || lock === undefined) throw error ?? jobOver();
    return sessionDocument(await renew(call, lock));
  } finally {
    lock?.release();
  }
}

async function lockSession({ folder, key, timeoutMs }: Call, waiting: Waiting): Promise<HeldLock | undefined> {
  try {
    return await folder.lock(sessionFiles(key).session, waiting);
  } catch (error) {
    const isHeld = typeof error === 'object' && error !== null && 'code' in error && error.code === 'EBUSY';
    throw isHeld ? tooSlow(timeoutMs) : folderError('The lock of the renewal cannot be taken', error);
  }
}

async function renew(call: Call, lock: HeldLock): Promise<ServedSession> {
  const { folder, key = '', now } = call;
  try {
    const served = await resolved(call);
    call.stored.write(served, lock);
    record(folder, { time: now(), key, code: 'RENEWED', message: '', hint: '' });
    return served;
  } catch (error) {
    const { code, message, hint } = asCredentialError(error);
    record(folder, { time: now(), key, code, message, hint });
    throw error;
  }
}

async function resolved({ folder, key, start, timeoutMs, now, resolve }: Call): Promise<ServedSession> {
  const plan = readSavedPlan(planText(folder));
  const leftMs = Math.max(0, start + timeoutMs - marginMs - now());
  const session = await withTimeout(resolve(plan, key), leftMs, () => tooSlow(timeoutMs));
  checkAccount(session.identity, plan);
  return servedSession(session.credentials, now());
}

function planText(folder: JobFolder): string {
  try {
    const text = folder.read(folderFiles.plan);
    if (text !== undefined) return text;
  } catch (error) {
    throw folderError('The file plan.json cannot be read', error);
  }
  throw jobOver();
}
