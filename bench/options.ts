import { parseArgs } from 'node:util';
import type { ConnectionOptions } from './connection.ts';
import { type JobRow, jobRows } from './job-row.ts';
import { type Row, rows, usual } from './row.ts';

const names = [...rows, ...jobRows].map(({ name }) => name);

export const usage = `npm run bench -- [options]
  --runs N         timed rounds (21)
  --warm-up N      rounds before them (2)
  --latency N      milliseconds added to each answer; may be given again (0 and 40; 0 with --tls, --rtt or --figures)
  --tls            TLS 1.3 before the emulator, by a certificate of its own
  --rtt G,A        a line before it: G milliseconds to GitHub and back, A to AWS and back; may be given again
  --row NAME       ${names.join(', ')}; may be given again
                   (${usual.near.join(', ')}; with --tls or --rtt ${usual.onALine.join(', ')})
  --peer DIR       a folder with another action's action.yml; may be given again
  --peer-runs N    runs of a peer in the rows of whole jobs: ${jobRows.map(({ name }) => name).join(', ')} (3)
  --figures        the README's table, in Markdown
  --json           the figures as JSON`;

/** What the command line asks for. */
export interface Options {
  readonly runs: number;
  readonly warmUps: number;
  readonly peerRuns: number;
  readonly distances: readonly ConnectionOptions[];
  readonly rows: readonly Row[];
  readonly jobRows: readonly JobRow[];
  readonly peers: readonly string[];
  readonly form: 'text' | 'figures' | 'json' | 'help';
}

function whole(option: string, text: string, least = 0): number {
  if (/^\d{1,6}$/.test(text) && Number(text) >= least) return Number(text);
  throw new Error(`--${option} takes a whole number${least === 0 ? '' : ` from ${least}`}, not "${text}"\n${usage}`);
}

function roundTripsOf(text: string): readonly [number, number] {
  const [github, aws, more] = text.split(',');
  if (github === undefined || aws === undefined || more !== undefined)
    throw new Error(`--rtt takes two whole numbers, such as 20,90, not "${text}"\n${usage}`);
  return [whole('rtt', github), whole('rtt', aws)];
}

function named<T extends { readonly name: string }>(all: readonly T[], wanted: readonly string[]): readonly T[] {
  return all.filter(({ name }) => wanted.includes(name));
}

function rowsOf(given: readonly string[] | undefined, figures: boolean, onALine: boolean): readonly string[] {
  const unknown = given?.find((name) => !names.includes(name));
  if (unknown !== undefined) throw new Error(`--row takes ${names.join(', ')}, not "${unknown}"\n${usage}`);
  if (given !== undefined) return given;
  if (figures) return ['oidc', ...jobRows.map(({ name }) => name)];
  return onALine ? usual.onALine : usual.near;
}

/** Reads the command line. Throws, with the usage, for what is not an option or its value. */
export function readOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      runs: { type: 'string', default: '21' },
      'warm-up': { type: 'string', default: '2' },
      'peer-runs': { type: 'string', default: '3' },
      latency: { type: 'string', multiple: true },
      tls: { type: 'boolean', default: false },
      rtt: { type: 'string', multiple: true },
      row: { type: 'string', multiple: true },
      peer: { type: 'string', multiple: true, default: [] },
      figures: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const { tls, figures, json, help } = values;
  const onALine = tls || values.rtt !== undefined;
  const latencies = values.latency ?? (onALine || figures ? ['0'] : ['0', '40']);
  const lengths = values.rtt?.map(roundTripsOf) ?? [undefined];
  const wanted = rowsOf(values.row, figures, onALine);
  return {
    runs: whole('runs', values.runs, 1),
    warmUps: whole('warm-up', values['warm-up']),
    peerRuns: whole('peer-runs', values['peer-runs'], 1),
    distances: latencies.flatMap((latency) =>
      lengths.map((roundTrips) => ({ latency: whole('latency', latency), tls, roundTrips })),
    ),
    rows: named(rows, wanted),
    jobRows: named(jobRows, wanted),
    peers: values.peer,
    form: help ? 'help' : json ? 'json' : figures ? 'figures' : 'text',
  };
}
