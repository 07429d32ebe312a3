/** A line that is not blank and not a comment, without its line end. */
export interface Line {
  /** From 1. */
  readonly number: number;
  readonly start: number;
  readonly end: number;
  /** How many blanks are before its content. */
  readonly depth: number;
  /** Without the blanks at its ends. */
  readonly content: string;
}

/** A key's line, or one that cannot be read, and the deeper lines that continue it. */
export interface Entry {
  readonly line: Line;
  readonly more: readonly Line[];
}

/** A section of a shared file: from its header to its last key, without the line end after that. */
export interface Section {
  /** The text in the brackets, without blanks at its ends; empty for `[]`. */
  readonly header: string;
  readonly line: number;
  readonly start: number;
  readonly end: number;
  readonly entries: readonly Entry[];
}

/** A shared config or credentials file as lines. */
export interface SharedFile {
  /** The lines before the first header. */
  readonly ahead: readonly Line[];
  readonly sections: readonly Section[];
}

/**
 * The lines and sections of a shared file, as the AWS CLI reads them: a line that is indented deeper than its key
 * continues its value, whatever it holds. https://docs.python.org/3/library/configparser.html#supported-ini-file-structure
 */
export function readLines(text: string): SharedFile {
  const ahead: Line[] = [];
  const sections: Building<Section, { readonly entries: OpenEntry[] }>[] = [];
  let key: OpenEntry | undefined;
  for (const line of linesOf(text)) {
    const section = sections.at(-1);
    if (section !== undefined && key !== undefined && line.depth > key.line.depth) {
      key.more.push(line);
      section.end = line.end;
      continue;
    }
    const header = headerOf(line.content);
    key = undefined;
    if (header !== undefined) {
      sections.push({ header, line: line.number, start: line.start, end: line.end, entries: [] });
    } else if (section === undefined) {
      ahead.push(line);
    } else {
      key = { line, more: [] };
      section.entries.push(key);
      section.end = line.end;
    }
  }
  return { ahead, sections };
}

/** The text in a header's brackets; undefined for a line that is not a header. It ends at the last bracket before a comment. */
export function headerOf(content: string): string | undefined {
  if (!content.startsWith('[')) return undefined;
  const comment = commentAt(content);
  const before = comment < 0 ? -1 : content.lastIndexOf(']', comment);
  const end = before >= 0 ? before : content.lastIndexOf(']');
  return end < 0 ? undefined : trimBlanks(content.slice(1, end));
}

/** A key in small letters and what follows its delimiter; undefined for a line without one of the delimiters. */
export function keyOf(content: string, delimiter: RegExp = /[=:]/): readonly [key: string, rest: string] | undefined {
  const at = content.search(delimiter);
  return at < 0 ? undefined : [trimBlanks(content.slice(0, at)).toLowerCase(), content.slice(at + 1)];
}

/** The text up to a comment, which is a blank and `#` or `;`, without blanks at its ends. */
export function withoutComment(text: string): string {
  const comment = commentAt(text);
  return trimBlanks(comment < 0 ? text : text.slice(0, comment));
}

/** The text without the characters at its ends that Python takes for blanks. */
export function trimBlanks(text: string): string {
  const start = depthOf(text);
  let end = text.length;
  while (end > start && isBlank(text.charAt(end - 1))) end -= 1;
  return text.slice(start, end);
}

/** How many blanks a text begins with. */
export function depthOf(text: string): number {
  let depth = 0;
  while (isBlank(text.charAt(depth))) depth += 1;
  return depth;
}

type Building<T, Open> = { -readonly [Key in keyof Omit<T, keyof Open>]: T[Key] } & Open;
type OpenEntry = Entry & { readonly more: Line[] };

/** Without their ends; a byte order mark is not part of the first one. LF, CRLF and CR end a line, and nothing else does. */
function* linesOf(text: string): Generator<Line> {
  let number = 1;
  let start = text.startsWith('\uFEFF') ? 1 : 0;
  for (let end = start; end <= text.length; end += 1) {
    const character = text[end];
    if (character !== undefined && character !== '\n' && character !== '\r') continue;
    if (end > start) yield* lineOf(text.slice(start, end), number, start);
    if (character === '\r' && text[end + 1] === '\n') end += 1;
    number += 1;
    start = end + 1;
  }
}

/** None if it is blank or a comment. */
function lineOf(line: string, number: number, start: number): readonly Line[] {
  const content = trimBlanks(line);
  if (content === '' || /^[#;]/.test(content)) return [];
  return [{ number, start, end: start + line.length, depth: depthOf(line), content }];
}

function commentAt(text: string): number {
  return text.search(/[\s\u0085][#;]/);
}

/** Those of Python's `str.isspace`. */
const blanks = new Set(
  '\t\n\v\f\r\u001C\u001D\u001E\u001F \u0085\u00A0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200A\u2028\u2029\u202F\u205F\u3000',
);

function isBlank(character: string): boolean {
  return blanks.has(character);
}
