// Writes the README's tables of sources, inputs and outputs, between their markers, from action.yml and docs/sources.md.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';

const root = fileURLToPath(new URL('..', import.meta.url));

type Described = Readonly<Record<string, { readonly description: string }>>;

/** The README with its tables as `action`, the text of action.yml, and `sources`, that of docs/sources.md, say. */
export function withTables(readme: string, { action, sources }: { readonly action: string; readonly sources: string }) {
  const tables = { sources: sourceTable(sources), inputs: inputTables(action), outputs: outputTable(action) };
  return Object.entries(tables).reduce((text, [name, table]) => replaceBetween(text, name, table), readme);
}

/** Throws if the README does not have both markers of that name. */
function replaceBetween(text: string, name: string, table: string): string {
  const [start, end] = [`<!-- ${name}: written by npm run build -->\n`, `<!-- end of ${name} -->`];
  const [from, to] = [text.indexOf(start), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`README.md has no markers for the table of ${name}`);
  return `${text.slice(0, from + start.length)}\n${table}\n${text.slice(to)}`;
}

/** One row for each section that says what its source takes. */
function sourceTable(page: string): string {
  const rows = page.split(/^(?=## )/m).flatMap((section) => {
    const [, kind = ''] = /^## (.+)/.exec(section) ?? [];
    const takes = /^\*\*Takes\*\*: ([\s\S]+?)\.\n\n/m.exec(section)?.[1]?.replace(/\s+/g, ' ');
    const workflow = /\]\(\.\.\/examples\/([\w-]+\.yml)\)/.exec(section)?.[1];
    if (takes === undefined || workflow === undefined) return [];
    return [`| **${kind}** | ${takes} | [${workflow}](examples/${workflow}) | [details](docs/sources.md#${kind}) |`];
  });
  return ['| source | what it takes | workflow | more |', '|---|---|---|---|', ...rows, ''].join('\n');
}

/** A table for each group of inputs, which a comment in action.yml names; all groups but the first are folded. */
function inputTables(action: string): string {
  const { inputs }: { readonly inputs: Described } = parse(action);
  const lines = action.slice(action.indexOf('\ninputs:\n'), action.indexOf('\noutputs:\n'));
  const [first = '', ...others] = lines
    .split(/^(?= {2}# )/m)
    .flatMap((part) => {
      const title = /^ {2}# (.+)/.exec(part)?.[1];
      const names = [...part.matchAll(/^ {2}([\w-]+):$/gm)].map(([, name = '']) => name);
      return title === undefined ? [] : [{ title, table: rowsOf('input', names, inputs) }];
    })
    .map(({ title, table }, index) =>
      index === 0
        ? `### ${title}\n\n${table}`
        : `<details>\n<summary><b>${title}</b></summary>\n\n${table}\n</details>\n`,
    );
  return [first, ...others].join('\n');
}

function outputTable(action: string): string {
  const { outputs }: { readonly outputs: Described } = parse(action);
  return rowsOf('output', Object.keys(outputs), outputs);
}

function rowsOf(what: string, names: readonly string[], described: Described): string {
  const rows = names.map((name) => `| \`${name}\` | ${inMarkdown(described[name]?.description ?? '')} |`);
  return [`| ${what} | description |`, '|---|---|', ...rows, ''].join('\n');
}

/** A description as Markdown: variables, values in front and what holds signs of Markdown are code. */
function inMarkdown(description: string): string {
  return description
    .replace(/[<|]/g, (sign) => (sign === '<' ? '&lt;' : '\\|'))
    .replace(/(?<=^|\. )(true|false|enhanced|basic):/g, '`$1`:')
    .replace(/(?<=Default: )(true|false|auto|enhanced|GitHubActions|\d+)\b/g, '`$1`')
    .replace(/(?<=\s)(?:_\+=,\.@-|\*\.suffix|\.suffix|\*|\{\}|\{".*?\}|https?:\/\/\S+?)(?=[.,]?(?:\s|$))/g, '`$&`');
}

/** Writes the README below `folder`; returns whether that changed it. */
export function writeReadme(folder: string): boolean {
  const read = (...path: readonly string[]): string => readFileSync(join(folder, ...path), 'utf8');
  const before = read('README.md');
  const after = withTables(before, { action: read('action.yml'), sources: read('docs', 'sources.md') });
  if (after !== before) writeFileSync(join(folder, 'README.md'), after);
  return after !== before;
}

if (import.meta.main) writeReadme(root);
