import { resolve } from 'node:path';
import type { Job, Machine } from '../contract/ports.ts';
import type { Profiles } from '../contract/profiles.ts';
import { createFiles, readRegularFile } from './machine/files.ts';
import { processEnvironment } from './machine/process.ts';

/** The machine that the step runs on. */
export function createHost(job: Job): Machine {
  const masked = (value: string): string => {
    job.mask(value);
    return value;
  };
  let profiles: Promise<Profiles> | undefined;
  const env = processEnvironment();
  return {
    env,
    secret: (name) => {
      const value = env[name];
      return value ? masked(value) : undefined;
    },
    readSecret: (path, links, secretsIn = (text) => [text]) => {
      const text = readRegularFile(resolve(env.GITHUB_WORKSPACE || '.', path), links).toString('utf8');
      // Masked as it will be used, without the line end that editors add.
      for (const secret of secretsIn(text.trim())) masked(secret);
      return text;
    },
    profiles: () => {
      // Most steps ask for no profile, so what reads them is loaded where one does.
      profiles ??= import('./aws/shared-files.ts').then(({ readProfiles }) => readProfiles(env, job.mask));
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
