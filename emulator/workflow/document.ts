import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { isList, isMap, textOf, type Value, type ValueMap } from './value.ts';

export interface Step {
  readonly id?: string;
  readonly name: string;
  readonly if?: Value;
  readonly uses?: string;
  readonly run?: string;
  readonly with: ValueMap;
  readonly env: ValueMap;
  readonly continueOnError: boolean;
}

export interface JobDocument {
  readonly id: string;
  readonly needs: readonly string[];
  readonly if?: Value;
  readonly permissions?: Value;
  readonly env: ValueMap;
  readonly outputs: ValueMap;
  readonly steps: readonly Step[];
  /** A map, or an expression that comes to one. */
  readonly matrix?: Value;
  readonly failFast: boolean;
  /** Another workflow that replaces this job's steps. */
  readonly uses?: string;
  readonly with: ValueMap;
  readonly secrets: Value;
}

export interface Workflow {
  readonly permissions?: Value;
  readonly env: ValueMap;
  readonly jobs: readonly JobDocument[];
  /** Where other workflows may call it. */
  readonly call?: { readonly inputs: ValueMap; readonly secrets: ValueMap; readonly outputs: ValueMap };
}

/** Reads a workflow file. Throws on every key that it does not know: a test must not pass because something was left out. */
export function readWorkflow(file: string): Workflow {
  const document = mapOf(file, parse(readFileSync(file, 'utf8')));
  checkKeys(file, document, ['name', 'run-name', 'on', 'permissions', 'env', 'concurrency', 'jobs']);
  const on = document.on ?? null;
  const call = isMap(on) && 'workflow_call' in on ? mapOf('workflow_call', on.workflow_call) : undefined;
  if (call !== undefined) checkKeys('workflow_call', call, ['inputs', 'secrets', 'outputs']);
  return {
    ...given('permissions', document.permissions),
    env: mapOf('env', document.env),
    jobs: Object.entries(mapOf('jobs', document.jobs)).map(([id, job]) => readJob(id, mapOf(id, job))),
    ...(call !== undefined && {
      call: {
        inputs: mapOf('inputs', call.inputs),
        secrets: mapOf('secrets', call.secrets),
        outputs: mapOf('outputs', call.outputs),
      },
    }),
  };
}

function readJob(id: string, job: ValueMap): JobDocument {
  const shared = ['name', 'needs', 'if', 'permissions', 'strategy', 'concurrency'];
  const own = ['runs-on', 'env', 'outputs', 'steps', 'timeout-minutes'];
  checkKeys(`job ${id}`, job, [...shared, ...(job.uses === undefined ? own : ['uses', 'with', 'secrets'])]);
  const strategy = mapOf('strategy', job.strategy);
  checkKeys(`job ${id}: strategy`, strategy, ['matrix', 'fail-fast', 'max-parallel']);
  return {
    id,
    needs: listOf(job.needs).map(textOf),
    ...given('if', job.if),
    ...given('permissions', job.permissions),
    env: mapOf('env', job.env),
    outputs: mapOf('outputs', job.outputs),
    steps: readSteps(id, job.steps),
    ...given('matrix', strategy.matrix),
    failFast: strategy['fail-fast'] !== false,
    ...(job.uses !== undefined && { uses: textOf(job.uses) }),
    with: mapOf('with', job.with),
    secrets: job.secrets ?? {},
  };
}

/** The steps of a job or of a composite action. */
export function readSteps(of: string, steps: Value | undefined): readonly Step[] {
  return listOf(steps).map((value, index) => {
    const place = `${of}: step ${index + 1}`;
    const step = mapOf(place, value);
    checkKeys(place, step, ['id', 'name', 'if', 'uses', 'with', 'run', 'shell', 'env', 'continue-on-error']);
    if ((step.uses === undefined) === (step.run === undefined)) throw new Error(`${place} needs one of uses and run`);
    if (step.shell !== undefined && step.shell !== 'bash')
      throw new Error(`${place}: the workflow runner has bash only`);
    return {
      ...(step.id !== undefined && { id: textOf(step.id) }),
      name: textOf(step.name ?? step.id ?? step.uses ?? 'run'),
      ...given('if', step.if),
      ...(step.uses !== undefined && { uses: textOf(step.uses) }),
      ...(step.run !== undefined && { run: textOf(step.run) }),
      with: mapOf('with', step.with),
      env: mapOf('env', step.env),
      continueOnError: step['continue-on-error'] === true,
    };
  });
}

export function mapOf(name: string, value: Value | undefined): ValueMap {
  if (value === undefined || value === null) return {};
  if (isMap(value)) return value;
  throw new Error(`${name} is not a map`);
}

export function checkKeys(place: string, map: ValueMap, known: readonly string[]): void {
  const unknown = Object.keys(map).filter((key) => !known.includes(key));
  if (unknown.length > 0) throw new Error(`${place}: the workflow runner does not know "${unknown.join('", "')}"`);
}

function listOf(value: Value | undefined): readonly Value[] {
  if (value === undefined || value === null) return [];
  return isList(value) ? value : [value];
}

function given<K extends string>(name: K, value: Value | undefined): { readonly [key in K]?: Value } {
  const present: { [key in K]?: Value } = {};
  if (value !== undefined) present[name] = value;
  return present;
}
