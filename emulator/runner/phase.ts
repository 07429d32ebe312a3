import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { Socket } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import type { PhaseResult, StepOptions } from '../contract.ts';
import { parseFileCommands } from './file-command.ts';
import type { Masker } from './masker.ts';
import { createTranscript, type Transcript } from './transcript.ts';

/** All that one run of an action's main or post, or of a `run:` step, needs. */
export interface Phase {
  readonly script: string;
  /** What runs the script. */
  readonly interpreter: 'node' | 'bash';
  readonly environment: Readonly<Record<string, string>>;
  readonly workspace: string;
  /** Where this phase's command files are made. */
  readonly folder: string;
  readonly masker: Masker;
  readonly debug: boolean;
  /** Warnings that the runner itself gives before the action starts. */
  readonly warnings: readonly string[];
  readonly kill?: StepOptions['kill'];
}

/** A phase's result, and the folders that it put on PATH. */
export interface PhaseOutcome {
  readonly result: PhaseResult;
  readonly paths: readonly string[];
}

const fileNames = {
  GITHUB_ENV: 'set_env',
  GITHUB_OUTPUT: 'set_output',
  GITHUB_STATE: 'save_state',
  GITHUB_PATH: 'add_path',
  GITHUB_STEP_SUMMARY: 'step_summary',
};

type CommandFiles = Readonly<Record<keyof typeof fileNames, string>>;

function makeCommandFiles(folder: string): CommandFiles {
  const own = mkdtempSync(join(folder, 'commands-'));
  const path = (name: keyof typeof fileNames): string => {
    const file = join(own, fileNames[name]);
    writeFileSync(file, '');
    return file;
  };
  return {
    GITHUB_ENV: path('GITHUB_ENV'),
    GITHUB_OUTPUT: path('GITHUB_OUTPUT'),
    GITHUB_STATE: path('GITHUB_STATE'),
    GITHUB_PATH: path('GITHUB_PATH'),
    GITHUB_STEP_SUMMARY: path('GITHUB_STEP_SUMMARY'),
  };
}

/** As the runner starts it for `shell: bash`. */
const bash = ['bash', '--noprofile', '--norc', '-eo', 'pipefail'] as const;

/** Main and post of an action reach this machine only. */
function nodeWith(pause: readonly string[]): readonly [string, ...string[]] {
  return [process.execPath, '--require', fileURLToPath(new URL('./loopback-step.cjs', import.meta.url)), ...pause];
}

/** A file for the hosts that a step asked for and did not reach. */
function openRefusals(folder: string): { readonly descriptor: number; check(): void } {
  const file = join(mkdtempSync(join(folder, 'refusals-')), 'hosts');
  const descriptor = openSync(file, 'a');
  return {
    descriptor,
    check() {
      const [host] = contentOf(file).split('\n');
      if (host !== '') throw new Error(`Emulated steps reach loopback only: ${host} was asked for.`);
    },
  };
}

const contentOf = (file: string): string => readFileSync(file, 'utf8');

function watchForKill(child: ChildProcess, seen: () => boolean): () => void {
  // A question that was asked just before the end would be answered from files that are gone.
  let watching = true;
  const ended = (): boolean => watching && seen() && child.kill('SIGKILL');
  const channel = child.stdio[3];
  if (channel instanceof Socket) {
    // What was printed before the question may arrive after it: leave it a moment.
    channel.on('data', () => setTimeout(() => ended() || channel.destroyed || channel.write('!'), 2));
    channel.on('error', () => channel.destroy());
  }
  const poll = setInterval(ended, 2);
  return () => {
    watching = false;
    clearInterval(poll);
  };
}

async function follow(stream: Readable, transcript: Transcript): Promise<void> {
  for await (const line of createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY }))
    transcript.line(line);
}

function readCommandFiles(files: CommandFiles, transcript: Transcript): void {
  const read = (file: keyof CommandFiles, set: (name: string, value: string) => void) => {
    const { pairs, error } = parseFileCommands(contentOf(files[file]));
    for (const [name, value] of pairs) set(name, value);
    if (error !== undefined) transcript.annotate('error', `Unable to process file command '${file}': ${error}`);
  };
  read('GITHUB_ENV', transcript.exportVariable);
  read('GITHUB_STATE', transcript.saveState);
  read('GITHUB_OUTPUT', transcript.setOutput);
}

/** Runs a script as the runner would, to its end, and reads what it left behind, however it ended. */
export async function runPhase(phase: Phase): Promise<PhaseOutcome> {
  const { masker, debug, environment, kill } = phase;
  const files = makeCommandFiles(phase.folder);
  const unsecureCommands = environment.ACTIONS_ALLOW_UNSECURE_COMMANDS === 'true';
  const transcript = createTranscript({ masker, debug, unsecureCommands });
  for (const warning of phase.warnings) transcript.annotate('warning', warning);

  const pause = kill === undefined ? [] : ['--import', new URL('./pause.ts', import.meta.url).href];
  const [program, ...options] = phase.interpreter === 'node' ? nodeWith(pause) : bash;
  const refusals = openRefusals(phase.folder);
  const child = spawn(program, [...options, phase.script], {
    cwd: phase.workspace,
    env: { ...environment, ...files },
    stdio: ['ignore', 'pipe', 'pipe', kill === undefined ? 'ignore' : 'pipe', refusals.descriptor],
  });
  closeSync(refusals.descriptor);
  let raw = '';
  for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', (text) => (raw += text));
  const seen = () => ({
    raw,
    exported: contentOf(files.GITHUB_ENV),
    state: contentOf(files.GITHUB_STATE),
    outputs: contentOf(files.GITHUB_OUTPUT),
  });
  const unwatch = kill === undefined ? () => undefined : watchForKill(child, () => kill(seen()));
  const ended = new Promise<Pick<PhaseResult, 'exitCode' | 'signal'>>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (exitCode, signal) => resolve({ exitCode, signal }));
  });
  const following = [child.stdout, child.stderr].map((stream) => stream && follow(stream, transcript));
  const end = await ended.finally(unwatch);
  await Promise.all(following);
  refusals.check();
  readCommandFiles(files, transcript);

  const { annotations, masks, exported, outputs, state } = transcript;
  const paths = contentOf(files.GITHUB_PATH)
    .split(/\r?\n/)
    .filter((path) => path !== '');
  const result: PhaseResult = {
    ...end,
    log: transcript.log(),
    raw,
    annotations,
    exported: Object.fromEntries(exported),
    outputs: Object.fromEntries(outputs),
    state: Object.fromEntries(state),
    summary: contentOf(files.GITHUB_STEP_SUMMARY),
    masks,
  };
  return { result, paths };
}
