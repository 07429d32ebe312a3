import type { Credentials } from '../../contract/credentials.ts';
import { CredentialError } from '../../contract/errors.ts';
import { isKey } from '../../formats/patterns.ts';

/** The fields of a response; each may be missing or of any type. */
type ResponseFields = Readonly<Record<keyof Required<Credentials>, unknown>>;

/** The session's credentials, each field validated. Throws PROTOCOL_ERROR, which does not quote the response. */
export function parseSessionCredentials(response: ResponseFields, name: string): Required<Credentials> {
  const { accessKeyId, secretAccessKey, sessionToken, expiration } = response;
  const fields = [accessKeyId, secretAccessKey, sessionToken, expiration];
  if (!fields.every(Boolean)) throw invalidResponse(name, 'an incomplete response');
  if (!isKey(accessKeyId) || !isKey(secretAccessKey) || !isKey(sessionToken))
    throw invalidResponse(name, 'an invalid access key');
  if (!(expiration instanceof Date) || Number.isNaN(expiration.getTime())) {
    throw invalidResponse(name, 'an invalid expiration');
  }
  return { accessKeyId, secretAccessKey, sessionToken, expiration };
}

function invalidResponse(name: string, problem: string): CredentialError {
  return new CredentialError('PROTOCOL_ERROR', `${name} returned ${problem}`, {
    hint: 'Check the endpoint URL and the region: a proxy or another service answered.',
  });
}
