import type { Quoting } from './command-line.ts';
import { readEntries, type Value } from './profile-entries.ts';
import { dealt, type FileKind, type HeaderSubject, headerFor, meantBy, subjectOf } from './profile-header.ts';
import { type Problem, problemAhead, problemOf } from './profile-problems.ts';
import { readLines, type Section } from './shared-file.ts';

/** One section of a shared file, by what its header names. */
export interface NamedSection {
  readonly subject: HeaderSubject;
  /** The text in the brackets, and its line. */
  readonly header: string;
  readonly line: number;
  readonly values: ReadonlyMap<string, Value>;
}

/** A header that its file does not read as its author meant it: `[dev]` in the config file, for example. */
export interface Misnamed {
  readonly file: FileKind;
  readonly line: number;
  /** The text in the brackets. */
  readonly header: string;
  readonly meant: HeaderSubject;
  /** The header to write, without its brackets; undefined if none can name it. */
  readonly write: string | undefined;
}

/** What one shared file holds. */
export interface FileReading {
  /** One section for each subject. */
  readonly sections: readonly NamedSection[];
  readonly problems: readonly Problem[];
  readonly misnamed: readonly Misnamed[];
  /** The lines of `[DEFAULT]` headers that have keys. */
  readonly dealt: readonly number[];
}

/** Reads a shared file as one of the two; `quoting` says what is quoted in a command. Time grows with the text's length. */
export function readSections(text: string, file: FileKind, quoting: Quoting): FileReading {
  const { ahead, sections } = readLines(text);
  const problems: Problem[] = ahead.map(({ number, content }) => problemAhead(number, content, file));
  const named: NamedSection[] = [];
  let above: HeaderSubject | undefined;
  for (const section of sections) {
    if (section.header === '') problems.push(nameless(section, file, above));
    const subject = subjectOf(section.header, file);
    const { values, doubts } = readEntries(section.entries, { file, quoting });
    for (const doubt of doubts) problems.push(problemOf(doubt, file, subject));
    if (subject !== undefined) named.push({ subject, header: section.header, line: section.line, values });
    above = subject;
  }
  const { kept, repeated } = oneOfEach(named, file);
  return {
    sections: kept,
    problems: [...problems, ...repeated].toSorted((a, b) => a.line - b.line),
    misnamed: sections.flatMap((section) => misnamedBy(section, file)),
    dealt: sections.flatMap(({ header, entries, line }) => (header === dealt && entries.length > 0 ? [line] : [])),
  };
}

/** As one text, for a map of sections. */
export function keyOfSubject({ kind, name }: HeaderSubject): string {
  return `${kind} ${name}`;
}

function nameless({ line }: Section, file: FileKind, above: HeaderSubject | undefined): Problem {
  const reason = 'is a header without a name';
  return problemOf({ line, reason, hint: 'Write the name into the brackets, or remove the line.' }, file, above);
}

function oneOfEach(sections: readonly NamedSection[], file: FileKind) {
  const kept = new Map<string, NamedSection>();
  const repeated: Problem[] = [];
  for (const section of sections) {
    const id = keyOfSubject(section.subject);
    const first = kept.get(id);
    // Tools agree that [profile default] counts alone if it comes after [default].
    if (first === undefined || isReplaced(first, section, file)) kept.set(id, section);
    else if (!saysTheSame(first, section)) repeated.push(repeats(first, section, file));
  }
  return { kept: [...kept.values()], repeated };
}

function isReplaced(first: NamedSection, { subject, header }: NamedSection, file: FileKind): boolean {
  const isDefault = file === 'config' && subject.kind === 'profile' && subject.name === 'default';
  return isDefault && first.header === 'default' && header !== 'default';
}

function saysTheSame({ values }: NamedSection, other: NamedSection): boolean {
  if (values.size !== other.values.size) return false;
  return [...values].every(([key, { whole }]) => other.values.get(key)?.whole === whole);
}

function repeats(first: NamedSection, { line, subject }: NamedSection, file: FileKind): Problem {
  const reason = `begins a second section of the ${subject.kind} ${subject.name}, after line ${first.line}, and the two differ`;
  return problemOf({ line, reason, hint: 'Leave one of them: tools do not agree on which one counts.' }, file, subject);
}

function misnamedBy({ header, line }: Section, file: FileKind): readonly Misnamed[] {
  const meant = meantBy(header, file);
  if (meant === undefined || meant.name === '') return [];
  if (file === 'config' && subjectOf(header, file) !== undefined) return [];
  const home = meant.kind === 'profile' ? file : 'config';
  return [{ file, line, header, meant, write: headerFor(meant, home) }];
}
