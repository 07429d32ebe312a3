import type { HeldLock, JobFolder } from '../contract/job-folder.ts';
import { folderFiles, sessionFiles } from '../formats/credentials-script.ts';
import { parseSession, type ServedSession, sessionDocument, untilNote } from '../formats/served-session.ts';
import { folderError, jobOver } from './errors.ts';

/** A session in the folder: its two files. */
export interface StoredSession {
  /** Undefined if there is none that can be read. */
  read(): ServedSession | undefined;
  /** Throws CredentialError if the lock or the folder is gone, or the files cannot be written. */
  write(session: ServedSession, lock: HeldLock): void;
  /** Writes the note for the shell again, if a renewal was killed before it wrote it. */
  repair(session: ServedSession): void;
}

/** The session of the profile with this key, or that of the job. */
export function storedSession(folder: JobFolder, key?: string): StoredSession {
  const files = sessionFiles(key);
  return {
    read() {
      try {
        return parseSession(folder.read(files.session) ?? '');
      } catch {
        return undefined;
      }
    },
    write(session, lock) {
      try {
        lock.check();
        // What the end of the job removes must not come back.
        if (!isThere(folder)) throw jobOver();
        folder.replace(files.session, sessionDocument(session));
        folder.replace(files.until, untilNote(session));
      } catch (error) {
        throw folderError('The renewed credentials cannot be stored', error);
      }
    },
    repair(session) {
      const note = untilNote(session);
      try {
        if (folder.read(files.until) !== note) folder.replace(files.until, note);
      } catch {
        // Every caller starts Node until it succeeds, and is served all the same.
      }
    },
  };
}

/** Whether the job that the folder belongs to goes on: post removes the plan first. */
export function isThere(folder: JobFolder): boolean {
  try {
    return folder.read(folderFiles.plan) !== undefined;
  } catch {
    return true;
  }
}
