import type { Credentials, ProfileSession, Session } from '../../contract/credentials.ts';
import { CredentialError } from '../../contract/errors.ts';
import type { Machine } from '../../contract/ports.ts';
import { profileFileError } from '../file-errors.ts';

/** Keys and values of a section. */
export type Keys = Readonly<Record<string, string>>;

/** One section to write. */
export interface ProfileSection {
  readonly file: 'credentials' | 'config';
  readonly path: string;
  readonly profile: string;
  readonly header: string;
  keysOf(session: Session): Keys;
}

/** One file, and its sections in the order in which they are written. */
export interface ProfileFile {
  readonly path: string;
  readonly sections: readonly ProfileSection[];
}

/** The shared files, each once, with the sections of all profiles. */
export function profileFilesOf(names: readonly string[], { env, files }: Machine): readonly ProfileFile[] {
  const paths = {
    credentials: files.locate(env.AWS_SHARED_CREDENTIALS_FILE || '~/.aws/credentials'),
    config: files.locate(env.AWS_CONFIG_FILE || '~/.aws/config'),
  };
  const sections = names.flatMap((name) => sectionsOf(name, paths));
  return [...new Set(sections.map(({ path }) => path))].map((path) => ({
    path,
    sections: sections.filter((section) => section.path === path),
  }));
}

function sectionsOf(name: string, paths: Readonly<Record<ProfileSection['file'], string>>): readonly ProfileSection[] {
  const credentials: ProfileSection = {
    file: 'credentials',
    path: paths.credentials,
    profile: name,
    header: name,
    keysOf: (session) => credentialKeys(session.credentials),
  };
  const config: ProfileSection = {
    file: 'config',
    path: paths.config,
    profile: name,
    header: name === 'default' ? name : `profile ${name}`,
    keysOf: ({ region }) => ({ region }),
  };
  if (config.path !== credentials.path || config.header !== credentials.header) return [credentials, config];
  // One file in both parts has one section for both.
  return [{ ...config, keysOf: (session) => ({ ...credentials.keysOf(session), ...config.keysOf(session) }) }];
}

function credentialKeys({ accessKeyId, secretAccessKey, sessionToken }: Credentials): Keys {
  return {
    aws_access_key_id: accessKeyId,
    aws_secret_access_key: secretAccessKey,
    ...(sessionToken ? { aws_session_token: sessionToken } : {}),
  };
}

/** A line break in a value would be a line of the file, and some tools take a # after a blank for a comment. */
export function checkValues({ session }: ProfileSession): void {
  const junk = Object.entries(credentialKeys(session.credentials)).find(([, value]) =>
    /\p{Cc}|(?:^|\s)[#;]|^\s|\s$/u.test(value),
  );
  if (junk === undefined) return;
  const message = `The credentials' ${junk[0]} holds a line break or a comment, which a profile file cannot hold`;
  throw new CredentialError('DELIVERY_FAILED', message, {
    hint: 'Store the key again, without line breaks or blanks.',
  });
}

/** Says which file it was that something went wrong with. */
export function touching<T>({ path }: Pick<ProfileFile, 'path'>, act: () => T): T {
  try {
    return act();
  } catch (error) {
    throw profileFileError(path, error);
  }
}
