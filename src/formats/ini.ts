/** A section of an INI text: its header, and where it stands, from the header to its last key, without the line end after that. */
export interface Section {
  /** What stands between the brackets. */
  readonly header: string;
  readonly start: number;
  readonly end: number;
}

/** What is written as a section. */
export interface Content {
  readonly header: string;
  readonly keys: Readonly<Record<string, string>>;
  /** Goes before the keys. */
  readonly comment?: string | undefined;
}

/** A section that was put into a text, and what it takes to take it out again. */
export interface Placed {
  readonly text: string;
  /** The section as it stands there. */
  readonly section: string;
  /** The section that stood there, byte for byte; empty where none did. */
  readonly before: string;
  /** The line end that had to go before the section. */
  readonly joint: string;
}

/**
 * The sections of a shared AWS file, read as the AWS CLI reads them: a line that is indented deeper than its key goes on
 * with its value, whatever it holds; blank lines and comments belong to no section unless a key of it follows.
 */
export function sectionsIn(text: string): readonly Section[] {
  const sections: Section[] = [];
  let indentation = 0;
  let keyed = false;
  for (const { line, start } of linesOf(text)) {
    const content = line.trim();
    if (content === '' || content.startsWith('#') || content.startsWith(';')) continue;
    const depth = indentationOf(line).length;
    const continues: boolean = keyed && depth > indentation;
    const header: string | undefined = continues ? undefined : headerOf(content);
    const end = start + line.length;
    const last = sections.at(-1);
    if (header !== undefined) sections.push({ header, start, end });
    else if (last !== undefined) sections.splice(-1, 1, { ...last, end });
    if (continues) continue;
    keyed = header === undefined && last !== undefined;
    indentation = depth;
  }
  return sections;
}

/** The profile that a header of either shared file names; `undefined` where it names something else. */
export function profileNamed(header: string, file: 'credentials' | 'config'): string | undefined {
  if (file === 'credentials' || header === 'default') return header;
  return /^profile\s+(.+)$/s.exec(header)?.[1]?.replace(/(["'])(.*?)\1/gs, '$2');
}

/** Puts a section in the place of another, or at the end; every other byte stays. */
export function placeSection(text: string, { header, keys, comment }: Content, old: Section | undefined): Placed {
  const lineEnd = lineEndOf(text);
  const comments = comment === undefined ? [] : [`# ${comment}`];
  const lines = [...comments, ...Object.entries(keys).map(([key, value]) => `${key} = ${value}`)];
  if (old === undefined) {
    const joint = /^\uFEFF?$|\n$/.test(text) ? '' : lineEnd;
    const section = [`[${header}]`, ...lines].join(lineEnd);
    return { text: `${text}${joint}${section}${lineEnd}`, section, before: '', joint };
  }
  const before = text.slice(old.start, old.end);
  const next = sectionsIn(text).find(({ start }) => start >= old.end);
  // A header that is indented deeper than the key above it would go on with that key's value.
  const indentation = next === undefined ? '' : indentationOf(text.slice(next.start));
  const section = [`${indentationOf(before)}[${header}]`, ...lines.map((line) => indentation + line)].join(lineEnd);
  return { text: `${text.slice(0, old.start)}${section}${text.slice(old.end)}`, section, before, joint: '' };
}

/** Takes back what placeSection did, whatever has been written around the section since. */
export function unplaceSection(
  text: string,
  section: Section,
  { before, joint }: Pick<Placed, 'before' | 'joint'>,
): string {
  const ahead = text.slice(0, section.start);
  if (before !== '') return `${ahead}${before}${text.slice(section.end)}`;
  const rest = text.slice(section.end).replace(/^(?:\r\n|\n|\r)/, '');
  const unjoined = ahead.endsWith(joint) ? ahead.slice(0, ahead.length - joint.length) : ahead;
  // What was written after the section needs the line end that was put before it.
  return rest === '' ? unjoined : `${ahead}${rest}`;
}

/** The values of a section that may be secret, each line of a value by itself. */
export function secretsIn(section: string): readonly string[] {
  let secretAt = Number.POSITIVE_INFINITY;
  return linesOf(section).flatMap(({ line }) => {
    const depth = indentationOf(line).length;
    // It goes on with the value above it.
    if (depth > secretAt) return line.trim() || [];
    const delimiter = line.search(/[=:]/);
    const [key, value] = [line.slice(0, delimiter).trim(), line.slice(delimiter + 1).trim()];
    const secret = delimiter >= 0 && isSecretKey(key);
    secretAt = secret ? depth : Number.POSITIVE_INFINITY;
    return secret && value !== '' ? value : [];
  });
}

/** Whether the value of such a key may be secret. */
export function isSecretKey(key: string): boolean {
  return /key|secret|token|password|process/i.test(key) && !/_file$/i.test(key);
}

interface Line {
  readonly line: string;
  readonly start: number;
}

/** Without their ends; a byte order mark is no part of the first one. */
function linesOf(text: string): readonly Line[] {
  return [...text.matchAll(/[^\r\n]+/g)].map(({ 0: line, index }) =>
    index === 0 && line.startsWith('\uFEFF') ? { line: line.slice(1), start: 1 } : { line, start: index },
  );
}

/** Up to the last bracket, save for brackets in a comment. */
function headerOf(content: string): string | undefined {
  const header = /^\[(.*)\]/s;
  return (header.exec(content.replace(/\s[#;].*$/s, '')) ?? header.exec(content))?.[1]?.trim();
}

function indentationOf(line: string): string {
  return line.slice(0, line.length - line.trimStart().length);
}

function lineEndOf(text: string): string {
  return /\r?\n/.exec(text)?.[0] ?? (text.endsWith('\r') ? '\r\n' : '\n');
}
