import type { Credentials } from '../contract/credentials.ts';
import { parseJson, parseJsonObject } from './json.ts';
import { isAccountId, isKey } from './patterns.ts';

/** The parsed output of a credential process. */
export interface ProcessOutput {
  readonly credentials: Credentials;
  /** The account of the credentials, if the process names it. */
  readonly account?: string | undefined;
}

/** Why a text is not valid output of a credential process: a clause that does not quote the text. */
export class NotProcessOutput extends Error {}

const keyFields = ['AccessKeyId', 'SecretAccessKey', 'SessionToken'] as const;

/** Parses the output of a credential process. Throws NotProcessOutput. https://docs.aws.amazon.com/sdkref/latest/guide/feature-process-credentials.html */
export function parseProcessOutput(text: string): ProcessOutput {
  const fields = fieldsIn(text);
  const version = fields.get('Version');
  if (version !== 1) {
    throw new NotProcessOutput(version === undefined ? 'has no "Version"' : 'has a "Version" that is not the number 1');
  }
  const [accessKeyId, secretAccessKey, sessionToken] = keyFields.map((name) => keyIn(fields, name));
  if (accessKeyId === undefined) throw new NotProcessOutput('has no "AccessKeyId"');
  if (secretAccessKey === undefined) throw new NotProcessOutput('has no "SecretAccessKey"');
  const expiration = expirationIn(fields.get('Expiration'));
  const account = fields.get('AccountId');
  return {
    credentials: {
      accessKeyId,
      secretAccessKey,
      sessionToken,
      expiration,
    },
    // An invalid value is ignored; the account is then looked up with STS.
    account: isAccountId(account) ? account : undefined,
  };
}

/** The keys in the output, even if it is otherwise invalid; mask them before reporting an error. */
export function keysIn(text: string): readonly string[] {
  try {
    const fields = fieldsIn(text);
    return keyFields.flatMap((name) => {
      const value = fields.get(name);
      return typeof value === 'string' && value !== '' ? [value] : [];
    });
  } catch {
    return [];
  }
}

function fieldsIn(text: string): ReadonlyMap<string, unknown> {
  const trimmed = text.replace(/^\uFEFF/, '').trim();
  if (trimmed === '') throw new NotProcessOutput('is empty');
  const fields = parseJsonObject(trimmed);
  if (fields !== undefined) return fields;
  throw new NotProcessOutput(parseJson(trimmed) === undefined ? 'is not JSON' : 'is not a JSON object');
}

/** Tools print `null` or an empty text if there is no session token. */
function keyIn(fields: ReadonlyMap<string, unknown>, name: string): string | undefined {
  const value = fields.get(name);
  if (value === undefined || value === null || value === '') return undefined;
  if (isKey(value)) return value;
  throw new NotProcessOutput(`has an invalid "${name}"`);
}

/** An RFC 3339 date; without a zone it is UTC. https://www.rfc-editor.org/rfc/rfc3339#section-5.6 */
function expirationIn(value: unknown): Date | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  const parts = /^(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d:\d\d)(\.\d+)?(Z|z|[+-]\d\d:?\d\d)?$/.exec(String(value));
  const [, day, time, fraction = '', zone = 'Z'] = parts ?? [];
  const offset = zone.toUpperCase().replace(/^([+-]\d\d)(\d\d)$/, '$1:$2');
  const date = new Date(`${day}T${time}${fraction.slice(0, 4)}${offset}`);
  if (Number.isNaN(date.getTime())) throw new NotProcessOutput('has an "Expiration" that is not an ISO 8601 date');
  return date;
}
