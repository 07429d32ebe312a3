import { invalidInput } from './errors.ts';
import type { Sealing } from './formats/seal.ts';
import type { Inputs } from './inputs.ts';
import type { Env } from './ports.ts';

const leastLength = 32;
const makeOne =
  'Make one with "openssl rand -base64 32", store it as a secret, and give the same secret to the job that seals and to those that open.';

/** Reads `sealing-key`. Throws INPUT_INVALID where it is missing or short. */
export function readSealingKey(inputs: Inputs): string {
  const key = inputs.secret('sealing-key');
  if (key === undefined) {
    throw invalidInput(
      'sealing-key',
      'is missing; an empty secret, as in a pull request from a fork, counts as not given.',
      makeOne,
    );
  }
  if ([...key].length < leastLength) {
    throw invalidInput('sealing-key', `is shorter than ${leastLength} characters.`, makeOne);
  }
  return key;
}

/** The key, and the run that a session is bound to. Throws INPUT_INVALID. */
export function readSealing(inputs: Inputs, env: Env): Sealing {
  return {
    key: readSealingKey(inputs),
    server: env.GITHUB_SERVER_URL ?? '',
    repository: env.GITHUB_REPOSITORY_ID ?? '',
    run: env.GITHUB_RUN_ID ?? '',
  };
}
