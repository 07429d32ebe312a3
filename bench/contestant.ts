import { existsSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Action, inputVariables, readAction } from '../emulator/runner/action.ts';
import { parseFileCommands } from '../emulator/runner/file-command.ts';
import { nothing, type Row } from './row.ts';
import type { Track } from './track.ts';

type Variables = Readonly<Record<string, string>>;

/** A script and the environment that it is run with, over and over. */
export interface Contestant {
  readonly name: string;
  readonly script: string;
  readonly environment: Variables;
}

/** An action and what it is called in the table. */
export interface Entrant {
  readonly name: string;
  /** Of its package.json; empty where there is none. */
  readonly version: string;
  readonly action: Action;
}

function versionOf(folder: string): string {
  const file = join(folder, 'package.json');
  const [, version = ''] = existsSync(file) ? (/"version": *"([^"]+)"/.exec(readFileSync(file, 'utf8')) ?? []) : [];
  return version;
}

const entrant = (name: string, folder: string): Entrant => ({
  name,
  version: versionOf(folder),
  action: readAction(folder),
});

/** This project, then the peers. */
export const entrants = (peers: readonly string[]): readonly Entrant[] => [
  entrant('ours', fileURLToPath(new URL('../', import.meta.url))),
  ...peers.map((folder) => entrant(basename(resolve(folder)), folder)),
];

/** What the last run exported to the job, and what it saved for its post, as each is put into an environment. */
export function leftBy(track: Track): { readonly exported: Variables; readonly state: Variables } {
  const { pairs: exported } = parseFileCommands(track.written('GITHUB_ENV'));
  const { pairs: state } = parseFileCommands(track.written('GITHUB_STATE'));
  return {
    exported: Object.fromEntries(exported),
    state: Object.fromEntries(state.map(([name, value]) => [`STATE_${name}`, value])),
  };
}

const knows = ({ inputs }: Action, row: Row): boolean => Object.keys(row.inputs).every((name) => name in inputs);

async function phases(
  { name, action }: Entrant,
  row: Row,
  track: Track,
  base: Variables,
): Promise<readonly Contestant[]> {
  const environment = { ...base, ...inputVariables(action, row.inputs) };
  const main = { name: `${name}: main`, script: action.main, environment };
  if (action.post === undefined) return [main];
  await track.time(action.main, environment);
  const { exported, state } = leftBy(track);
  return [main, { name: `${name}: post`, script: action.post, environment: { ...environment, ...exported, ...state } }];
}

/** Everybody who runs in a row. Runs each main once, since a post needs one to clean up after. */
export async function lineUp(
  row: Row,
  track: Track,
  options: { readonly entrants: readonly Entrant[]; readonly emulator: Variables },
): Promise<readonly Contestant[]> {
  const base = { ...track.environment, ...options.emulator };
  const inputs = inputVariables({ folder: '', inputs: {}, main: '', postIf: '' }, row.inputs);
  const contestants: Contestant[] = [
    { name: 'node', script: nothing, environment: base },
    { name: 'node + requests', script: row.baseline, environment: { ...base, ...inputs } },
  ];
  for (const each of options.entrants) {
    if (knows(each.action, row)) contestants.push(...(await phases(each, row, track, base)));
  }
  return contestants;
}
