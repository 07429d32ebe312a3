import { shellWords } from './command-line.ts';
import { headerOf } from './shared-file.ts';

/** Which of AWS's shared files. */
export type FileKind = 'config' | 'credentials';

/** What a section is for. */
export interface HeaderSubject {
  readonly kind: 'profile' | 'sso-session' | 'services';
  readonly name: string;
}

const kinds = ['profile', 'sso-session', 'services'] as const;

/**
 * What the header of a shared file names; undefined if it names nothing that AWS's tools read there. In the config file
 * it is split into words as a POSIX shell does. https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html
 */
export function subjectOf(header: string, file: FileKind): HeaderSubject | undefined {
  if (header === '' || header === dealt) return undefined;
  if (file === 'credentials' || header === 'default') return { kind: 'profile', name: header };
  const kind = kinds.find((word) => header.startsWith(word));
  const [word, name, ...more] = kind === undefined ? [] : wordsOf(header);
  return kind === undefined || word !== kind || !name || more.length > 0 ? undefined : { kind, name };
}

/** The section whose keys botocore gives to every other section of its file. */
export const dealt = 'DEFAULT';

/** The header, without its brackets, that names this in the file; undefined if no header can. */
export function headerFor({ kind, name }: HeaderSubject, file: FileKind): string | undefined {
  const plain = file === 'credentials' || (kind === 'profile' && name === 'default');
  const header = plain ? name : `${kind} ${quoted(name)}`;
  if (/[\r\n]/.test(name) || headerOf(`[${header}]`) !== header) return undefined;
  const read = subjectOf(header, file);
  return read?.kind === kind && read.name === name ? header : undefined;
}

/** A profile's name as an argument of a command that can be pasted into a shell. */
export function pasteable(name: string): string {
  if (/^[\w@%+=:,./-]+$/.test(name)) return name;
  return /["$`\\!]/.test(name) ? `'${name.replaceAll("'", `'\\''`)}'` : `"${name}"`;
}

/** What the author of a header meant, if the file does not read it that way: `[dev]` in the config file, for example. */
export function meantBy(header: string, file: FileKind): HeaderSubject | undefined {
  if (header === '' || header === dealt) return undefined;
  const [, word = '', rest = ''] = /^(\S+)\s+(\S.*)$/s.exec(header) ?? [];
  const kind = kinds.find((candidate) => candidate === word.toLowerCase());
  if (kind !== undefined) return { kind, name: unquoted(rest) };
  return file === 'config' ? { kind: 'profile', name: unquoted(header) } : undefined;
}

/** Quoted if the words of a shell would not be the name itself. */
function quoted(name: string): string {
  const [word, ...more] = wordsOf(name);
  return word === name && more.length === 0 ? name : `"${name.replace(/["\\]/g, '\\$&')}"`;
}

function unquoted(text: string): string {
  const [word = '', ...more] = wordsOf(text);
  return word === '' || more.length > 0 ? text : word;
}

/** Longer than this, a text is not taken for a name. */
const lengthLimit = 10_000;

/** None if a quote is not closed. */
function wordsOf(text: string): readonly string[] {
  if (text.length > lengthLimit) return [];
  return shellWords(text) ?? [];
}
