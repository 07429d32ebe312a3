// Measures what a step costs, compared with bare Node that makes the same requests and, with --peer DIR, with another action.
import { entrants } from './contestant.ts';
import { figures } from './figures.ts';
import { type JobResult, runJobs } from './job.ts';
import { machine } from './machine.ts';
import { type Options, readOptions, usage } from './options.ts';
import { type Result, run } from './race.ts';
import { distanceOf, type Report, render, sizesOf } from './report.ts';
import { createTrack } from './track.ts';

async function measure(options: Options): Promise<Report> {
  const { rows, jobRows, runs, warmUps, peerRuns } = options;
  const track = createTrack();
  const field = entrants(options.peers);
  const results: Result[] = [];
  const jobs: JobResult[] = [];
  try {
    for (const distance of options.distances) {
      const progress = (round: number) => {
        if (process.stderr.isTTY) process.stderr.write(`\r${distanceOf(distance)}: round ${round + 1} of ${runs}  `);
      };
      const race = { entrants: field, distance, runs, track, progress };
      results.push(...(await run({ ...race, rows, warmUps })));
      jobs.push(...(await runJobs({ ...race, rows: jobRows, peerRuns })));
    }
  } finally {
    track.close();
    if (process.stderr.isTTY) process.stderr.write('\r\x1b[K');
  }
  const versions = Object.fromEntries(field.map(({ name, version }) => [name, version]));
  return { machine: machine(), runs, results, jobs, versions, sizes: sizesOf(field) };
}

const options = readOptions(process.argv.slice(2));
if (options.form === 'help') console.log(usage);
else {
  const report = await measure(options);
  const forms = {
    text: () => render(report),
    figures: () => figures(report),
    json: () => JSON.stringify(report, undefined, 2),
  };
  console.log(forms[options.form]());
}
