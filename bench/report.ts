import type { Entrant } from './contestant.ts';
import type { Result } from './race.ts';
import { type Size, sizeOf } from './size.ts';

/** All that a bench found out. */
export interface Report {
  readonly node: string;
  readonly platform: string;
  readonly runs: number;
  readonly results: readonly Result[];
  readonly sizes: Readonly<Record<string, Size>>;
}

export const sizesOf = (entrants: readonly Entrant[]): Readonly<Record<string, Size>> =>
  Object.fromEntries(entrants.map(({ name, action }) => [name, sizeOf(action)]));

type Cells = readonly string[];

const number = (value: number, digits = 0): string =>
  Number.isNaN(value)
    ? '–'
    : value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });

/** Columns as wide as their widest cell; the first on the left, numbers on the right. */
function table(head: Cells, body: readonly Cells[]): string {
  const widths = head.map((title, column) =>
    Math.max(title.length, ...body.map((cells) => cells[column]?.length ?? 0)),
  );
  const row = (cells: Cells) =>
    cells
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  ');
  return [row(head), widths.map((width) => '─'.repeat(width)).join('  '), ...body.map(row)].join('\n');
}

function timesTable(results: readonly Result[], peers: readonly string[]): string {
  const head = ['', 'median ms', 'p25', 'p75', '× node + requests', ...peers.map((peer) => `× ${peer}`), 'requests'];
  const body = results.map(({ name, time, overRequests, overPeers, requests }) => [
    name,
    number(time.median, 1),
    number(time.p25, 1),
    number(time.p75, 1),
    number(overRequests, 2),
    ...peers.map((peer) => number(overPeers[peer] ?? Number.NaN, 2)),
    String(requests.length),
  ]);
  return table(head, body);
}

/** The report as people read it. */
export function render({ node, platform, runs, results, sizes }: Report): string {
  const peers = Object.keys(sizes).slice(1);
  const parts = [`Node ${node} on ${platform}; ${runs} paired runs each; ratios are medians over pairs.`];
  const title = ({ row, latency }: Result) => `${row}, ${latency} ms a request`;
  for (const heading of new Set(results.map(title))) {
    const group = results.filter((result) => title(result) === heading);
    const compared = group.some(({ overPeers }) => Object.keys(overPeers).length > 0);
    parts.push(`${heading}\n${timesTable(group, compared ? peers : [])}`);
  }
  const bytes = Object.entries(sizes).map(([name, size]) => [
    name,
    number(size.raw),
    number(size.gzipped),
    String(size.files),
  ]);
  parts.push(`Code that a runner downloads\n${table(['', 'bytes', 'gzipped', 'files'], bytes)}`);
  return parts.join('\n\n');
}
