import type { PhaseResult } from '../contract.ts';
import { type LogCommand, parseLogCommand } from './log-command.ts';
import type { Masker } from './masker.ts';

type Annotation = PhaseResult['annotations'][number];

/** What becomes of a phase's output: the log that a user sees, and what its commands set. */
export interface Transcript {
  readonly annotations: readonly Annotation[];
  readonly exported: Map<string, string>;
  readonly outputs: Map<string, string>;
  readonly state: Map<string, string>;
  readonly masks: readonly string[];
  /** One line of stdout or stderr, in the order written. */
  line(text: string): void;
  annotate(level: Annotation['level'], message: string): void;
  /** Sets a variable by GITHUB_ENV's rules: NODE_OPTIONS is refused. */
  exportVariable(name: string, value: string): void;
  saveState(name: string, value: string): void;
  setOutput(name: string, value: string): void;
  log(): string;
}

/** `masker` belongs to the job: a line is masked by what was known when it was written, and by nothing that came later. */
export function createTranscript(options: {
  readonly masker: Masker;
  readonly debug: boolean;
  readonly unsecureCommands: boolean;
}): Transcript {
  const { masker } = options;
  const lines: string[] = [];
  const annotations: Annotation[] = [];
  const masks: string[] = [];
  const [exported, outputs, state] = [new Map<string, string>(), new Map<string, string>(), new Map<string, string>()];
  let resumeToken: string | undefined;

  const show = (text: string) => lines.push(masker.mask(text));
  const debug = (text: string) => {
    if (options.debug) for (const line of text.split(/\r?\n/)) show(`##[debug]${line}`);
  };
  const annotate = (level: Annotation['level'], message: string) => {
    annotations.push({ level, message: masker.mask(message) });
    show(`##[${level}]${message}`);
  };
  const exportVariable = (name: string, value: string) => {
    if (name.toUpperCase() === 'NODE_OPTIONS') return annotate('error', `Can't store ${name} using $GITHUB_ENV.`);
    exported.set(name, value);
    debug(`${name}='${value}'`);
  };
  const saveState = (name: string, value: string) => {
    state.set(name, value);
    debug(`Save intra-action state ${name} = ${value}`);
  };
  const setOutput = (name: string, value: string) => {
    outputs.set(name, value);
    debug(`Set output ${name} = ${value}`);
  };
  const addMask = ({ data }: LogCommand) => {
    if (data.trim() === '')
      return annotate('warning', "Can't add secret mask for empty string in ##[add-mask] command.");
    masker.add(data);
    masks.push(data);
  };
  const named = (set: (name: string, value: string) => void) => (command: LogCommand) => {
    const name = command.properties.name ?? '';
    if (name === '') annotate('error', `Required field 'name' is missing in ##[${command.name}] command.`);
    else set(name, command.data);
  };
  const annotation = (level: Annotation['level']) => (command: LogCommand) => annotate(level, command.data);
  const ignore = () => undefined;

  const commands: Readonly<Record<string, (command: LogCommand) => void>> = {
    'add-mask': addMask,
    error: annotation('error'),
    warning: annotation('warning'),
    notice: annotation('notice'),
    debug: ({ data }) => debug(data),
    group: ({ data }) => void show(`##[group]${data}`),
    endgroup: () => void show('##[endgroup]'),
    'set-output': named(setOutput),
    'save-state': named(saveState),
    // Switched off since 2020 for what a printed line could do with it.
    'set-env': options.unsecureCommands
      ? named(exportVariable)
      : () => annotate('error', "Unable to process command '::set-env::' successfully: it is disabled."),
    'add-matcher': ignore,
    'remove-matcher': ignore,
    echo: ignore,
    'stop-commands': ({ data }) => {
      resumeToken = data.toLowerCase();
    },
  };

  function line(text: string): void {
    const command = parseLogCommand(text);
    const run = command === undefined ? undefined : commands[command.name];
    if (resumeToken !== undefined) {
      if (command?.name === resumeToken) resumeToken = undefined;
      else show(text);
    } else if (command !== undefined && run !== undefined) run(command);
    else show(text);
  }

  const log = () => lines.map((text) => `${text}\n`).join('');
  return { annotations, exported, outputs, state, masks, line, annotate, exportVariable, saveState, setOutput, log };
}
