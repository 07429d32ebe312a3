import { inputVariables } from '../emulator/runner/action.ts';
import { parseLogCommand } from '../emulator/runner/log-command.ts';
import { type Asked, type Connection, type ConnectionOptions, connect } from './connection.ts';
import { type Entrant, leftBy } from './contestant.ts';
import type { JobRow } from './job-row.ts';
import type { Run, Track } from './track.ts';

type Variables = Readonly<Record<string, string>>;

/** What the job differs in after its last post. A variable that is blank is as good as one that is not set. */
export interface Left {
  readonly blank: readonly string[];
  readonly changed: readonly string[];
  readonly files: readonly string[];
}

/** What one job came to. */
interface Outcome {
  readonly milliseconds: number;
  readonly asked: Asked;
  readonly lastLine: string;
  readonly left: Left;
}

/** What came out for one action in one row. */
export interface JobResult extends Asked {
  readonly row: string;
  readonly distance: ConnectionOptions;
  readonly name: string;
  readonly uses: number;
  readonly runs: number;
  /** Milliseconds, each job summed. */
  readonly time: { readonly least: number; readonly most: number };
  /** The last line of the log of what failed. */
  readonly lastLine?: string | undefined;
  readonly left: Left;
}

/** The last line that is not empty; of a command, of its text. */
export function lastLineOf(log: string): string {
  const lines = (text: string) => text.split(/\r?\n/).filter((line) => line.trim() !== '');
  const last = lines(log).at(-1) ?? '';
  return lines(parseLogCommand(last)?.data ?? last).at(-1) ?? '';
}

function difference(before: Variables, after: Variables, files: readonly string[]): Left {
  const changed = Object.keys(after).filter((name) => (before[name] ?? '') !== after[name]);
  const blank = changed.filter((name) => after[name] === '');
  return { blank, changed: changed.filter((name) => !blank.includes(name)), files };
}

const idTokenVariable = /^ACTIONS_ID_TOKEN_REQUEST_/;

function environmentOf(row: JobRow, track: Track, emulator: Variables): Variables {
  const given = Object.entries(emulator).filter(([name]) => row.idTokens || !idTokenVariable.test(name));
  return { ...track.environment, ...Object.fromEntries(given), ...row.environment };
}

function holdTo(row: JobRow, name: string, { failed, log }: Run): void {
  if (failed !== row.fails) throw new Error(`${name} ${failed ? 'failed' : 'did not fail'} in ${row.name}:\n${log}`);
}

async function runJob(
  row: JobRow,
  { name, action }: Entrant,
  context: { readonly uses: readonly Variables[]; readonly track: Track; readonly emulator: Connection },
): Promise<Outcome> {
  const { uses, track, emulator } = context;
  const before = environmentOf(row, track, emulator.environment);
  const posts: Variables[] = [];
  const runs: Run[] = [];
  let environment = before;
  await emulator.asked();
  track.renew();
  const present = track.files();
  const phase = async (script: string, variables: Variables): Promise<Variables> => {
    runs.push(await track.run(script, { ...environment, ...variables }));
    const { exported, state } = leftBy(track);
    environment = { ...environment, ...exported };
    return state;
  };
  for (const use of uses) {
    const inputs = inputVariables(action, use);
    posts.unshift({ ...inputs, ...(await phase(action.main, inputs)) });
    holdTo(row, name, runs.at(-1) ?? { failed: false, log: '', milliseconds: 0 });
    if (row.fails) break;
  }
  if (action.post !== undefined && !row.fails) for (const variables of posts) await phase(action.post, variables);
  return {
    milliseconds: runs.reduce((sum, { milliseconds }) => sum + milliseconds, 0),
    asked: await emulator.asked(),
    lastLine: lastLineOf(runs.at(-1)?.log ?? ''),
    left: difference(
      before,
      environment,
      track.files().filter((file) => !present.includes(file)),
    ),
  };
}

export interface JobRace {
  readonly rows: readonly JobRow[];
  readonly entrants: readonly Entrant[];
  readonly distance: ConnectionOptions;
  readonly runs: number;
  /** The runs of everybody else, whose refusals may take minutes. */
  readonly peerRuns: number;
  readonly track: Track;
  readonly progress: (round: number) => void;
}

async function resultOf(
  row: JobRow,
  entrant: Entrant,
  race: JobRace & { readonly emulator: Connection },
): Promise<JobResult> {
  const own = entrant === race.entrants[0];
  const uses = own ? row.ours : row.peers;
  const runs = own ? race.runs : race.peerRuns;
  const outcomes: Outcome[] = [];
  for (let round = 0; round < runs; round += 1) {
    race.progress(round);
    outcomes.push(await runJob(row, entrant, { uses, track: race.track, emulator: race.emulator }));
  }
  const last = outcomes.at(-1);
  if (last === undefined) throw new Error('a row takes one run or more');
  const times = outcomes.map(({ milliseconds }) => milliseconds);
  return {
    row: row.name,
    distance: race.distance,
    name: entrant.name,
    uses: uses.length,
    runs,
    time: { least: Math.min(...times), most: Math.max(...times) },
    ...last.asked,
    lastLine: row.fails ? last.lastLine : undefined,
    left: last.left,
  };
}

/** Runs the jobs of all rows, one action after the other. */
export async function runJobs(race: JobRace): Promise<readonly JobResult[]> {
  if (race.rows.length === 0) return [];
  const emulator = await connect(race.distance);
  const results: JobResult[] = [];
  try {
    for (const row of race.rows) {
      for (const entrant of race.entrants) results.push(await resultOf(row, entrant, { ...race, emulator }));
    }
    return results;
  } finally {
    emulator.close();
  }
}
