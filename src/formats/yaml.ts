import { isMap, isScalar, isSeq, LineCounter, type Node, type Pair, parseDocument } from 'yaml';

/** A value as written: every scalar is text, so that `012345` keeps its zero; `null` and nothing are empty text. */
export type YamlNode = YamlText | YamlList | YamlMap;

export interface YamlText {
  readonly kind: 'text';
  readonly text: string;
  readonly line: number;
}

export interface YamlList {
  readonly kind: 'list';
  readonly items: readonly YamlNode[];
  readonly line: number;
}

export interface YamlMap {
  readonly kind: 'map';
  readonly entries: readonly YamlEntry[];
  readonly line: number;
}

/** One `key: value` of a map. */
export interface YamlEntry {
  readonly key: string;
  readonly line: number;
  readonly value: YamlNode;
}

/** Why YAML is not accepted: a clause that does not quote the text. */
export class NotYaml extends Error {}

/** No input needs deeper nesting. */
const depthLimit = 8;

/** Parses YAML or JSON; `kept`: a duplicate key is not refused, its reader refuses it. Throws NotYaml. https://yaml.org/spec/1.2.2/#101-failsafe-schema */
export function parseYaml(text: string, duplicates: 'refused' | 'kept' = 'refused'): YamlNode {
  const lines = new LineCounter();
  const { contents, errors } = documentOf(text, lines, duplicates);
  const lineOf = (offset = 0): number => Math.max(1, lines.linePos(offset).line);
  const [error] = errors;
  if (error !== undefined) throw new NotYaml(`is not valid YAML in line ${lineOf(error.pos[0])} (${error.code})`);
  return nodeOf(contents, 1, 0);

  function nodeOf(node: unknown, near: number, depth: number): YamlNode {
    if (node === null || node === undefined) return { kind: 'text', text: '', line: near };
    const line = lineOf(offsetOf(node));
    if (depth > depthLimit) throw new NotYaml(`is nested too deep in line ${line}`);
    if (isSeq(node)) return { kind: 'list', line, items: node.items.map((item) => nodeOf(item, line, depth + 1)) };
    if (isMap(node)) return { kind: 'map', line, entries: node.items.map((pair) => entryOf(pair, line, depth + 1)) };
    if (isScalar(node)) return { kind: 'text', line, text: textOf(node.value, node.type) };
    throw new NotYaml(`contains an alias in line ${line}, which is not supported`);
  }

  function entryOf({ key, value }: Pair, near: number, depth: number): YamlEntry {
    const name = nodeOf(key, near, depth);
    if (name.kind !== 'text') throw new NotYaml(`has a key in line ${name.line} that is not text`);
    return { key: name.text, line: name.line, value: nodeOf(value, name.line, depth) };
  }
}

function documentOf(text: string, lineCounter: LineCounter, duplicates: 'refused' | 'kept') {
  const uniqueKeys = duplicates === 'refused';
  try {
    return parseDocument<Node, true>(text, {
      schema: 'failsafe',
      prettyErrors: false,
      logLevel: 'error',
      lineCounter,
      uniqueKeys,
    });
  } catch {
    // Thrown for input such as ten thousand brackets; the parser's message may quote the text.
    throw new NotYaml('is not valid YAML');
  }
}

function offsetOf(node: unknown): number | undefined {
  if (typeof node !== 'object' || node === null || !('range' in node)) return undefined;
  const { range } = node;
  return Array.isArray(range) && typeof range[0] === 'number' ? range[0] : undefined;
}

function textOf(value: unknown, style: unknown): string {
  const text = String(value ?? '');
  return style === 'PLAIN' && /^(~|null|Null|NULL)$/.test(text) ? '' : text;
}
