import type { ConnectionOptions } from './connection.ts';
import type { Entrant } from './contestant.ts';
import type { JobResult, Left } from './job.ts';
import type { Machine } from './machine.ts';
import type { Result } from './race.ts';
import { type Size, sizeOf } from './size.ts';
import { number, table } from './table.ts';

/** All that a bench found out. */
export interface Report {
  readonly machine: Machine;
  readonly runs: number;
  readonly results: readonly Result[];
  readonly jobs: readonly JobResult[];
  readonly versions: Readonly<Record<string, string>>;
  readonly sizes: Readonly<Record<string, Size>>;
}

export const sizesOf = (entrants: readonly Entrant[]): Readonly<Record<string, Size>> =>
  Object.fromEntries(entrants.map(({ name, action }) => [name, sizeOf(action)]));

/** Such as `TLS, round trips of 20 and 90 ms`. */
export function distanceOf({ latency, tls, roundTrips }: ConnectionOptions): string {
  const parts = [
    ...(tls ? ['TLS'] : []),
    ...(roundTrips === undefined ? [] : [`round trips of ${roundTrips[0]} ms (GitHub) and ${roundTrips[1]} ms (AWS)`]),
    ...(latency > 0 || (!tls && roundTrips === undefined) ? [`${latency} ms a request`] : []),
  ];
  return parts.join(', ');
}

const isFar = ({ tls, roundTrips }: ConnectionOptions): boolean => tls || roundTrips !== undefined;

const onTheLine = ['connections', 'handshakes', 'round trips'];

const trafficOf = ({ traffic }: Pick<Result, 'traffic'>): readonly string[] =>
  [traffic.connections, traffic.handshakes, traffic.roundTrips].map(String);

function timesTable(results: readonly Result[], peers: readonly string[]): string {
  const far = results.some(({ distance }) => isFar(distance));
  const compared = peers.filter((peer) => results.some(({ overPeers }) => peer in overPeers));
  const over = compared.map((peer) => `× ${peer}`);
  const head = ['', 'median ms', 'p25', 'p75', '× node + requests', ...over, 'requests', ...(far ? onTheLine : [])];
  const body = results.map((result) => [
    result.name,
    number(result.time.median, 1),
    number(result.time.p25, 1),
    number(result.time.p75, 1),
    number(result.overRequests, 2),
    ...compared.map((peer) => number(result.overPeers[peer] ?? Number.NaN, 2)),
    String(result.operations.length),
    ...(far ? trafficOf(result) : []),
  ]);
  return table(head, body);
}

/** Such as `5 variables blank; ~/.aws/config`, or `all as it was`. */
export function leftOf({ blank, changed, files }: Left): string {
  const variables = (names: readonly string[], how: string) =>
    names.length === 0 ? [] : [`${names.length} ${names.length === 1 ? 'variable' : 'variables'} ${how}`];
  const parts = [...variables(blank, 'blank'), ...variables(changed, 'changed'), ...files];
  return parts.length === 0 ? 'all as it was' : parts.join('; ');
}

function jobsTable(results: readonly JobResult[]): string {
  const far = results.some(({ distance }) => isFar(distance));
  const head = ['', 'least ms', 'most ms', 'runs', 'uses', 'requests', ...(far ? onTheLine : []), 'after the job'];
  const body = results.map((result) => [
    result.name,
    number(result.time.least, 1),
    number(result.time.most, 1),
    String(result.runs),
    String(result.uses),
    String(result.operations.length),
    ...(far ? trafficOf(result) : []),
    leftOf(result.left),
  ]);
  const said = results.flatMap(({ name, lastLine }) =>
    lastLine === undefined ? [] : [`${name}, last line: ${lastLine}`],
  );
  return [table(head, body), ...said].join('\n');
}

/** Groups of one row at one distance, in order, each below its name. */
function groups<T extends Pick<Result, 'row' | 'distance'>>(
  results: readonly T[],
  show: (group: readonly T[]) => string,
): readonly string[] {
  const title = ({ row, distance }: T) => `${row}, ${distanceOf(distance)}`;
  return [...new Set(results.map(title))].map(
    (heading) => `${heading}\n${show(results.filter((result) => title(result) === heading))}`,
  );
}

/** The report as people read it. */
export function render({ machine, runs, results, jobs, sizes }: Report): string {
  const peers = Object.keys(sizes).slice(1);
  const { node, processor, cores, system, date } = machine;
  const bytes = Object.entries(sizes).map(([name, size]) => [
    name,
    number(size.raw),
    number(size.gzipped),
    String(size.files),
  ]);
  return [
    `Node ${node} on ${system}, ${processor} × ${cores}, ${date}; ${runs} paired runs each; ratios are medians over pairs.`,
    ...groups(results, (group) => timesTable(group, peers)),
    ...groups(jobs, jobsTable),
    `Code that a runner downloads\n${table(['', 'bytes', 'gzipped', 'files'], bytes)}`,
  ].join('\n\n');
}
