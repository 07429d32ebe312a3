import type { Credentials } from '../../contract/credentials.ts';
import { CredentialError } from '../../contract/errors.ts';
import { isKey } from '../../formats/patterns.ts';

/** What an answer of AWS holds by its model; a field may be missing there, or be anything at all. */
type ResponseFields = Readonly<Record<keyof Required<Credentials>, unknown>>;

/** The session's keys in an answer, each of them what it should be. Throws PROTOCOL_ERROR, which quotes nothing of it. */
export function parseSessionCredentials(answered: ResponseFields, name: string): Required<Credentials> {
  const { accessKeyId, secretAccessKey, sessionToken, expiration } = answered;
  const fields = [accessKeyId, secretAccessKey, sessionToken, expiration];
  if (!fields.every(Boolean)) throw invalidResponse(name, 'lacks a field');
  if (!isKey(accessKeyId) || !isKey(secretAccessKey) || !isKey(sessionToken))
    throw invalidResponse(name, 'holds a key that is none');
  if (!(expiration instanceof Date) || Number.isNaN(expiration.getTime())) {
    throw invalidResponse(name, 'holds an expiration that is no date');
  }
  return { accessKeyId, secretAccessKey, sessionToken, expiration };
}

function invalidResponse(name: string, problem: string): CredentialError {
  return new CredentialError('PROTOCOL_ERROR', `${name} got an answer that ${problem}`, {
    hint: 'Check the endpoint and the region; a proxy or a wrong URL answers like this.',
  });
}
