import { ChildProcess } from 'node:child_process';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { exec } from '@actions/exec';
import { endTree } from './process-tree.ts';
import { codeOf } from './system-error.ts';

/** A program to run. */
export interface Program {
  readonly path: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Milliseconds that it may take. */
  readonly timeoutMs: number;
}

/** How a program ended. */
export type Ending =
  | { readonly kind: 'exited'; readonly code: number }
  | { readonly kind: 'killed'; readonly signal: string }
  | { readonly kind: 'not found' }
  /** With the system's code, such as EACCES. */
  | { readonly kind: 'not started'; readonly code: string }
  | { readonly kind: 'too slow' }
  | { readonly kind: 'too long' };

/** How a program ended, and what it had printed by then. */
export interface Run {
  readonly ending: Ending;
  readonly stdout: string;
  /** The end of it, where it is long. */
  readonly stderr: string;
}

/** A credential process prints some kilobytes. */
const outputLimit = 1_048_576;
const stderrLimit = 65_536;

/** Milliseconds for what was printed to arrive, where something that the program started holds its streams still. */
const drainMs = 1000;

/** Runs a program without a shell, and without a word of it in the log. It does not outlive the time that it is given, nor this process. */
export async function runProgram({ path, args, env, timeoutMs }: Program): Promise<Run> {
  const printed: Buffer[] = [];
  let length = 0;
  let complaint = Buffer.alloc(0);
  const child = watchNextChild();
  process.once('exit', child.end);
  let timer: ReturnType<typeof setTimeout> | undefined;
  const ending = await new Promise<Ending>((resolve) => {
    timer = setTimeout(() => resolve({ kind: 'too slow' }), timeoutMs);
    const stdout = (data: Buffer): void => {
      length += data.length;
      if (length > outputLimit) resolve({ kind: 'too long' });
      else printed.push(data);
    };
    const stderr = (data: Buffer): void => {
      complaint = Buffer.concat([complaint, data]).subarray(-stderrLimit);
    };
    // Silent, or the toolkit would print the command and all that it prints.
    const options = { silent: true, ignoreReturnCode: true, delay: drainMs, env: { ...env } };
    exec(asOneWord(path), [...args], { ...options, listeners: { stdout, stderr } }).then(
      (code) => resolve(child.ending(code)),
      () => resolve(child.ending(undefined)),
    );
  });
  clearTimeout(timer);
  child.release();
  process.off('exit', child.end);
  if (ending.kind === 'too slow' || ending.kind === 'too long') child.end();
  return { ending, stdout: Buffer.concat(printed).toString('utf8'), stderr: complaint.toString('utf8') };
}

/** The toolkit splits the program's path by rules of its own, which this undoes. */
function asOneWord(path: string): string {
  return path.replace(/[" ]/g, (sign) => (sign === '"' ? '"\\""' : '" "'));
}

/** The next program that this process starts: the toolkit hands it to nobody, but Node tells of it. */
interface Watch {
  /** How it ended, by the code that the toolkit gave, if it gave one. */
  ending(code: number | undefined): Ending;
  /** Ends it with all that it started, if it still runs. */
  end(): void;
  /** Takes no more notice of it, though what it has started may still hold its streams. */
  release(): void;
}

/** https://nodejs.org/api/diagnostics_channel.html#built-in-channels */
const channel = 'child_process';

function watchNextChild(): Watch {
  let child: ChildProcess | undefined;
  let failure = '';
  const unwatch = (): void => void unsubscribe(channel, seen);
  const seen = (message: unknown): void => {
    const started = childIn(message);
    if (started === undefined) return;
    unwatch();
    child = started;
    started.once('error', (error) => {
      failure = codeOf(error);
    });
    // Nobody is there to answer a program that asks. It may be gone by then, which is no matter.
    queueMicrotask(() => started.stdin?.on('error', () => {}).end());
  };
  subscribe(channel, seen);
  return {
    release() {
      unwatch();
      for (const stream of [child?.stdout, child?.stderr]) stream?.destroy();
    },
    end() {
      if (child?.pid !== undefined && child.exitCode === null && child.signalCode === null) endTree(child.pid);
    },
    ending(code) {
      if (child === undefined) return code === undefined ? { kind: 'not found' } : { kind: 'exited', code };
      if (child.pid === undefined || code === undefined) return { kind: 'not started', code: failure };
      return child.signalCode === null ? { kind: 'exited', code } : { kind: 'killed', signal: child.signalCode };
    },
  };
}

function childIn(message: unknown): ChildProcess | undefined {
  if (typeof message !== 'object' || message === null || !('process' in message)) return undefined;
  return message.process instanceof ChildProcess ? message.process : undefined;
}
