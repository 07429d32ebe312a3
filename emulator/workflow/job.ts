import { mkdirSync, mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import type { Emulator, PhaseResult } from '../contract.ts';
import { createMasker } from '../runner/masker.ts';
import { createJob } from '../runner.ts';
import type { JobDocument } from './document.ts';
import type { JobRun } from './outcome.ts';
import { runSteps } from './step.ts';
import { fillTexts } from './template.ts';
import type { Texts, ValueMap } from './value.ts';

/** Where the jobs of a workflow run, and what they are given. */
export interface Site {
  readonly emulator: Pick<Emulator, 'environment' | 'requests'>;
  /** Made by the caller and removed by it. */
  readonly folder: string;
  /** Where `uses: ./…` is looked for. */
  readonly repository: string;
  /** Where `uses: ./.github/workflows/NAME` is looked for, by its NAME. */
  readonly workflows: string;
  /** Folders that replace actions of others, by the part of `uses:` before the `@`. */
  readonly actions: Texts;
  /** The GITHUB_ variables. */
  readonly github: Texts;
}

/** One leg, ready to run. */
export interface Leg {
  readonly name: string;
  readonly document: JobDocument;
  /** github, secrets, inputs, needs, matrix and the workflow's env. */
  readonly contexts: Readonly<Record<string, ValueMap>>;
  readonly mayMintIdTokens: boolean;
}

/** The context `github`: the variables under the names that expressions know. */
export function githubContext(github: Texts): ValueMap {
  return Object.fromEntries(
    Object.entries(github).map(([name, value]) => [name.replace(/^GITHUB_/, '').toLowerCase(), value]),
  );
}

/** Runs a job on a runner of its own, with masks of its own. */
export async function runLeg({ name, document, contexts, mayMintIdTokens }: Leg, site: Site): Promise<JobRun> {
  const { emulator, repository, actions } = site;
  const earlier = emulator.requests().length;
  mkdirSync(site.folder, { recursive: true });
  const github = { ...site.github, GITHUB_JOB: document.id };
  const given = { ...contexts, github: githubContext(github), runner: { os: 'Linux', temp: '/tmp' } };
  const env = { ...contexts.env, ...fillTexts(document.env, { contexts: given, status: 'success' }) };
  const offered = Object.entries(emulator.environment).filter(
    ([variable]) => mayMintIdTokens || !variable.startsWith('ACTIONS_ID_TOKEN_'),
  );
  const job = createJob({
    folder: mkdtempSync(join(site.folder, 'job-')),
    environment: {
      ...Object.fromEntries(offered),
      ...github,
      ...fillTexts(env, { contexts: given, status: 'success' }),
    },
    secrets: Object.values(contexts.secrets ?? {}).map(String),
  });
  const phases: PhaseResult[] = [];
  const seen = (result: PhaseResult) => void phases.push(result);
  const { steps, scope } = await runSteps(
    document.steps,
    { contexts: { ...given, env }, env: {} },
    { job, repository, actions, checkout: { done: false }, seen },
  );
  const posts = await job.finish();
  for (const post of posts) if (post !== undefined) phases.push(post);

  const { kept, dropped } = passOn(fillTexts(document.outputs, scope), job.masks);
  const notes = dropped.map((output) => `##[warning]Skip output '${output}' since it may contain secret.\n`);
  return {
    name,
    result: scope.status === 'success' ? 'success' : 'failure',
    steps,
    posts,
    outputs: kept,
    dropped,
    log: [...phases.map(({ log }) => log), ...notes].join(''),
    raw: phases.map(({ raw }) => raw).join(''),
    masks: job.masks,
    environment: job.environment,
    requests: emulator.requests().slice(earlier),
  };
}

/** What leaves the job: GitHub drops an output that holds a masked value, in any form that it masks. */
function passOn(
  outputs: Texts,
  masks: readonly string[],
): { readonly kept: Texts; readonly dropped: readonly string[] } {
  const masker = createMasker();
  for (const mask of masks) masker.add(mask);
  const entries = Object.entries(outputs).filter(([, value]) => value !== '');
  const clean = ([, value]: readonly [string, string]) => masker.mask(value) === value;
  return {
    kept: Object.fromEntries(entries.filter(clean)),
    dropped: entries.filter((entry) => !clean(entry)).map(([name]) => name),
  };
}
