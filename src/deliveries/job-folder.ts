import { randomUUID } from 'node:crypto';
import type { Session } from '../contract/credentials.ts';
import { CredentialError, messageOf } from '../contract/errors.ts';
import type { JobFolders } from '../contract/job-folder.ts';
import type { Machine } from '../contract/ports.ts';
import {
  credentialsScript,
  folderFiles,
  isUsablePath,
  processLine,
  type ScriptPlace,
  sessionFiles,
} from '../formats/credentials-script.ts';
import { servedSession, sessionDocument, untilNote } from '../formats/served-session.ts';
import type { DeliveryEffects, Undo } from './delivery.ts';

/** What the sessions of a job are renewed by. */
export interface RenewalRequest {
  readonly folders: JobFolders;
  /** What `plan.json` holds for this first session: data that survives JSON, with `account` and `allowedAccounts`; see SavedPlan. */
  planOf(session: Session): Readonly<Record<string, unknown>>;
}

/** A session, and the key that the process line names it by; the job's own has none. */
export interface KeyedSession {
  readonly key?: string | undefined;
  readonly session: Session;
}

/** A folder that was made. */
export interface MadeFolder {
  /** The absolute path of a file in it. */
  pathOf(name: string): string;
  /** The value of `credential_process` for the session with this key. */
  processLine(key?: string): string;
}

/** Ours alone, so that the folder of a job is never one that holds something else. */
const name = 'aws-credential-step';

/** Looks, before any request, whether a folder can be made that every AWS tool can start a program in. Throws DELIVERY_FAILED. */
export function checkJobFolder({ folders }: RenewalRequest, host: Machine): void {
  const { parent } = usablePlace(folders, 'check');
  try {
    host.files.checkWritable(join(parent, name, 'check', 'file'));
  } catch (error) {
    throw folderError(parent, error);
  }
}

/** Makes the folder with the code, the plan, the sessions, and other files by name. Its undo is recorded first. Throws DELIVERY_FAILED. */
export function makeJobFolder(
  { folders, planOf }: RenewalRequest,
  sessions: readonly [KeyedSession, ...KeyedSession[]],
  texts: (folder: MadeFolder) => Readonly<Record<string, string>>,
  { host, record }: Pick<DeliveryEffects, 'host' | 'record'>,
): MadeFolder {
  const place = usablePlace(folders, randomUUID().replaceAll('-', ''));
  const script = scriptName(folders);
  const folder: MadeFolder = {
    pathOf: (file) => join(place.parent, ...place.below.split('/').slice(0, -1), file),
    processLine: (key) => processLine(folders.shell, place, key),
  };
  const data = { ...texts(folder), ...sessionTexts(sessions, host.now()), [folderFiles.journal]: '' };
  const plan = JSON.stringify(planOf(sessions[0].session));
  record(
    undoOf(folder.pathOf(''), [folderFiles.plan, ...Object.keys(data), script], folders, join(place.parent, name)),
  );
  try {
    folders.make(folder.pathOf(''));
    folders.copyCode(folder.pathOf(folderFiles.code));
    for (const [file, text] of Object.entries(data)) folders.write(folder.pathOf(file), text, 'data');
    folders.write(folder.pathOf(folderFiles.plan), plan, 'data');
    const program = { node: folders.node, entry: `${folderFiles.code}/index.js` };
    folders.write(folder.pathOf(script), credentialsScript(folders.shell, program), 'program');
  } catch (error) {
    throw folderError(place.parent, error);
  }
  return folder;
}

function sessionTexts(sessions: readonly KeyedSession[], now: number): Readonly<Record<string, string>> {
  return Object.fromEntries(
    sessions.flatMap(({ key, session }) => {
      const served = servedSession(session.credentials, now);
      const files = sessionFiles(key);
      return [
        [files.session, sessionDocument(served)],
        [files.until, untilNote(served)],
      ];
    }),
  );
}

/** In this order, the plan first: a renewal that runs meanwhile sees that it is gone, and writes nothing. */
function undoOf(path: string, files: readonly string[], folders: JobFolders, parent: string): readonly Undo[] {
  const code = folders.codeFiles().map((file) => `${folderFiles.code}/${file}`);
  const names = [...files, ...code, `${folderFiles.code}/`];
  return [
    { undo: 'folder', path: parent },
    { undo: 'job-folder', path, names: names.join('\n') },
  ];
}

function scriptName({ shell }: JobFolders): string {
  return shell === 'cmd' ? 'credentials.cmd' : 'credentials';
}

/** The first parent whose path every AWS tool can start a program in. */
function usablePlace(folders: JobFolders, id: string): ScriptPlace {
  const { shell } = folders;
  const parents = folders.parents();
  const parent = parents.find(({ path }) => isUsablePath(path, shell));
  if (parent !== undefined) {
    return { parent: parent.path, below: `${name}/${id}/${scriptName(folders)}`, isRunnerTemp: parent.isRunnerTemp };
  }
  const paths = parents.map(({ path }) => path).join(' and ');
  const signs = shell === 'cmd' ? 'blanks, quotes or other special characters' : `quotes, $, backticks, \\ or }`;
  throw new CredentialError('DELIVERY_FAILED', `AWS tools can start no program below ${paths}`, {
    hint: `Let RUNNER_TEMP name a folder whose path is without ${signs}.`,
  });
}

function join(...parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join('/');
}

function folderError(parent: string, error: unknown): CredentialError {
  if (error instanceof CredentialError) return error;
  const message = `The folder of the credentials cannot be made below ${parent}: ${messageOf(error)}`;
  return new CredentialError('DELIVERY_FAILED', message, {
    hint: `Let this user write to ${parent}, and remove ${name} there if another user made it.`,
    cause: error,
  });
}
