import { CredentialError, messageOf } from '../contract/errors.ts';

/** For a process that is still running when post has removed the folder. */
export function jobOver(): CredentialError {
  return new CredentialError('NO_SOURCE', 'The job ended, and its credentials were removed', {
    hint: 'Let no process that needs the credentials outlive the job.',
  });
}

/** For a renewal that had so many milliseconds. */
export function tooSlow(milliseconds: number): CredentialError {
  return new CredentialError('TIMED_OUT', `The renewal did not finish within ${Math.round(milliseconds / 1000)} s`, {
    hint: 'Find out what keeps AWS or GitHub from responding.',
  });
}

/** An error of the folder's files as one of ours; one of ours stays as it is. */
export function folderError(failed: string, error: unknown): CredentialError {
  if (error instanceof CredentialError) return error;
  return new CredentialError('DELIVERY_FAILED', `${failed}: ${messageOf(error)}`, {
    hint: 'Check that the folder below RUNNER_TEMP/aws-credential-step can be written and that the disk has room.',
    cause: error,
  });
}
