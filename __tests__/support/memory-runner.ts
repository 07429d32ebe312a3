import { cleanUp } from '../../src/clean-up.ts';
import type { Retrieved } from '../../src/contract/credentials.ts';
import { run } from '../../src/run.ts';
import { type MemoryJob, memoryAws, memoryHost, memoryJob } from './memory.ts';
import { type MemoryDisk, memoryDisk } from './memory-disk.ts';
import { hosted } from './plan.ts';

type Texts = Readonly<Record<string, string>>;

/** One use of the action on a machine in memory. */
export interface MemoryUse {
  readonly with?: Texts;
  readonly aws?: ReturnType<typeof memoryAws>;
  readonly files?: Texts;
  readonly idTokens?: readonly string[];
  readonly now?: string;
  readonly processes?: Readonly<Record<string, Retrieved>>;
  readonly sharedFiles?: Texts;
  /** What cannot be written, such as `export AWS_REGION`. */
  readonly full?: readonly string[];
}

/** What main did. */
export interface MemoryUsed {
  readonly job: MemoryJob;
  readonly aws: ReturnType<typeof memoryAws>;
  /** What it threw. */
  readonly error: unknown;
}

/** A job in memory: what one use exports reaches the next, and posts run last in, first out. */
export interface MemoryRunner {
  /** The job's variables that hold something: '' and unset are the same to AWS tools. */
  env(): Texts;
  /** Changes variables between uses, as a `run:` step would. */
  set(variables: Texts): void;
  /** The machine's shared files, which outlive every use. */
  readonly disk: MemoryDisk;
  use(step: MemoryUse): Promise<MemoryUsed>;
  /** Runs the post of the last use whose post has not run, where `full` cannot be written; returns its job. */
  post(full?: readonly string[]): MemoryJob;
}

export function memoryRunner(environment: Texts = {}, disk: MemoryDisk = memoryDisk()): MemoryRunner {
  let env: Texts = environment;
  const states: Texts[] = [];
  return {
    disk,
    env: () => Object.fromEntries(Object.entries(env).filter(([, value]) => value !== '')),
    set(variables) {
      env = { ...env, ...variables };
    },
    async use({ with: inputs = {}, aws = memoryAws(), full = [], ...machine }) {
      const variables = { ...hosted, ...env, ...inputVariables(inputs) };
      const job = memoryJob(variables, full);
      const host = memoryHost(job, { ...machine, env: variables, disk });
      const error = await run({ job, host, connect: () => ({ aws, idToken: host.idToken }) }).then(
        () => undefined,
        (caught: unknown) => caught,
      );
      env = { ...env, ...Object.fromEntries(job.exported) };
      states.push(Object.fromEntries(job.saved));
      return { job, aws, error };
    },
    post(full) {
      const variables = { ...env };
      const job = memoryJob(variables, full);
      for (const [name, value] of Object.entries(states.pop() ?? {})) job.saveState(name, value);
      cleanUp(job, { env: variables, files: disk });
      env = { ...env, ...Object.fromEntries(job.exported) };
      return job;
    },
  };
}

/** The INPUT_ variables of a step, as the runner sets them. */
export function inputVariables(inputs: Texts): Texts {
  return Object.fromEntries(Object.entries(inputs).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]));
}
