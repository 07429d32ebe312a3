import { basename, resolve } from 'node:path';
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
  readonly action: Action;
}

/** This project, then the peers. */
export const entrants = (peers: readonly string[]): readonly Entrant[] => [
  { name: 'ours', action: readAction(fileURLToPath(new URL('../', import.meta.url))) },
  ...peers.map((folder) => ({ name: basename(resolve(folder)), action: readAction(folder) })),
];

/** The environment of a post: what main left in the job and in its state. */
function afterwards(environment: Variables, track: Track): Variables {
  const exported = parseFileCommands(track.written('GITHUB_ENV')).pairs;
  const state = parseFileCommands(track.written('GITHUB_STATE')).pairs;
  return {
    ...environment,
    ...Object.fromEntries(exported),
    ...Object.fromEntries(state.map(([name, value]) => [`STATE_${name}`, value])),
  };
}

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
  return [main, { name: `${name}: post`, script: action.post, environment: afterwards(environment, track) }];
}

/** Everybody who runs in a row. Runs each main once, since a post needs one to clean up after. */
export async function lineUp(
  row: Row,
  track: Track,
  options: { readonly entrants: readonly Entrant[]; readonly emulator: Variables },
): Promise<readonly Contestant[]> {
  const base = { ...track.environment, ...options.emulator, ...row.environment };
  const inputs = inputVariables({ folder: '', inputs: {}, main: '', postIf: '' }, row.inputs);
  const contestants: Contestant[] = [
    { name: 'node', script: nothing, environment: base },
    { name: 'node + requests', script: row.baseline, environment: { ...base, ...inputs } },
  ];
  for (const [index, entrant] of options.entrants.entries()) {
    if (index === 0 || row.peers) contestants.push(...(await phases(entrant, row, track, base)));
  }
  return contestants;
}
