import { resolve } from 'node:path';
import type { Env, Job, Machine } from '../contract/ports.ts';
import type { Profiles } from '../contract/profiles.ts';
import { createFiles, readRegularFile } from './machine/files.ts';

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
  let profiles: Promise<Profiles> | undefined;
  return {
    env: process.env,
    secret: (name) => {
      const value = process.env[name];
      return value ? masked(value) : undefined;
    },
    readSecret: (path, links, secretsIn = (text) => [text]) => {
      const text = readRegularFile(resolve(process.env.GITHUB_WORKSPACE || '.', path), links).toString('utf8');
      // Masked as it will be used, without the line end that editors add.
      for (const secret of secretsIn(text.trim())) masked(secret);
      return text;
    },
    profiles: () => {
      // Most steps ask for no profile, so what reads them is loaded where one does.
      profiles ??= import('./aws/shared-files.ts').then(({ readProfiles }) => readProfiles(process.env, job.mask));
      return profiles;
    },
    async credentialProcess(command) {
      // With it comes what starts processes, which few steps do.
      const { runCredentialProcess } = await import('./machine/credential-process.ts');
      return runCredentialProcess(command, { mask: job.mask, now: Date.now });
    },
    now: Date.now,
    files: createFiles(),
  };
}

/** Calls back where nothing is left to wait for, though the process has not been ended by `exit`. */
export function onStall(tell: () => void): void {
  process.once('beforeExit', tell);
}

/** Ends the process even where a request that was given up still holds it; what was printed comes out first. */
export function exit(): void {
  process.stdout.write('', () => process.exit());
}
