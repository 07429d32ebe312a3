import { hasComment, type Quoting } from './command-line.ts';
import type { FileKind } from './profile-header.ts';
import { commandKey, knownKeys } from './profile-keys.ts';
import { type Doubt, unclosedHeader } from './profile-problems.ts';
import { type Entry, headerOf, keyOf, type Line, trimBlanks, withoutComment } from './shared-file.ts';

/** The value of a key, and the line that it begins in. */
export interface Value {
  /** Without a comment after it; the whole of a command. */
  readonly text: string;
  /** With what may be a comment. */
  readonly whole: string;
  readonly line: number;
}

/** What a section's lines give: keys in small letters, nested ones as `sts.endpoint_url`, and the lines in doubt. */
export interface Read {
  readonly values: ReadonlyMap<string, Value>;
  readonly doubts: readonly Doubt[];
}

/** Where the entries are, and how their commands are quoted. */
export interface EntryPlace {
  readonly file: FileKind;
  readonly quoting: Quoting;
}

/** Reads the entries of a section. Of a key that is there twice the first counts, and the second is in doubt. */
export function readEntries(entries: readonly Entry[], place: EntryPlace): Read {
  const values = new Map<string, Value>();
  const doubts: (readonly Doubt[])[] = [];
  const keys = new Set<string>();
  for (const [index, entry] of entries.entries()) {
    const [key = '', rest = ''] = keyOf(entry.line.content) ?? [];
    if (entry.line.content.startsWith('[') || key === '') {
      doubts.push([strayLine(entry.line, place.file), ...entry.more.flatMap(looksLikeHeader)]);
      continue;
    }
    if (keys.has(key)) doubts.push([twice(entry.line.number, key)]);
    const read = readEntry({ key, rest, ...entry, last: index === entries.length - 1 }, place);
    doubts.push(read.doubts);
    if (!keys.has(key)) for (const [name, value] of read.values) values.set(name, value);
    keys.add(key);
  }
  return { values, doubts: doubts.flat() };
}

interface Keyed extends Entry {
  readonly key: string;
  readonly rest: string;
  /** No key is below it. */
  readonly last: boolean;
}

function readEntry(keyed: Keyed, { file, quoting }: EntryPlace): Read {
  const { key, rest, line, more, last } = keyed;
  if (key === commandKey) return readCommand(keyed, quoting);
  const text = withoutComment(rest);
  if (text === '' && more.length > 0 && !knownKeys.has(key)) return readNested(keyed, file);
  const stuck = last ? [] : stuckHeader(more.at(-1) ?? line, key, file);
  const deeper = more.flatMap((each) => [...looksLikeHeader(each), ...looksLikeKey(each)]);
  const broken = deeper.length === 0 && knownKeys.has(key) ? more.slice(0, 1).map((each) => continued(each, key)) : [];
  const whole = [trimBlanks(rest), ...more.map(({ content }) => content)].join('\n');
  const value = more.length > 0 ? whole : text;
  return {
    values: new Map(value === '' ? [] : [[key, { text: value, whole, line: line.number }]]),
    doubts: [...stuck, ...deeper, ...broken],
  };
}

/** Continued lines are joined with line breaks, which separate the words of a command. */
function readCommand({ rest, line, more }: Keyed, quoting: Quoting): Read {
  const first = trimBlanks(rest);
  const lines = [first, ...more.map(({ content }) => content)];
  const text = lines.join('\n');
  const doubts: Doubt[] = [];
  if (first === '' && more.length > 0) {
    doubts.push({
      line: line.number,
      reason: `has "${commandKey}" without a command, and deeper lines below it`,
      hint: 'Write the command in the line of its key.',
    });
  }
  if (lines.slice(0, -1).some((each) => each.endsWith('\\'))) {
    doubts.push({
      line: line.number,
      reason: `begins a "${commandKey}" with a line that ends in a backslash`,
      hint: 'Remove the backslash: a deeper line continues the command without it.',
    });
  }
  if (hasComment(rest.startsWith('#') || rest.startsWith(';') ? `x${text}` : text, quoting)) {
    doubts.push({
      line: line.number,
      reason: `has a comment after "${commandKey}", which some tools give to the program and others remove`,
      hint: 'Write the comment in a line of its own; put quotes around a word that begins with # or ;.',
    });
  }
  return { values: new Map(text === '' ? [] : [[commandKey, { text, whole: text, line: line.number }]]), doubts };
}

/** The deeper lines under a key without a value are keys of their own. */
function readNested({ key: parent, rest, more, last }: Keyed, file: FileKind): Read {
  const values = new Map<string, Value>();
  const names = new Map<string, string>();
  const doubts: Doubt[] = [];
  for (const line of more) {
    const [key = '', after] = keyOf(line.content, /=/) ?? [];
    if (after === undefined) {
      // With a comment in the place of the value, the CLI takes the lines for a value.
      if (trimBlanks(rest) === '') doubts.push(notNested(line), ...looksLikeHeader(line));
      continue;
    }
    const name = `${parent}.${key}`;
    const spelled = line.content.slice(0, line.content.indexOf('=')).trim();
    if ((names.get(name) ?? spelled) !== spelled) doubts.push(twice(line.number, name));
    names.set(name, spelled);
    const text = withoutComment(after);
    if (text !== '') values.set(name, { text, whole: trimBlanks(after), line: line.number });
  }
  return {
    values,
    doubts: [...doubts, ...(last ? [] : more.slice(-1).flatMap((line) => stuckHeader(line, parent, file)))],
  };
}

function strayLine({ number, content }: Line, file: FileKind): Doubt {
  if (content.startsWith('[')) return unclosedHeader(number, content, file);
  const reason = /^[=:]/.test(content)
    ? 'has no key before its delimiter'
    : 'is not a header, a key, a comment or a continued value';
  return { line: number, reason, hint: 'Write it as "key = value", put # before it, or remove it.', begun: content };
}

function twice(line: number, key: string): Doubt {
  // What is not known to be a key may be a part of a value.
  const reason = `has ${knownKeys.has(key) ? `the key "${key}"` : 'a key'} a second time, and tools do not agree on which one counts`;
  return { line, reason, hint: 'Remove one of them, or write the header of its own profile before it.' };
}

function continued({ number }: Line, key: string): Doubt {
  const hint = `Write the value of "${key}" in one line, and no other key deeper than the first.`;
  return { line: number, reason: `continues the value of "${key}", which takes one line`, hint };
}

function notNested({ number }: Line): Doubt {
  const reason = 'is below a key without a value, and is not a nested key';
  return { line: number, reason, hint: 'Write it as "key = value", or remove it.' };
}

function looksLikeHeader({ content, number }: Line): readonly Doubt[] {
  const begun = headerOf(content);
  if (begun === undefined) return [];
  const reason = 'looks like a header, but is indented deeper than the key above it, whose value it continues';
  return [{ line: number, reason, hint: 'Remove the blanks before it.', begun }];
}

function looksLikeKey({ content, number }: Line): readonly Doubt[] {
  const [key = ''] = keyOf(content) ?? [];
  if (!knownKeys.has(key)) return [];
  const reason = `looks like the key "${key}", but is indented deeper than the key above it, whose value it continues`;
  return [{ line: number, reason, hint: 'Indent it as the other keys of its section.' }];
}

/** A tool that appends a section without a line break writes its header behind the last value. */
function stuckHeader({ content, number }: Line, key: string, file: FileKind): readonly Doubt[] {
  const value = withoutComment(keyOf(content)?.[1] ?? content);
  const open = value.lastIndexOf('[');
  const inside = value.slice(open + 1, -1);
  if (!value.endsWith(']') || open < 0 || !mayBeHeader(value.slice(0, open), inside, knownKeys.has(key), file))
    return [];
  const reason = 'has a header behind its value, and keys below it';
  return [{ line: number, reason, hint: 'Write the header in a line of its own.', begun: inside }];
}

function mayBeHeader(ahead: string, inside: string, known: boolean, file: FileKind): boolean {
  // The bracket of an address.
  if (/\/\/(?:[^/\s]*@)?$/.test(ahead.slice(-300)) || /^[\da-f.%]*:[\da-f.%]*:[\da-f:.%]*$/i.test(inside)) return false;
  if (trimBlanks(inside) === '' || known) return trimBlanks(inside) !== '';
  if (/^(?:default$|(?:profile|sso-session|services)\s)/i.test(inside.trim())) return true;
  // Others than this step keep lists and indexes in keys of their own.
  const name = /^[\p{L}_][^,"'*]*$/u.test(inside.trim());
  return name && (ahead !== '' || file === 'credentials');
}
