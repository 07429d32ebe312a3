import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { basename, delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Job, JobOptions, PhaseResult, RunOptions, StepOptions } from './contract.ts';
import { type Action, inputVariables, readAction, unexpectedInputs } from './runner/action.ts';
import { holds } from './runner/condition.ts';
import { createMasker } from './runner/masker.ts';
import { type PhaseOutcome, runPhase } from './runner/phase.ts';

type Variables = Readonly<Record<string, string>>;

interface Step {
  readonly action: Action;
  readonly options: StepOptions;
  /** The step's name in GITHUB_ACTION. */
  readonly id: string;
  state: Variables;
}

const projectRoot = fileURLToPath(new URL('../', import.meta.url));

/** Of this machine's environment, only what an operating system needs to start a process. */
function machineVariables(): Variables {
  const names = process.platform === 'win32' ? ['Path', 'SystemRoot', 'ComSpec', 'PATHEXT'] : ['PATH'];
  return Object.fromEntries(
    names.flatMap((name) =>
      process.env[name] === undefined ? [] : [[name === 'Path' ? 'PATH' : name, process.env[name]]],
    ),
  );
}

function runnerVariables(folder: string): Variables {
  const places = { home: join(folder, 'home'), workspace: join(folder, 'workspace'), temp: join(folder, 'temp') };
  for (const place of Object.values(places)) mkdirSync(place, { recursive: true });
  return {
    HOME: places.home,
    USERPROFILE: places.home,
    CI: 'true',
    GITHUB_ACTIONS: 'true',
    GITHUB_WORKSPACE: places.workspace,
    RUNNER_ENVIRONMENT: 'github-hosted',
    RUNNER_TEMP: places.temp,
    ...(process.platform === 'win32' && { TEMP: places.temp, TMP: places.temp }),
  };
}

const withoutBlocked = (variables: Variables): Variables =>
  Object.fromEntries(Object.entries(variables).filter(([name]) => name.toUpperCase() !== 'NODE_OPTIONS'));

const stateVariables = (state: Variables): Variables =>
  Object.fromEntries(Object.entries(state).map(([name, value]) => [`STATE_${name}`, value]));

function warningsFor({ action, options }: Step): readonly string[] {
  const unexpected = unexpectedInputs(action, options.with ?? {});
  const valid = Object.keys(action.inputs).map((name) => `'${name}'`);
  return unexpected.length === 0
    ? []
    : [
        `Unexpected input(s) ${unexpected.map((name) => `'${name}'`).join(', ')}, valid inputs are [${valid.join(', ')}]`,
      ];
}

/** Starts a job. Nothing runs until its first step. */
export function createJob(options: JobOptions): Job {
  const { folder, debug = true } = options;
  const masker = createMasker();
  for (const secret of options.secrets ?? []) masker.add(secret);
  const steps: Step[] = [];
  let failed = false;
  let environment: Variables = { ...machineVariables(), ...runnerVariables(folder), ...options.environment };

  // Lowest first: the job's variables, the step's `env:`, then what the runner alone decides.
  const environmentOf = ({ action, options: step, id }: Step): Variables => ({
    ...environment,
    ...step.env,
    ...inputVariables(action, step.with ?? {}),
    GITHUB_ACTION: id,
    ...(debug && { RUNNER_DEBUG: '1' }),
  });

  function take({ result, paths }: PhaseOutcome): PhaseResult {
    failed ||= result.exitCode !== 0;
    const path = [...paths.toReversed(), environment.PATH ?? ''].join(delimiter);
    environment = { ...environment, ...result.exported, ...(paths.length > 0 && { PATH: path }) };
    return result;
  }

  const common = { folder, masker, debug };
  const workspace = () => environment.GITHUB_WORKSPACE ?? folder;

  async function use(stepOptions: StepOptions): Promise<PhaseResult> {
    const action = readAction(stepOptions.action ?? projectRoot);
    const name = stepOptions.action === undefined ? '__self' : `__${basename(action.folder)}`;
    const twins = steps.filter((earlier) => earlier.id.replace(/_\d+$/, '') === name).length;
    const step: Step = { action, options: stepOptions, id: twins === 0 ? name : `${name}_${twins + 1}`, state: {} };
    // Before main runs, so that post runs after a main that crashed too.
    steps.push(step);
    const { kill } = stepOptions;
    const outcome = await runPhase({
      ...common,
      script: action.main,
      interpreter: 'node',
      environment: environmentOf(step),
      workspace: workspace(),
      warnings: warningsFor(step),
      ...(kill !== undefined && { kill }),
    });
    step.state = outcome.result.state;
    return take(outcome);
  }

  async function post(step: Step): Promise<PhaseResult | undefined> {
    const { action, options: stepOptions, state } = step;
    const env = { ...environment, ...stepOptions.env };
    if (action.post === undefined || !holds(action.postIf, { env, failed })) return undefined;
    const variables = { ...environmentOf(step), ...stateVariables(state) };
    const { post: script } = action;
    return take(
      await runPhase({
        ...common,
        script,
        interpreter: 'node',
        environment: variables,
        workspace: workspace(),
        warnings: [],
      }),
    );
  }

  async function run({ script, env }: RunOptions): Promise<PhaseResult> {
    const file = join(mkdtempSync(join(folder, 'script-')), 'run.sh');
    writeFileSync(file, script);
    const variables = { ...environment, ...env, GITHUB_ACTION: '__run', ...(debug && { RUNNER_DEBUG: '1' }) };
    return take(
      await runPhase({
        ...common,
        script: file,
        interpreter: 'bash',
        environment: variables,
        workspace: workspace(),
        warnings: [],
      }),
    );
  }

  return {
    get environment() {
      return environment;
    },
    get masks() {
      return [...masker.values];
    },
    use,
    run,
    set(variables) {
      environment = { ...environment, ...withoutBlocked(variables) };
    },
    async finish() {
      const results: (PhaseResult | undefined)[] = [];
      for (const step of steps.splice(0).toReversed()) results.push(await post(step));
      return results;
    },
  };
}
