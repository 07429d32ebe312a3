import {
  accessSync,
  appendFileSync,
  closeSync,
  constants,
  fchownSync,
  fstatSync,
  fsyncSync,
  lstatSync,
  openSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  type Stats,
  writeFileSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Files } from '../../contract/ports.ts';
import { acquire, unlock } from './lock.ts';
import { removeJobFolder } from './remove-job-folder.ts';
import { codeOf, refusal } from './system-error.ts';

/** In bytes. Token, cache and profile files are a few kilobytes. */
const sizeLimit = 1_048_576;

/** The file system. */
export function createFiles(): Files {
  return {
    locate: (path) => resolve(path.startsWith('~/') ? join(home(), path.slice(2)) : path),
    read: readText,
    checkWritable,
    missingFolders,
    removeFolder: (path) => ignoring(['ENOENT', 'ENOTEMPTY', 'EEXIST'], () => rmdirSync(path)),
    removeJobFolder,
    edit,
    discard(path, owner) {
      rmSync(tempPath(path, owner), { force: true });
      unlock(path, owner);
    },
  };
}

/** The home folder, or the root if there is none: never the working folder, whose files are not trusted. */
function home(): string {
  try {
    // Loaded here: few steps need it.
    return process.getBuiltinModule('node:os').homedir() || '/';
  } catch {
    // The user ID has no user, as in some containers.
    return '/';
  }
}

/** Reads a regular file of at most `most` bytes. Throws system errors. */
export function readRegularFile(path: string, links: 'refused' | 'followed', most: number = sizeLimit): Buffer {
  if (links === 'refused') refuseLinks(path);
  const noFollow = links === 'refused' ? (constants.O_NOFOLLOW ?? 0) : 0;
  // Non-blocking, so that a named pipe is refused below instead of blocking.
  const file = openSync(path, constants.O_RDONLY | noFollow | (constants.O_NONBLOCK ?? 0));
  try {
    const status = fstatSync(file);
    if (!status.isFile()) throw refusal('EISDIR', 'it is not a regular file');
    if (status.size > most) throw refusal('EFBIG', `it is larger than ${most / 1_048_576} MiB`);
    return readFileSync(file);
  } finally {
    closeSync(file);
  }
}

/** Appends text to one of the runner's command files. */
export function appendText(path: string, text: string): void {
  appendFileSync(path, text);
}

function refuseLinks(path: string): void {
  if (statusOf(path)?.isSymbolicLink()) throw refusal('ELOOP', 'it is a symbolic link');
  if (statusOf(dirname(path))?.isSymbolicLink()) throw refusal('ELOOP', 'its folder is a symbolic link');
}

function readText(path: string): string | undefined {
  refuseLinks(path);
  if (statusOf(path) === undefined) return undefined;
  const bytes = readRegularFile(path, 'refused');
  const text = bytes.toString('utf8');
  // Other encodings would be damaged when the file is written back.
  if (!Buffer.from(text).equals(bytes)) throw refusal('EILSEQ', 'it is not UTF-8 text');
  return text;
}

function checkWritable(path: string): void {
  const [outermost] = missingFolders(path);
  const folder = dirname(outermost ?? path);
  if (!lstatSync(folder).isDirectory()) throw refusal('ENOTDIR', `${folder} is not a folder`);
  accessSync(folder, constants.W_OK | constants.X_OK);
  const old = statusOf(path);
  if (old !== undefined) checkReplaceable(path, old);
}

/** A rename ignores the permissions of the file that it replaces and changes its owner, so check both first. */
function checkReplaceable(path: string, { uid }: Stats): void {
  const user = process.geteuid?.() ?? 0;
  if (user !== 0 && user !== uid) throw refusal('EPERM', 'it belongs to another user');
  accessSync(path, constants.W_OK);
}

function missingFolders(path: string): readonly string[] {
  const folder = dirname(path);
  return statusOf(folder) === undefined && folder !== path ? [...missingFolders(folder), folder] : [];
}

function edit(path: string, owner: string, change: (text: string | undefined) => string | undefined): void {
  const lock = acquire(path, owner);
  try {
    const before = readText(path);
    const after = change(before);
    if (after === before) return;
    lock.check();
    if (after === undefined) rmSync(path, { force: true });
    else write(path, owner, after);
    sync(dirname(path));
  } finally {
    lock.release();
  }
}

function write(path: string, owner: string, text: string): void {
  const old = statusOf(path);
  if (old !== undefined) checkReplaceable(path, old);
  const temporary = tempPath(path, owner);
  rmSync(temporary, { force: true });
  try {
    const file = openSync(temporary, 'wx', 0o600);
    try {
      writeFileSync(file, text);
      if (old !== undefined) keepOwner(file, old);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

/** Keeps the file's owner if root writes it. */
function keepOwner(file: number, { uid, gid }: Stats): void {
  if (fstatSync(file).uid !== uid) fchownSync(file, uid, gid);
}

/** Makes a rename durable; not every system can open a folder. */
function sync(folder: string): void {
  try {
    const opened = openSync(folder, 'r');
    try {
      fsyncSync(opened);
    } finally {
      closeSync(opened);
    }
  } catch {
    // The file itself is synced already.
  }
}

function tempPath(path: string, owner: string): string {
  return `${path}.${owner}.tmp`;
}

function statusOf(path: string): Stats | undefined {
  return lstatSync(path, { throwIfNoEntry: false });
}

function ignoring(codes: readonly string[], act: () => void): void {
  try {
    act();
  } catch (error) {
    if (!codes.includes(codeOf(error))) throw error;
  }
}
