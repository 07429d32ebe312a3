import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';
import type { Job, PhaseResult } from '../contract.ts';
import { mapOf, readSteps, type Step } from './document.ts';
import type { Scope } from './expression.ts';
import type { Result, StepRun } from './outcome.ts';
import { fill, fillText, fillTexts, holds } from './template.ts';
import { isMap, type Texts, textOf, type ValueMap } from './value.ts';

/** What the steps of a job share. */
export interface StepRunner {
  readonly job: Job;
  /** Where `uses: ./…` is looked for. */
  readonly repository: string;
  /** Folders that replace actions of others, by the part of `uses:` before the `@`. */
  readonly actions: Texts;
  /** Whether the job has the repository's files yet, without which `uses: ./…` finds nothing. */
  readonly checkout: { done: boolean };
  /** Called for every phase. */
  seen(result: PhaseResult): void;
}

/** The contexts that all steps of a job, or of a composite action, see alike. */
export interface StepScope {
  readonly contexts: Readonly<Record<string, ValueMap>>;
  /** Step-level variables of the step that uses the composite action. */
  readonly env: Texts;
}

/** What came of all steps, in order, and what of them later expressions see. */
export interface StepsRun {
  readonly steps: readonly StepRun[];
  readonly scope: Scope;
}

/** Runs steps one after the other; after a failure, those only whose `if:` says so. */
export async function runSteps(steps: readonly Step[], within: StepScope, runner: StepRunner): Promise<StepsRun> {
  const runs: StepRun[] = [];
  let exported: Texts = {};
  let failed = false;
  let outcomes: ValueMap = Object.fromEntries(
    steps.flatMap(({ id }) => (id === undefined ? [] : [[id, { outputs: {} }]])),
  );
  const own: StepRunner = {
    ...runner,
    seen(result) {
      exported = { ...exported, ...result.exported };
      runner.seen(result);
    },
  };
  const scopeWith = (env: Texts): Scope => ({
    contexts: {
      ...within.contexts,
      steps: outcomes,
      env: { ...within.contexts.env, ...exported, ...env },
      job: { status: failed ? 'failure' : 'success' },
    },
    status: failed ? 'failure' : 'success',
  });
  for (const step of steps) {
    const env = { ...within.env, ...fillTexts(step.env, scopeWith(within.env)) };
    const scope = scopeWith(env);
    const run = holds(step.if, scope) ? await runStep(step, { scope, env }, own) : skipped(step);
    runs.push(run);
    failed ||= run.result === 'failure' && !step.continueOnError;
    const conclusion = run.result === 'failure' && step.continueOnError ? 'success' : run.result;
    if (step.id !== undefined)
      outcomes = { ...outcomes, [step.id]: { outputs: run.outputs, outcome: run.result, conclusion } };
  }
  return { steps: runs, scope: scopeWith({}) };
}

const skipped = ({ name }: Step): StepRun => ({ name, result: 'skipped', outputs: {}, log: '' });

interface Given {
  readonly scope: Scope;
  readonly env: Texts;
}

async function runStep(step: Step, given: Given, runner: StepRunner): Promise<StepRun> {
  if (step.run !== undefined) {
    const script = fillText(step.run, given.scope);
    return phaseRun(step, await runner.job.run({ script, env: given.env }), runner);
  }
  const uses = step.uses ?? '';
  if (uses.startsWith('actions/checkout@')) {
    runner.checkout.done = true;
    return { name: step.name, result: 'success', outputs: {}, log: '' };
  }
  return useAction(step, folderOf(uses, runner), given, runner);
}

function folderOf(uses: string, { repository, actions, checkout }: StepRunner): string {
  if (uses.startsWith('./') && !checkout.done) {
    throw new Error(`"uses: ${uses}" needs a step with actions/checkout before it`);
  }
  if (uses.startsWith('./')) return resolve(repository, uses);
  const folder = actions[uses.replace(/@.*$/, '')];
  if (folder === undefined) throw new Error(`the workflow runner does not know the action "${uses}"`);
  return folder;
}

async function useAction(step: Step, folder: string, given: Given, runner: StepRunner): Promise<StepRun> {
  const document = mapOf(folder, parse(readFileSync(join(folder, 'action.yml'), 'utf8')));
  const inputs = fillTexts(step.with, given.scope);
  const runs = mapOf('runs', document.runs);
  if (runs.using !== 'composite') {
    return phaseRun(step, await runner.job.use({ action: folder, with: inputs, env: given.env }), runner);
  }
  const defaults = Object.entries(mapOf('inputs', document.inputs)).map(([name, input]) => [
    name,
    isMap(input) ? textOf(fill(input.default ?? '', given.scope)) : '',
  ]);
  const { github = {}, runner: machine = {}, env = {} } = given.scope.contexts;
  // A composite action sees its inputs alone: no secrets, no needs, no steps but its own.
  const contexts = { github, runner: machine, env, inputs: { ...Object.fromEntries(defaults), ...inputs } };
  const { steps, scope } = await runSteps(readSteps(step.name, runs.steps), { contexts, env: given.env }, runner);
  const outputs = Object.entries(mapOf('outputs', document.outputs)).map(([name, output]) => [
    name,
    textOf(fill(mapOf(name, output).value ?? '', scope)),
  ]);
  const result: Result = scope.status === 'success' ? 'success' : 'failure';
  return { name: step.name, result, outputs: Object.fromEntries(outputs), log: steps.map(({ log }) => log).join('') };
}

function phaseRun({ name }: Step, result: PhaseResult, { seen }: StepRunner): StepRun {
  seen(result);
  const { exitCode, outputs, log } = result;
  return { name, result: exitCode === 0 ? 'success' : 'failure', outputs, log };
}
