import { asCredentialError } from '../contract/errors.ts';
import type { Files, Host, Job } from '../contract/ports.ts';
import { folderFiles } from '../formats/credentials-script.ts';
import { summarizeJournal } from '../formats/journal.ts';
import { parseJson } from '../formats/json.ts';
import { digest, type Undo, type UndoJobFolder, type UndoRestore, type UndoSection } from './delivery.ts';
import { restoreSections } from './profile/restore-section.ts';
import { chunkName } from './save-undo.ts';

/** Where effects are undone, in addition to the job. */
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

/** The list that main saved; empty where main changed nothing. Throws where the state is not ours. */
export function savedUndo(job: Job): readonly Undo[] {
  const undo: Undo[] = [];
  for (let index = 0; ; index += 1) {
    const text = job.state(chunkName(index));
    if (text === '') return undo;
    const list = parseJson(text);
    if (!Array.isArray(list) || !list.every(isUndo))
      throw new Error('the saved state is not an undo list of this version');
    undo.push(...list);
  }
}

/** Takes the effects back, last in, first out; one that fails does not keep the others. */
export function replay(undo: readonly Undo[], job: Job, machine: UndoContext): UndoReport {
  const verdicts = new Map<string, { readonly entry: Undo; readonly verdict: keyof UndoReport }>();
  const judge = (entry: Undo, act: () => UndoResult): void => {
    const name = nameOf(entry);
    const verdict = attempt(name, act, job);
    // Of several effects on one thing the last one taken back decides, unless it found one that could not be.
    if (verdict !== undefined && verdicts.get(name)?.verdict !== 'failed') verdicts.set(name, { entry, verdict });
  };
  for (const group of groupsOf(undo.toReversed())) undoGroup(group, job, machine, judge);
  const named = (wanted: keyof UndoReport) =>
    namesOf([...verdicts.values()].flatMap(({ entry, verdict }) => (verdict === wanted ? [entry] : [])));
  return { restored: named('restored'), removed: named('removed'), left: named('left'), failed: named('failed') };
}

/** Sections of one file that one step wrote are taken back in one edit. */
function groupsOf(undo: readonly Undo[]): readonly (readonly Undo[])[] {
  const groups: Undo[][] = [];
  for (const entry of undo) {
    const last = groups.at(-1)?.[0];
    const joins = isSection(entry) && isSection(last) && last.path === entry.path && last.owner === entry.owner;
    if (joins) groups.at(-1)?.push(entry);
    else groups.push([entry]);
  }
  return groups;
}

function isSection(entry: Undo | undefined): entry is UndoSection {
  return entry?.undo === 'section';
}

type Judge = (entry: Undo, act: () => UndoResult) => void;

function undoGroup(group: readonly Undo[], job: Job, { env, files }: UndoContext, judge: Judge): void {
  const sections = group.filter(isSection);
  if (sections.length === 0) {
    for (const entry of group) judge(entry, () => undoEntry(entry, job, { env, files }));
    return;
  }
  try {
    restoreSections(sections, files, judge);
  } catch (error) {
    // The file was not written, whatever became of each section.
    for (const entry of sections) {
      judge(entry, () => {
        throw error;
      });
    }
  }
}

function attempt(name: string, act: () => UndoResult, job: Job): UndoResult {
  try {
    return act();
  } catch (error) {
    job.debug(`${name}: ${asCredentialError(error).message}`);
    return 'failed';
  }
}

/** So many sections of one file are named; the rest is counted. */
const namedSections = 20;

/** What the entries are about, each file named once. */
function namesOf(entries: readonly Undo[]): readonly string[] {
  return groupsOfFiles(entries).map((group) => {
    const [first] = group;
    if (first === undefined || !isSection(first)) return group.map(nameOf).join(', ');
    const headers = group.filter(isSection).map(({ header }) => `[${header}]`);
    const more = headers.length - namedSections;
    const shown = headers.slice(0, namedSections).join(', ');
    return `${shown}${more > 0 ? ` and ${more} more` : ''} of ${first.path}`;
  });
}

function groupsOfFiles(entries: readonly Undo[]): readonly (readonly Undo[])[] {
  const groups = new Map<string, readonly Undo[]>();
  for (const entry of entries) {
    const key = isSection(entry) ? `section ${entry.path}` : nameOf(entry);
    groups.set(key, [...(groups.get(key) ?? []), entry]);
  }
  return [...groups.values()];
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
    case 'discard':
      files.discard(entry.path, entry.owner);
      return undefined;
    case 'folder':
      files.removeFolder(entry.path);
      return undefined;
    case 'section':
      throw new Error('sections are taken back by file');
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
 * Restores a variable that still holds our value, and one that has the value from before: either it is back already,
 * and saying so again changes nothing, or a step-level `env:` hides our value, which must go from the job all the same.
 * If it was not set, '' is all that a runner can set: the AWS CLI takes an empty AWS_PROFILE for the name of a profile.
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
