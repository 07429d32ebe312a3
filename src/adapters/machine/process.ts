import type { Env } from '../../contract/ports.ts';

/** The environment of the process; always current. */
export function processEnvironment(): Env {
  return process.env;
}

/** The version of Node.js, such as 24.5.0. */
export function nodeVersion(): string {
  return process.versions.node;
}

/** Calls back if nothing is left to wait for before `exit` is called. */
export function onStall(act: () => void): void {
  process.once('beforeExit', act);
}

/** Flushes stdout and exits, even if an abandoned request is still open. */
export function exit(): void {
  process.stdout.write('', () => process.exit());
}
