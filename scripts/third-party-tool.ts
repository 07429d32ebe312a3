import { spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** A part that nobody here wrote: where it is, or why it is not available. */
export type Tool =
  | { readonly kind: 'ready'; readonly path: string; readonly version: string }
  | { readonly kind: 'absent'; readonly reason: string };

type Variables = Readonly<Record<string, string | undefined>>;

/** Runs a program to its end and gives what it printed; throws with the last line of its complaint. */
export async function output(
  program: string,
  given: readonly string[],
  variables: Variables = {},
  folder = '.',
): Promise<string> {
  const child = spawn(program, given, {
    cwd: folder,
    env: { ...process.env, ...variables },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  let complaint = '';
  child.stdout.setEncoding('utf8').on('data', (text) => (printed += text));
  child.stderr.setEncoding('utf8').on('data', (text) => (complaint += text));
  const status = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (status === 0) return printed.trim();
  const last = complaint.trim().split('\n').at(-1) ?? '';
  throw new Error(`"${[program, ...given.slice(0, 3)].join(' ')}" ended with ${status}: ${last}`);
}

/** The first program of a name on PATH. */
export function onPath(name: string): string | undefined {
  return (process.env.PATH ?? '')
    .split(delimiter)
    .filter((folder) => folder !== '')
    .map((folder) => join(folder, name))
    .find(isExecutable);
}

export function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

export const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
