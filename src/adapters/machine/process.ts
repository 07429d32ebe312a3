import type { Env } from '../../contract/ports.ts';

/** The environment of the process, as it stands at each look. */
export function processEnvironment(): Env {
  return process.env;
}

/** The version of Node.js, such as 24.5.0. */
export function nodeVersion(): string {
  return process.versions.node;
}

/** Calls back where nothing is left to wait for, though the process has not been ended by `exit`. */
export function onStall(tell: () => void): void {
  process.once('beforeExit', tell);
}

/** Ends the process even where a request that was given up still holds it; what was printed comes out first. */
export function exit(): void {
  process.stdout.write('', () => process.exit());
}
