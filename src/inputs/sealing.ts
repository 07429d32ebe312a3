import { invalidInput } from '../contract/errors.ts';
import type { Env } from '../contract/ports.ts';
import type { Sealing } from '../formats/seal.ts';
import type { Inputs } from './inputs.ts';

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

const unusedKey =
  '"sealing-key" is given, but "sealed-session" is empty: the job that seals was skipped, is not in "needs", or does not have it in its "outputs"';

/** Why there is no session to open. Throws INPUT_INVALID. */
export function whyNoSession(inputs: Inputs): string {
  return isUnusedKey(inputs) ? unusedKey : '"sealed-session" is not given';
}

/** `auto` would take the next source without a word; who lists sources has said what comes next. Throws INPUT_INVALID. */
export function sealingWarnings(inputs: Inputs): readonly string[] {
  return (inputs.optional('source') ?? 'auto') === 'auto' && isUnusedKey(inputs) ? [`Input ${unusedKey}.`] : [];
}

/** Whether there is a key, and neither a session to open with it nor one to seal. */
function isUnusedKey(inputs: Inputs): boolean {
  if (inputs.optional('sealing-key') === undefined || inputs.optional('sealed-session') !== undefined) return false;
  return !inputs.flag('output-sealed-session', false);
}
