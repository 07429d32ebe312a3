import { getIDToken } from '@actions/core';
import { within } from '../deadline.ts';
import { CredentialError } from '../errors.ts';

/** Milliseconds that the ID token endpoint may take in all; core itself tries 502 to 504 again for some ten seconds. */
const patience = 20_000;

/** The job's ID token, masked by core. Throws CredentialError. */
export async function requestIdToken(audience: string): Promise<string> {
  try {
    return await within(getIDToken(audience), patience, timedOut);
  } catch (error) {
    throw error instanceof CredentialError ? error : refused(error);
  }
}

function timedOut(): CredentialError {
  return new CredentialError('TIMED_OUT', `GitHub's ID token endpoint did not answer within ${patience / 1000} s`, {
    hint: 'Run the job again; if it stays so, see https://www.githubstatus.com.',
  });
}

/** core puts the HTTP status into its message and nowhere else. */
function refused(error: unknown): CredentialError {
  const message = error instanceof Error ? error.message : String(error);
  const status = /Error Code : (\d{3})/.exec(message)?.[1];
  if (status?.startsWith('4')) {
    return new CredentialError('ID_TOKEN_UNAVAILABLE', `GitHub refused the job an ID token (HTTP ${status})`, {
      hint: 'Check that the job has "permissions: id-token: write" and that it has not been cancelled.',
      cause: error,
    });
  }
  const reason = status === undefined ? 'no usable answer' : `HTTP ${status}`;
  return new CredentialError('SERVICE_UNAVAILABLE', `GitHub's ID token endpoint gave no ID token (${reason})`, {
    hint: 'Run the job again; if it stays so, see https://www.githubstatus.com.',
    cause: error,
  });
}
