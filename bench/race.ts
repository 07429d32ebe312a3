import { type Asked, type ConnectionOptions, connect } from './connection.ts';
import { type Contestant, type Entrant, lineUp } from './contestant.ts';
import type { Row } from './row.ts';
import { pairedRatio, type Spread, spread } from './statistics.ts';
import type { Track } from './track.ts';

/** What came out for one contestant in one row at one latency. */
export interface Result extends Asked {
  readonly row: string;
  readonly distance: ConnectionOptions;
  readonly name: string;
  /** Milliseconds from spawn to exit. */
  readonly time: Spread;
  /** How often the time of bare Node with the same requests; of paired runs. */
  readonly overRequests: number;
  /** For ours: how often the time of each peer's same phase; of paired runs. */
  readonly overPeers: Readonly<Record<string, number>>;
}

export interface Race {
  readonly rows: readonly Row[];
  readonly entrants: readonly Entrant[];
  readonly distance: ConnectionOptions;
  readonly runs: number;
  readonly warmUps: number;
  readonly track: Track;
  readonly progress: (round: number) => void;
}

interface Times {
  readonly row: Row;
  readonly contestant: Contestant;
  readonly samples: number[];
  asked: Asked;
}

function resultOf(own: Times, all: readonly Times[], race: Race): Result {
  const rivals = all.filter(({ row }) => row === own.row);
  const baseline = rivals.find(({ contestant }) => contestant.script === own.row.baseline);
  const [who, phase] = own.contestant.name.split(': ');
  const peers = race.entrants.slice(1).flatMap(({ name }) => {
    const peer = rivals.find(({ contestant }) => contestant.name === `${name}: ${phase}`);
    return who !== 'ours' || peer === undefined ? [] : [[name, pairedRatio(own.samples, peer.samples)] as const];
  });
  return {
    row: own.row.name,
    distance: race.distance,
    name: own.contestant.name,
    time: spread(own.samples),
    overRequests: pairedRatio(own.samples, baseline?.samples ?? []),
    overPeers: Object.fromEntries(peers),
    ...own.asked,
  };
}

/** Lets everybody run once a round; the order turns from round to round, so that nobody always follows the same one. */
export async function run(race: Race): Promise<readonly Result[]> {
  const { rows, entrants, track, warmUps } = race;
  if (rows.length === 0) return [];
  const emulator = await connect(race.distance);
  try {
    const asked = await emulator.asked();
    const all: Times[] = [];
    for (const row of rows) {
      const contestants = await lineUp(row, track, { entrants, emulator: emulator.environment });
      for (const contestant of contestants) all.push({ row, contestant, samples: [], asked });
    }
    await emulator.asked();
    for (let round = -warmUps; round < race.runs; round += 1) {
      race.progress(round);
      const turn = (round + warmUps) % all.length;
      for (const times of [...all.slice(turn), ...all.slice(0, turn)]) {
        const elapsed = await track.time(times.contestant.script, times.contestant.environment);
        times.asked = await emulator.asked();
        if (round >= 0) times.samples.push(elapsed);
      }
    }
    return all.map((times) => resultOf(times, all, race));
  } finally {
    emulator.close();
  }
}
