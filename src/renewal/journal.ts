import { CredentialError } from '../contract/errors.ts';
import type { JobFolder } from '../contract/job-folder.ts';
import { folderFiles } from '../formats/credentials-script.ts';
import { type JournalEntry, journalLine, parseJournal } from '../formats/journal.ts';

/** In characters; a job that reaches it does nothing but fail, and no more is written down. */
const limit = 262_144;

/** Adds a line to the journal. If it cannot be written, the renewal goes on without. */
export function record(folder: JobFolder, entry: JournalEntry): void {
  try {
    const text = folder.read(folderFiles.journal);
    if (text !== undefined && text.length < limit) folder.append(folderFiles.journal, journalLine(entry));
  } catch {
    // What failed is also shown to the caller.
  }
}

/** The last failure of this session since `since`, in milliseconds since the epoch, unless a renewal followed. */
export function lastFailure(folder: JobFolder, key: string, since: number): CredentialError | undefined {
  const last = entriesOf(folder).findLast((entry) => entry.key === key && entry.time >= since);
  if (last === undefined || last.code === 'RENEWED') return undefined;
  return new CredentialError(last.code, last.message, { hint: last.hint });
}

function entriesOf(folder: JobFolder): readonly JournalEntry[] {
  try {
    return parseJournal(folder.read(folderFiles.journal) ?? '');
  } catch {
    return [];
  }
}
