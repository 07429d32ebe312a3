/** One variable, output or state entry of a command file. */
export type Pair = readonly [name: string, value: string];

/** What a command file says, up to the first line that is wrong; a file cut short by a crash still counts that far. */
export interface FileCommands {
  readonly pairs: readonly Pair[];
  readonly error?: string;
}

interface Line {
  readonly text: string;
  readonly ending: string;
}

// As in the runner, a carriage return belongs to the line's end on Windows only.
const lineEnd = process.platform === 'win32' ? /(\r?\n)/ : /(\n)/;

function linesOf(text: string): Line[] {
  const parts = text.split(lineEnd);
  const lines: Line[] = [];
  for (let index = 0; index < parts.length; index += 2) {
    lines.push({ text: parts[index] ?? '', ending: parts[index + 1] ?? '' });
  }
  return lines.at(-1)?.text === '' ? lines.slice(0, -1) : lines;
}

function heredocValue(lines: readonly Line[]): string {
  const last = lines.at(-1);
  return lines
    .map(({ text, ending }) => text + ending)
    .join('')
    .slice(0, last === undefined ? 0 : -last.ending.length);
}

/** Reads `NAME=VALUE` and `NAME<<DELIMITER` … `DELIMITER`. */
export function parseFileCommands(content: string): FileCommands {
  const lines = linesOf(content);
  const pairs: Pair[] = [];
  for (let index = 0; index < lines.length; index += 1) {
    const line = lines[index]?.text ?? '';
    if (line === '') continue;
    const [, name = '', sign, rest = ''] = /^(.*?)(=|<<)(.*)$/s.exec(line) ?? [];
    if (sign === undefined || name === '') return { pairs, error: `Invalid format '${line}'` };
    if (sign === '=') {
      pairs.push([name, rest]);
      continue;
    }
    if (rest === '') return { pairs, error: `Invalid format '${line}'. Delimiter must not be empty` };
    const end = lines.findIndex((candidate, at) => at > index && candidate.text === rest);
    if (end < 0) return { pairs, error: `Invalid value. Matching delimiter not found '${rest}'` };
    pairs.push([name, heredocValue(lines.slice(index + 1, end))]);
    index = end;
  }
  return { pairs };
}
