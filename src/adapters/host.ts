import { closeSync, constants, fstatSync, lstatSync, openSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { Env, Job, Machine } from '../ports.ts';

/** A token or a cache file is some kilobytes; more than this is not one. */
const sizeLimit = 1_048_576;

/** The environment of the process, as it stands at each look. */
export function environment(): Env {
  return process.env;
}

/** The version of Node.js, such as 24.5.0. */
export function nodeVersion(): string {
  return process.versions.node;
}

/** The machine that the step runs on. */
export function createHost(job: Job): Machine {
  const masked = (value: string): string => {
    job.mask(value);
    return value;
  };
  return {
    env: process.env,
    secret: (name) => {
      const value = process.env[name];
      return value ? masked(value) : undefined;
    },
    readSecret: (path, links) => {
      const text = readRegularFile(resolve(process.env.GITHUB_WORKSPACE || '.', path), links);
      // Masked as it will be used, without the line end that editors add.
      masked(text.trim());
      return text;
    },
    now: Date.now,
  };
}

/** Ends the process even where a request that was given up still holds it; what was printed comes out first. */
export function exit(): void {
  process.stdout.write('', () => process.exit());
}

function readRegularFile(path: string, links: 'refused' | 'followed'): string {
  if (links === 'refused') refuseLinks(path);
  const noFollow = links === 'refused' ? (constants.O_NOFOLLOW ?? 0) : 0;
  // Not blocking, so that a named pipe is refused below instead of waited for.
  const file = openSync(path, constants.O_RDONLY | noFollow | (constants.O_NONBLOCK ?? 0));
  try {
    const status = fstatSync(file);
    if (!status.isFile()) throw new Error('it is not a regular file');
    if (status.size > sizeLimit) throw new Error('it is larger than 1 MiB');
    return readFileSync(file, 'utf8');
  } finally {
    closeSync(file);
  }
}

function refuseLinks(path: string): void {
  if (lstatSync(path).isSymbolicLink()) throw new Error('it is a symbolic link');
  if (lstatSync(dirname(path)).isSymbolicLink()) throw new Error('its folder is a symbolic link');
}
