import { asCredentialError } from '../contract/errors.ts';
import type { Files, Host, Job } from '../contract/ports.ts';
import { folderFiles } from '../formats/credentials-script.ts';
import { summarizeJournal } from '../formats/journal.ts';
import { parseJson } from '../formats/json.ts';
import { digest, type Undo, type UndoJobFolder, type UndoRestore } from './delivery.ts';
import { restoreSection } from './profile/restore-section.ts';

/** Where effects are taken back, beside the job. */
export type UndoContext = Pick<Host, 'env' | 'files'>;

/** What came of each effect when it was taken back. */
export interface UndoReport {
  readonly restored: readonly string[];
  readonly removed: readonly string[];
  /** Changed by someone else since, and so left alone. */
  readonly left: readonly string[];
  /** Could not be written. */
  readonly failed: readonly string[];
}

type UndoResult = keyof UndoReport | undefined;

const stateName = 'undo';

/** Saves the whole list; a later save replaces an earlier one. */
export function saveUndo(undo: readonly Undo[], job: Job): void {
  job.saveState(stateName, JSON.stringify(undo));
}

/** The list that main saved; empty where main changed nothing. Throws where the state is not ours. */
export function savedUndo(job: Job): readonly Undo[] {
  const text = job.state(stateName);
  if (text === '') return [];
  const list = parseJson(text);
  if (Array.isArray(list) && list.every(isUndo)) return list;
  throw new Error('the saved state is not an undo list of this version');
}

/** Takes the effects back, last in, first out; one that fails does not keep the others. */
export function replay(undo: readonly Undo[], job: Job, machine: UndoContext): UndoReport {
  const verdicts = new Map<string, keyof UndoReport>();
  for (const entry of undo.toReversed()) {
    const name = nameOf(entry);
    const verdict = attempt(name, () => undoEntry(entry, job, machine), job);
    // Of several effects on one thing the last one taken back decides, unless it found one that could not be.
    if (verdict !== undefined && verdicts.get(name) !== 'failed') verdicts.set(name, verdict);
  }
  const named = (wanted: keyof UndoReport) =>
    [...verdicts].flatMap(([name, verdict]) => (verdict === wanted ? [name] : []));
  return { restored: named('restored'), removed: named('removed'), left: named('left'), failed: named('failed') };
}

function attempt(name: string, act: () => UndoResult, job: Job): UndoResult {
  try {
    return act();
  } catch (error) {
    job.debug(`${name}: ${asCredentialError(error).message}`);
    return 'failed';
  }
}

function nameOf(entry: Undo): string {
  switch (entry.undo) {
    case 'restore':
      return entry.name;
    case 'section':
      return `[${entry.header}] of ${entry.path}`;
    case 'discard':
      return `the lock of ${entry.path}`;
    case 'folder':
    case 'job-folder':
      return `the folder ${entry.path}`;
  }
}

function undoEntry(entry: Undo, job: Job, { env, files }: UndoContext): UndoResult {
  switch (entry.undo) {
    case 'restore':
      return restore(entry, job, env[entry.name] ?? '');
    case 'section':
      return restoreSection(entry, files);
    case 'discard':
      files.discard(entry.path, entry.owner);
      return undefined;
    case 'folder':
      files.removeFolder(entry.path);
      return undefined;
    case 'job-folder':
      return removeJobFolder(entry, job, files);
  }
}

/** Says first what the later steps' tools could not say: what was renewed, and what failed. */
function removeJobFolder({ path, names }: UndoJobFolder, job: Job, files: Files): UndoResult {
  const journal = files.read(`${path}/${folderFiles.journal}`);
  if (journal) job.info(`Credentials: ${summarizeJournal(journal)}`);
  const outcome = files.removeJobFolder(path, names.split('\n'));
  return outcome === 'absent' ? undefined : outcome;
}

/**
 * Restores a variable that still holds our value, and one that shows what stood before us: either it is back already,
 * and saying so again changes nothing, or a step-level `env:` hides our value, which must go from the job all the same.
 * Where nothing stood, '' is all that a runner lets be set: the AWS CLI takes an empty AWS_PROFILE for the name of a profile.
 */
function restore({ name, ours, before }: UndoRestore, job: Job, present: string): UndoResult {
  if (present === '' && before === '') return undefined;
  if (digest(present) !== ours && present !== before) return 'left';
  job.exportVariable(name, before);
  return 'restored';
}

const requiredFields: ReadonlyMap<unknown, readonly string[]> = new Map([
  ['restore', ['name', 'ours', 'before']],
  ['section', ['path', 'header', 'ours', 'before', 'joint', 'empty', 'owner']],
  ['discard', ['path', 'owner']],
  ['folder', ['path']],
  ['job-folder', ['path', 'names']],
]);

function isUndo(value: unknown): value is Undo {
  if (typeof value !== 'object' || value === null) return false;
  const fields = new Map<string, unknown>(Object.entries(value));
  return requiredFields.get(fields.get('undo'))?.every((key) => typeof fields.get(key) === 'string') ?? false;
}
