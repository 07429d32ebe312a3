import { CredentialError } from '../contract/errors.ts';
import type { Env } from '../contract/ports.ts';

/** A variable that is true or false, in any case; false where it is empty. Throws INPUT_INVALID. */
export function variableFlag(name: string, env: Env): boolean {
  const value = env[name]?.trim().toLowerCase() ?? '';
  if (value === 'true' || value === 'false' || value === '') return value === 'true';
  throw new CredentialError('INPUT_INVALID', `${name} is neither true nor false`, {
    hint: `Set ${name} to true or false, or leave it out.`,
  });
}
