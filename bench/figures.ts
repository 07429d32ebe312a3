import type { JobResult } from './job.ts';
import { leftOf, type Report } from './report.ts';
import { markdownTable, number } from './table.ts';

/** What the README has around the table. */
export const markers = { begin: '<!-- figures: npm run bench -- --peer DIR --figures -->', end: '<!-- /figures -->' };

/** The row of the bench that each line of the table comes from; the sizes are of none. */
export const figureRows = [
  { what: 'OIDC, one role: time, requests', row: 'oidc' },
  { what: 'its post', row: 'oidc' },
  { what: 'code that a runner downloads (gzipped)', row: undefined },
  { what: 'trust policy does not fit: time, requests', row: 'denied' },
  { what: 'its last line', row: 'denied' },
  { what: '`id-token: write` is missing: time, requests', row: 'no-permission' },
  { what: 'its last line', row: 'no-permission' },
  { what: 'three accounts: time, uses, requests', row: 'three-accounts' },
  { what: 'after the job', row: 'left-behind' },
] as const;

const missing = '–';

const longest = 400;

/** Times of one unit: milliseconds below a second. */
function range(least: number, most: number): string {
  const [unit, scale, digits] = most < 1000 ? ['ms', 1, 0] : ['s', 1000, 1];
  const [from, to] = [least, most].map((value) => number(value / Number(scale), Number(digits)));
  return from === to ? `${to} ${unit}` : `${from}-${to} ${unit}`;
}

/** As inline code, cut where it is too long for a table. */
function quote(line: string): string {
  const cut = line.length > longest ? `${line.slice(0, longest)}…` : line;
  return `\`${cut.replaceAll('`', "'")}\``;
}

/** What one action's column says, from the top. */
function column(report: Report, name: string): readonly string[] {
  const timed = (phase: string, requests: boolean): string => {
    const result = report.results.find((one) => one.row === 'oidc' && one.name === `${name}: ${phase}`);
    if (result === undefined) return missing;
    return `${number(result.time.median)} ms${requests ? `, ${result.operations.length}` : ''}`;
  };
  const job = (row: string, show: (result: JobResult) => string): string => {
    const result = report.jobs.find((one) => one.row === row && one.name === name);
    return result === undefined ? missing : show(result);
  };
  const cost = ({ time, operations }: JobResult) => `${range(time.least, time.most)}, ${operations.length}`;
  const lastLine = (result: JobResult) => quote(result.lastLine ?? '');
  const size = report.sizes[name];
  return [
    timed('main', true),
    timed('post', false),
    size === undefined ? missing : `${number(size.raw)} B (${number(size.gzipped)})`,
    job('denied', cost),
    job('denied', lastLine),
    job('no-permission', cost),
    job('no-permission', lastLine),
    job('three-accounts', (result) => {
      const { least, most } = result.time;
      return `${range(least, most)}, ${result.uses}, ${result.operations.length}`;
    }),
    job('left-behind', ({ left }) => leftOf(left)),
  ];
}

/** The README's table in Markdown, between its markers, with where and when it was made. */
export function figures(report: Report): string {
  const { processor, cores, system, node, date } = report.machine;
  const names = Object.keys(report.versions);
  const columns = names.map((name) => column(report, name));
  const head = [
    'what',
    ...names.map((name, index) => `${index === 0 ? 'this' : name} ${report.versions[name] ?? ''}`.trim()),
    'printed by',
  ];
  const body = figureRows.map(({ what, row }, index) => [
    what,
    ...columns.map((cells) => cells[index] ?? missing),
    row === undefined ? 'bench' : `bench, row \`${row}\``,
  ]);
  const [peer] = report.jobs.filter(({ name }) => name !== 'ours');
  const count = (runs: number) => `${runs} ${runs === 1 ? 'run' : 'runs'}`;
  const others = peer === undefined ? '' : `, ${peer.runs} of the other action`;
  const runs = `Times of row \`oidc\` are medians of ${count(report.runs)}; ranges over ${count(report.runs)}${others}.`;
  const where = `${processor}, ${cores} cores; ${system}; Node ${node}; ${date}. ${runs} AWS and GitHub are emulated on the machine, so a real network comes on top.`;
  return [markers.begin, markdownTable(head, body), '', where, markers.end].join('\n');
}
