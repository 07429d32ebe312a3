import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parse } from 'yaml';
import type { PhaseResult } from '../../emulator/contract.ts';
import { startEmulator } from '../../emulator/emulator.ts';
import { createJob } from '../../emulator/runner.ts';

type Texts = Readonly<Record<string, string>>;

interface Step {
  readonly uses?: string;
  readonly with?: Readonly<Record<string, unknown>>;
  readonly env?: Texts;
  readonly run?: string;
}

interface Workflow {
  readonly permissions?: Texts;
  readonly jobs: Readonly<Record<string, { readonly steps: readonly Step[] }>>;
}

/** What was seen when a workflow's only job ran: the action's phases, and what the `run:` steps printed. */
export interface Ran {
  readonly uses: readonly PhaseResult[];
  readonly posts: readonly (PhaseResult | undefined)[];
  readonly printed: readonly string[];
  readonly secrets: readonly string[];
}

/** Runs the single job of a workflow file: `uses: ./` and `run:` steps, with `secrets.*` filled in. A `run:` step that fails throws. */
export async function runExample(
  path: string,
  secrets: (emulator: Awaited<ReturnType<typeof startEmulator>>) => Promise<Texts>,
): Promise<Ran> {
  const workflow: Workflow = parse(readFileSync(path, 'utf8'));
  const [job, ...others] = Object.values(workflow.jobs);
  if (job === undefined || others.length > 0) throw new Error(`${path}: this runs workflows of one job`);
  const folder = mkdtempSync(join(tmpdir(), 'example-'));
  const emulator = await startEmulator();
  try {
    const given = await secrets(emulator);
    const environment = Object.entries(emulator.environment).filter(
      ([name]) => workflow.permissions?.['id-token'] === 'write' || !name.startsWith('ACTIONS_ID_TOKEN'),
    );
    const runner = createJob({ folder, environment: Object.fromEntries(environment) });
    const uses: PhaseResult[] = [];
    const printed: string[] = [];
    for (const step of job.steps) {
      const env = filled(step.env, given);
      if (step.uses === './') uses.push(await runner.use({ with: filled(step.with, given), env }));
      else if (step.run !== undefined) printed.push(await shell(step.run, { ...runner.environment, ...env }));
      else if (!step.uses?.startsWith('actions/checkout@')) throw new Error(`${path}: a step that this cannot run`);
    }
    return { uses, printed, posts: await runner.finish(), secrets: emulator.secrets() };
  } finally {
    await emulator.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

function filled(texts: Readonly<Record<string, unknown>> = {}, secrets: Texts): Texts {
  const fill = (text: string) =>
    text.replace(/\$\{\{ *secrets\.(\w+) *\}\}/g, (_whole, name: string) => {
      const secret = secrets[name];
      if (secret === undefined) throw new Error(`no secret ${name}`);
      return secret;
    });
  return Object.fromEntries(Object.entries(texts).map(([name, value]) => [name, fill(String(value))]));
}

async function shell(script: string, environment: Texts): Promise<string> {
  const cwd = environment.GITHUB_WORKSPACE;
  const options = { env: { ...environment }, ...(cwd === undefined ? {} : { cwd }) };
  const { stdout } = await promisify(execFile)('bash', ['-e', '-o', 'pipefail', '-c', script], options);
  return stdout;
}
