import { CredentialError, messageOf } from '../../contract/errors.ts';
import type { Env } from '../../contract/ports.ts';
import type { Profiles } from '../../contract/profiles.ts';
import { isSecretKey } from '../../formats/ini.ts';
import { createFiles, readRegularFile } from '../machine/files.ts';
import { codeOf } from '../machine/system-error.ts';
import { parseProfiles } from './parse-profiles.ts';

/** Reads the shared config and credentials files, and masks every secret in them. Throws INPUT_INVALID where one is there and cannot be read. */
export async function readProfiles(env: Env, mask: (secret: string) => void): Promise<Profiles> {
  const { locate } = createFiles();
  const paths = {
    config: locate(env.AWS_CONFIG_FILE || '~/.aws/config'),
    credentials: locate(env.AWS_SHARED_CREDENTIALS_FILE || '~/.aws/credentials'),
  };
  const texts = {
    config: readText(paths.config, 'AWS_CONFIG_FILE'),
    credentials: readText(paths.credentials, 'AWS_SHARED_CREDENTIALS_FILE'),
  };
  const parsed = await parseProfiles(texts);
  maskSecrets(parsed, mask);
  return { ...parsed, paths };
}

/** Masks every value that may be secret. */
export function maskSecrets({ config, credentials }: Omit<Profiles, 'paths'>, mask: (secret: string) => void): void {
  for (const settings of [...config.values(), ...credentials.values()]) {
    for (const [key, value] of settings) if (isSecretKey(key)) mask(value);
  }
}

/** Empty where there is no file. Links are followed: many keep these files in a repository of their own. */
function readText(path: string, variable: string): string {
  try {
    return readRegularFile(path, 'followed').toString('utf8');
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(codeOf(error))) return '';
    const reason = messageOf(error);
    throw new CredentialError('INPUT_INVALID', `The profile file ${path} cannot be read: ${reason}`, {
      hint: `Let it be a file that this user may read, or name another in ${variable}.`,
      cause: error,
    });
  }
}
