// Measures what a step costs, beside bare Node making the same requests and, with --peer DIR, beside another action.
import { parseArgs } from 'node:util';
import { entrants } from './contestant.ts';
import { type Result, run } from './race.ts';
import { type Report, render, sizesOf } from './report.ts';
import { rows } from './row.ts';
import { createTrack } from './track.ts';

const usage = `npm run bench -- [options]
  --runs N       timed rounds (21)
  --warm-up N    rounds before them (2)
  --latency N    milliseconds added to each answer; may be given again (0 and 40)
  --row NAME     ${rows.map(({ name }) => name).join(', ')}; may be given again (all)
  --peer DIR     a folder with another action's action.yml; may be given again
  --json         the figures as JSON`;

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '21' },
    'warm-up': { type: 'string', default: '2' },
    latency: { type: 'string', multiple: true, default: ['0', '40'] },
    row: { type: 'string', multiple: true },
    peer: { type: 'string', multiple: true, default: [] },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

function whole(option: string, text: string): number {
  if (/^\d+$/.test(text)) return Number(text);
  throw new Error(`--${option} takes a whole number, not "${text}"\n${usage}`);
}

async function measure(): Promise<Report> {
  const track = createTrack();
  const field = entrants(values.peer);
  const results: Result[] = [];
  try {
    for (const latency of values.latency.map((text) => whole('latency', text))) {
      const progress = (round: number) => {
        if (process.stderr.isTTY) process.stderr.write(`\r${latency} ms: round ${round + 1} of ${values.runs}  `);
      };
      results.push(
        ...(await run({
          rows: rows.filter(({ name }) => values.row?.includes(name) ?? true),
          entrants: field,
          latency,
          runs: whole('runs', values.runs),
          warmUps: whole('warm-up', values['warm-up']),
          track,
          progress,
        })),
      );
    }
  } finally {
    track.close();
    if (process.stderr.isTTY) process.stderr.write('\r\x1b[K');
  }
  const platform = `${process.platform} ${process.arch}`;
  return { node: process.version, platform, runs: whole('runs', values.runs), results, sizes: sizesOf(field) };
}

if (values.help) console.log(usage);
else {
  const report = await measure();
  console.log(values.json ? JSON.stringify(report, undefined, 2) : render(report));
}
