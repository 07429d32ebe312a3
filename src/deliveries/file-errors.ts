import { CredentialError, messageOf } from '../contract/errors.ts';

/** What keeps a file from being read or written. */
export type FileErrorKind = 'full' | 'forbidden' | 'link' | 'not a file' | 'not text' | 'locked' | 'unknown';

/** The system's codes; the adapter gives its own refusals the code that fits. https://nodejs.org/api/errors.html#common-system-errors */
const kindByCode: ReadonlyMap<unknown, FileErrorKind> = new Map([
  ['ENOSPC', 'full'],
  ['EDQUOT', 'full'],
  ['EACCES', 'forbidden'],
  ['EPERM', 'forbidden'],
  ['EROFS', 'forbidden'],
  ['ELOOP', 'link'],
  ['EISDIR', 'not a file'],
  ['ENOTDIR', 'not a file'],
  ['EEXIST', 'not a file'],
  ['EFBIG', 'not text'],
  ['EILSEQ', 'not text'],
  ['EBUSY', 'locked'],
]);

const elsewhere = 'or name another file in AWS_SHARED_CREDENTIALS_FILE or AWS_CONFIG_FILE';

const profileHints: Readonly<Record<FileErrorKind, string>> = {
  full: 'Make room on the disk, then run the job again.',
  forbidden: `Let this user own and write the file and write to its folder, ${elsewhere}.`,
  link: `Put a regular file in its place, ${elsewhere}: what a link leads to may change while it is written.`,
  'not a file': `Move away what is in the place of the file or of its folder, ${elsewhere}.`,
  'not text': `Check what the file holds: a profile file is some kilobytes of UTF-8; ${elsewhere.slice(3)}.`,
  locked: 'Run the job again when no other job of this machine writes profiles.',
  unknown: `Check the disk, the file and its folder, ${elsewhere}.`,
};

/** An error about one of the shared AWS files, named, with a hint that fits. One of ours stays as it is. */
export function profileFileError(path: string, error: unknown): CredentialError {
  if (error instanceof CredentialError) return error;
  const message = `The profile file ${path} cannot be written: ${messageOf(error)}`;
  return new CredentialError('DELIVERY_FAILED', message, { hint: profileHints[kindOf(error)], cause: error });
}

/** An error of what hands something to the job, such as the runner's command files; `failed` begins the message. */
export function deliveryError(failed: string, error: unknown): CredentialError {
  const message = `${failed}: ${messageOf(error)}`;
  const hint = error instanceof CredentialError ? error.hint : runnerHint(kindOf(error));
  return new CredentialError('DELIVERY_FAILED', message, { hint, cause: error });
}

function runnerHint(trouble: FileErrorKind): string {
  switch (trouble) {
    case 'full':
      return 'Make room on the disk of the runner, then run the job again.';
    case 'forbidden':
      return 'Let the user that the step runs as write the command files of the runner.';
    case 'link':
    case 'not a file':
    case 'not text':
    case 'locked':
    case 'unknown':
      return 'Check that the command files of the runner (GITHUB_ENV, GITHUB_OUTPUT, GITHUB_STATE) are there; then run the job again with debug logging.';
  }
}

function kindOf(error: unknown): FileErrorKind {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return kindByCode.get(code) ?? 'unknown';
}
