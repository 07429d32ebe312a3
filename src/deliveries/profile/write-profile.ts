import { randomUUID } from 'node:crypto';
import type { Credentials, Session } from '../../contract/credentials.ts';
import { CredentialError, invalidInput } from '../../contract/errors.ts';
import type { Machine } from '../../contract/ports.ts';
import { placeSection, profileNamed, type Section, secretsIn, sectionsIn } from '../../formats/ini.ts';
import type { Inputs } from '../../inputs/inputs.ts';
import { type Delivery, type DeliveryEffects, digest, exportVariables, marker, wantsEnvironment } from '../delivery.ts';
import { profileFileError } from '../file-errors.ts';

type Keys = Readonly<Record<string, string>>;

/** Writes a profile of this name, which is one that every AWS tool can read. */
export function profileFiles(name: string): Delivery {
  return {
    kind: 'profile',

    check(inputs, host) {
      for (const page of profileFilesOf(name, host)) {
        touching(page, () => {
          oldSection(host.files.read(page.path) ?? '', page, inputs);
          host.files.checkWritable(page.path);
        });
      }
    },

    deliver({ session }, effects) {
      const { host, inputs, record } = effects;
      checkValues(session.credentials);
      const owner = randomUUID();
      const pages = profileFilesOf(name, host);
      const folders = new Set(pages.flatMap(({ path }) => touching({ path }, () => host.files.missingFolders(path))));
      record([
        ...[...folders].map((path) => ({ undo: 'folder', path }) as const),
        ...pages.map(({ path }) => ({ undo: 'discard', path, owner }) as const),
      ]);
      for (const page of pages) touching(page, () => writeProfileFile(page, page.keysOf(session), owner, effects));
      if (wantsEnvironment(inputs)) exportVariables({ AWS_PROFILE: name }, effects);
      return `profile ${name}`;
    },
  };
}

/** One section to write. */
interface ProfileFile {
  readonly file: 'credentials' | 'config';
  readonly path: string;
  readonly profile: string;
  readonly header: string;
  keysOf(session: Session): Keys;
}

function profileFilesOf(name: string, { env, files }: Machine): readonly ProfileFile[] {
  const credentials: ProfileFile = {
    file: 'credentials',
    path: files.locate(env.AWS_SHARED_CREDENTIALS_FILE || '~/.aws/credentials'),
    profile: name,
    header: name,
    keysOf: (session) => credentialKeys(session.credentials),
  };
  const config: ProfileFile = {
    file: 'config',
    path: files.locate(env.AWS_CONFIG_FILE || '~/.aws/config'),
    profile: name,
    header: name === 'default' ? name : `profile ${name}`,
    keysOf: ({ region }) => ({ region }),
  };
  if (config.path !== credentials.path || config.header !== credentials.header) return [credentials, config];
  // One file in both parts has one section for both.
  return [{ ...config, keysOf: (session) => ({ ...credentials.keysOf(session), ...config.keysOf(session) }) }];
}

function writeProfileFile(
  page: ProfileFile,
  keys: Keys,
  owner: string,
  { job, host, inputs, record }: DeliveryEffects,
): void {
  const { path, header } = page;
  host.files.edit(path, owner, (present) => {
    const text = present ?? '';
    // By its owner's name it differs from one that another job writes alike, and says that it will be taken back.
    const comment = inputs.flag('cleanup', true) ? `${marker} ${owner}` : undefined;
    const placed = placeSection(text, { header, keys, comment }, oldSection(text, page, inputs));
    const { section, before, joint } = placed;
    for (const secret of secretsIn(before)) job.mask(secret);
    const empty = present === '' ? 'kept' : 'removed';
    record([{ undo: 'section', path, header, ours: digest(section), before, joint, empty, owner }]);
    return placed.text;
  });
}

/** The section to overwrite. Throws INPUT_INVALID where there is one that must stay. */
function oldSection(text: string, { file, path, profile: name }: ProfileFile, inputs: Inputs): Section | undefined {
  const [old, ...more] = sectionsIn(text).filter(({ header }) => profileNamed(header, file) === name);
  if (old === undefined) return undefined;
  const problem = `names the profile ${name}, which ${path} holds`;
  if (more.length > 0) {
    const hint = 'Leave one of its sections in the file: AWS tools do not agree on which one counts.';
    throw invalidInput('aws-profile', `${problem} more than once.`, hint);
  }
  if (inputs.flag('overwrite-aws-profile', false)) return old;
  const hint = 'Choose another name, or set "overwrite-aws-profile: true"; after the job it is put back.';
  throw invalidInput('aws-profile', `${problem} already.`, hint);
}

function credentialKeys({ accessKeyId, secretAccessKey, sessionToken }: Credentials): Keys {
  return {
    aws_access_key_id: accessKeyId,
    aws_secret_access_key: secretAccessKey,
    ...(sessionToken ? { aws_session_token: sessionToken } : {}),
  };
}

/** A line break in a value would be a line of the file, and some tools take a # after a blank for a comment. */
function checkValues(credentials: Credentials): void {
  const junk = Object.entries(credentialKeys(credentials)).find(([, value]) =>
    /\p{Cc}|(?:^|\s)[#;]|^\s|\s$/u.test(value),
  );
  if (junk === undefined) return;
  const message = `The credentials' ${junk[0]} holds a line break or a comment, which a profile file cannot hold`;
  throw new CredentialError('DELIVERY_FAILED', message, {
    hint: 'Store the key again, without line breaks or blanks.',
  });
}

/** Says which file it was that something went wrong with. */
function touching<T>({ path }: Pick<ProfileFile, 'path'>, act: () => T): T {
  try {
    return act();
  } catch (error) {
    throw profileFileError(path, error);
  }
}
