import type { Files } from '../../contract/ports.ts';
import { type Section, sectionsIn, unplaceSection } from '../../formats/ini.ts';
import { parseJson } from '../../formats/json.ts';
import { digest, marker, type UndoSection } from '../delivery.ts';

/** What came of a section; undefined: there was nothing to take back. */
export type SectionVerdict = 'restored' | 'removed' | 'left' | undefined;

/** What was in the place of a section. */
type PreviousSection = Pick<UndoSection, 'before' | 'joint' | 'empty'>;

/** Takes sections of one file back that are as this step wrote them, whatever else has been written into it since; `each` keeps one that fails from keeping the others. */
export function restoreSections(
  undos: readonly UndoSection[],
  files: Files,
  each: (undo: UndoSection, act: () => SectionVerdict) => void,
): void {
  const [first] = undos;
  if (first === undefined) return;
  const { path, owner } = first;
  const spent = new Set<string>();
  const change = (present: string | undefined): string | undefined => {
    let text = present;
    for (const undo of undos) {
      each(undo, () => {
        const { after, verdict } = restoreIn(text, undo, files, spent);
        text = after;
        return verdict;
      });
    }
    return text;
  };
  // An edit would make the folders of a file that is gone.
  if (files.read(path) === undefined) change(undefined);
  else files.edit(path, owner, change);
  for (const file of spent) files.edit(file, owner, () => undefined);
}

/** The text without the section, or with the one before it. */
function restoreIn(
  text: string | undefined,
  undo: UndoSection,
  files: Files,
  spent: Set<string>,
): { readonly after: string | undefined; readonly verdict: SectionVerdict } {
  if (text === undefined) return { after: undefined, verdict: undo.before === '' ? undefined : 'left' };
  const legacy = resolveOriginal(undo, undo.path, files, spent);
  const named = sectionsIn(text).filter(({ header }) => header === undo.header);
  const textOf = ({ start, end }: Section) => text.slice(start, end);
  const written = named.find((section) => digest(textOf(section)) === undo.ours);
  if (written === undefined) {
    const stands = named.map(textOf);
    // This step was killed before it wrote, or the earlier section is back already.
    if ([undo.before, legacy.before].includes(stands.join(''))) return { after: text, verdict: undefined };
    if (stands.some(isOurs)) saveForSuccessor(legacy, undo, files);
    return { after: text, verdict: 'left' };
  }
  const after = unplaceSection(text, written, legacy);
  const verdict = legacy.before === '' ? 'removed' : 'restored';
  return { after: after === '' && legacy.empty === 'removed' ? undefined : after, verdict };
}

/*
 * Steps of one job unwind like a stack, jobs that share a home do not: the one whose section has been overwritten may
 * end first. It leaves what it would have put back for the one that has overwritten it, or its section, keys and all,
 * would come back when that one ends, and stay.
 */

/** What is to be restored: the section that was replaced, or what the step that wrote that one saved. */
function resolveOriginal(legacy: PreviousSection, path: string, files: Files, spent: Set<string>): PreviousSection {
  if (legacy.before === '') return legacy;
  const file = previousSectionFile(path, digest(legacy.before));
  const text = spent.has(file) ? undefined : files.read(file);
  if (text === undefined) return legacy;
  spent.add(file);
  return resolveOriginal(readPreviousSection(text), path, files, spent);
}

function saveForSuccessor(
  { before, joint, empty }: PreviousSection,
  { path, ours, owner }: UndoSection,
  files: Files,
): void {
  files.edit(previousSectionFile(path, ours), owner, () => JSON.stringify({ before, joint, empty }));
}

function previousSectionFile(path: string, ours: string): string {
  return `${path}.${ours}.${marker}`;
}

function readPreviousSection(text: string): PreviousSection {
  const value = parseJson(text);
  const fields = new Map<string, unknown>(typeof value === 'object' && value !== null ? Object.entries(value) : []);
  const [before, joint] = [fields.get('before'), fields.get('joint')];
  if (typeof before !== 'string' || typeof joint !== 'string')
    throw new Error('what another step left is not readable');
  return { before, joint, empty: fields.get('empty') === 'removed' ? 'removed' : 'kept' };
}

/** Whether a step of this action wrote the section and will take it back. */
function isOurs(section: string): boolean {
  return section.split(/\r?\n|\r/).some((line) => line.trim().startsWith(`# ${marker} `));
}
