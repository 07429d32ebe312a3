import { depthOf, readLines, type Section } from './shared-file.ts';

/** What is written as a section. */
export interface Content {
  readonly header: string;
  readonly keys: Readonly<Record<string, string>>;
  /** Goes before the keys. */
  readonly comment?: string | undefined;
}

/** A section that was put into a text, and what is required to take it out again. */
export interface Placed {
  readonly text: string;
  /** The section as it is in the text. */
  readonly section: string;
  /** The section that was there before, byte for byte; empty if there was none. */
  readonly before: string;
  /** The line end that had to go before the section. */
  readonly joint: string;
}

/** Puts a section in the place of another, or at the end; every other byte stays. */
export function placeSection(
  text: string,
  { header, keys, comment }: Content,
  old: Pick<Section, 'start' | 'end'> | undefined,
): Placed {
  const lineEnd = lineEndOf(text);
  const comments = comment === undefined ? [] : [`# ${comment}`];
  const lines = [...comments, ...Object.entries(keys).map(([key, value]) => `${key} = ${value}`)];
  if (old === undefined) {
    const joint = /^\uFEFF?$|\n$/.test(text) ? '' : lineEnd;
    const section = [`[${header}]`, ...lines].join(lineEnd);
    return { text: `${text}${joint}${section}${lineEnd}`, section, before: '', joint };
  }
  const before = text.slice(old.start, old.end);
  const next = readLines(text).sections.find(({ start }) => start >= old.end);
  // A header that is indented deeper than the key above it would continue that key's value.
  const indentation = next === undefined ? '' : indentationOf(text.slice(next.start, next.end));
  const section = [`${indentationOf(before)}[${header}]`, ...lines.map((line) => indentation + line)].join(lineEnd);
  return { text: `${text.slice(0, old.start)}${section}${text.slice(old.end)}`, section, before, joint: '' };
}

/** Takes back what placeSection did, whatever has been written around the section since. */
export function unplaceSection(
  text: string,
  section: Pick<Section, 'start' | 'end'>,
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
  return section.split(/[\r\n]+/).flatMap((line) => {
    const depth = depthOf(line);
    // It continues the value above it.
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

function indentationOf(line: string): string {
  return line.slice(0, depthOf(line));
}

function lineEndOf(text: string): string {
  return /\r?\n/.exec(text)?.[0] ?? (text.endsWith('\r') ? '\r\n' : '\n');
}
