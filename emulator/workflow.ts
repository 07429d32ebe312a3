import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { githubVariables } from './runner/github.ts';
import { callInputs, callSecrets, mayMint } from './workflow/call.ts';
import { type JobDocument, mapOf, readWorkflow, type Workflow } from './workflow/document.ts';
import type { Scope } from './workflow/expression.ts';
import { githubContext, runLeg, type Site } from './workflow/job.ts';
import { legName, legsOf } from './workflow/matrix.ts';
import type { JobRun, Result, WorkflowRun } from './workflow/outcome.ts';
import { fill, fillMap, fillTexts, holds } from './workflow/template.ts';
import { isMap, type Texts, type ValueMap } from './workflow/value.ts';

/** A workflow file and where it runs. */
export interface WorkflowOptions extends Pick<Site, 'emulator' | 'folder'>, Partial<Omit<Site, 'emulator' | 'folder'>> {
  readonly file: string;
  readonly secrets?: Texts;
  /** `vars`, the configuration variables. */
  readonly variables?: Texts;
}

interface Call {
  readonly workflow: Workflow;
  readonly inputs: ValueMap;
  readonly secrets: Texts;
  readonly variables: Texts;
  /** The name of the calling job and ` / `; empty where nobody calls. */
  readonly prefix: string;
  /** The most that its jobs may be permitted. */
  readonly mayMintIdTokens: boolean;
}

interface JobsRun {
  readonly result: Result;
  readonly outputs: Texts;
  readonly runs: readonly JobRun[];
}

/** Runs a workflow as GitHub would, a job after the other. Throws on what it does not know. */
export async function runWorkflow(options: WorkflowOptions): Promise<WorkflowRun> {
  const { file, secrets = {}, variables = {} } = options;
  const site: Site = {
    repository: fileURLToPath(new URL('../', import.meta.url)),
    workflows: dirname(file),
    actions: {},
    ...options,
    github: { ...githubVariables, ...options.github },
  };
  const workflow = readWorkflow(file);
  return runJobs({ workflow, inputs: {}, secrets, variables, prefix: '', mayMintIdTokens: true }, site);
}

async function runJobs(call: Call, site: Site): Promise<WorkflowRun> {
  const { workflow, prefix } = call;
  const contexts: Readonly<Record<string, ValueMap>> = {
    github: githubContext(site.github),
    secrets: call.secrets,
    vars: call.variables,
    inputs: call.inputs,
  };
  const env = fillTexts(workflow.env, { contexts, status: 'success' });
  let done: Readonly<Record<string, JobsRun>> = {};
  for (const document of inOrder(workflow.jobs)) {
    const needs = document.needs.map((id) => [id, done[id]] as const);
    const scope: Scope = {
      contexts: { ...contexts, needs: Object.fromEntries(needs.map(([id, run]) => [id, contextOf(run)])) },
      status: needed(needs.map(([, run]) => run?.result ?? 'skipped')),
    };
    const run = holds(document.if, scope)
      ? await runJob(document, { ...scope, contexts: { ...scope.contexts, env } }, call, site)
      : skip(`${prefix}${document.id}`);
    done = { ...done, [document.id]: run };
  }
  const jobs = Object.fromEntries(Object.entries(done).map(([id, run]) => [id, contextOf(run)]));
  const outputs = Object.entries(workflow.call?.outputs ?? {}).map(([name, output]) => [
    name,
    mapOf(name, output).value ?? '',
  ]);
  return {
    result: together(Object.values(done).map(({ result }) => result)),
    jobs: Object.values(done).flatMap(({ runs }) => runs),
    outputs: fillTexts(Object.fromEntries(outputs), { contexts: { ...contexts, jobs }, status: 'success' }),
  };
}

async function runJob(document: JobDocument, given: Scope, call: Call, site: Site): Promise<JobsRun> {
  // A job that runs because its `if:` says so starts with a clean sheet.
  const scope: Scope = { ...given, status: 'success' };
  const mayMintIdTokens = mayMint(document.id, document.permissions ?? call.workflow.permissions, call);
  const matrix = document.matrix === undefined ? undefined : fill(document.matrix, scope);
  if (matrix !== undefined && !isMap(matrix)) throw new Error(`job ${document.id}: the matrix is not a map`);
  const legs = matrix === undefined ? [{}] : legsOf(matrix);
  const runs: JobRun[] = [];
  let outputs: Texts = {};
  let result: Result = 'success';
  for (const leg of legs) {
    const name = `${call.prefix}${legName(document.id, leg)}`;
    const contexts = { ...scope.contexts, matrix: leg };
    if (result !== 'success' && document.failFast) {
      runs.push({ ...noRun(name), result: 'cancelled' });
    } else if (document.uses === undefined) {
      const run = await runLeg({ name, document, contexts, mayMintIdTokens }, site);
      runs.push(run);
      // Of several legs that set the same output the last one counts.
      outputs = { ...outputs, ...run.outputs };
      result = together([result, run.result]);
    } else {
      const run = await runCalled(
        document,
        { ...scope, contexts },
        { ...call, prefix: `${name} / `, mayMintIdTokens },
        site,
      );
      runs.push(...run.jobs);
      outputs = { ...outputs, ...run.outputs };
      result = together([result, run.result]);
    }
  }
  return { result, outputs, runs };
}

/** A called workflow gets the inputs and secrets that it is given, and no variable of its caller. */
async function runCalled(document: JobDocument, scope: Scope, call: Call, site: Site): Promise<WorkflowRun> {
  const uses = document.uses ?? '';
  if (!/^\.\/\.github\/workflows\/[\w.-]+$/.test(uses)) {
    throw new Error(`job ${document.id}: the workflow runner does not know the workflow "${uses}"`);
  }
  const workflow = readWorkflow(join(site.workflows, basename(uses)));
  if (workflow.call === undefined) throw new Error(`${uses} has no "on: workflow_call"`);
  const inputs = callInputs(workflow.call.inputs, fillMap(document.with, scope));
  const secrets =
    document.secrets === 'inherit'
      ? call.secrets
      : callSecrets(workflow.call.secrets, fillTexts(mapOf('secrets', document.secrets), scope));
  return runJobs({ ...call, workflow, inputs, secrets }, site);
}

/** Jobs after those that they need; otherwise as they are written. */
function inOrder(jobs: readonly JobDocument[]): readonly JobDocument[] {
  const ordered: JobDocument[] = [];
  while (ordered.length < jobs.length) {
    const has = (id: string) => ordered.some((job) => job.id === id);
    const next = jobs.find(({ id, needs }) => !has(id) && needs.every(has));
    if (next === undefined) throw new Error('needs: a job is missing, or jobs need each other');
    ordered.push(next);
  }
  return ordered;
}

const noRun = (name: string): JobRun => ({
  name,
  result: 'skipped',
  steps: [],
  posts: [],
  outputs: {},
  dropped: [],
  log: '',
  raw: '',
  masks: [],
  environment: {},
  requests: [],
});

const skip = (name: string): JobsRun => ({ result: 'skipped', outputs: {}, runs: [noRun(name)] });

const contextOf = (run: JobsRun | undefined): ValueMap => ({ result: run?.result ?? '', outputs: run?.outputs ?? {} });

/** Its result for a job that needs it: one that was skipped is neither a success nor a failure. */
function needed(results: readonly Result[]): Result {
  if (results.includes('failure')) return 'failure';
  return results.find((result) => result !== 'success') ?? 'success';
}

/** Failed where one failed; a job that was skipped by its `if:` does not make the workflow fail. */
const together = (results: readonly Result[]): Result => (results.includes('failure') ? 'failure' : 'success');
