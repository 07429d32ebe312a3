import { parseJsonObject } from './json.ts';

/** An IAM Identity Center access token, bare or as the AWS CLI stores it in `~/.aws/sso/cache`. */
export interface SsoToken {
  readonly accessToken: string;
  /** ISO 8601, like all dates here; absent for a bare token. */
  readonly expiresAt?: string | undefined;
  readonly region?: string | undefined;
  readonly startUrl?: string | undefined;
  readonly refreshToken?: string | undefined;
  readonly clientId?: string | undefined;
  readonly clientSecret?: string | undefined;
  readonly registrationExpiresAt?: string | undefined;
}

/** The fields that a refresh replaces. */
export type Renewal = Required<Pick<SsoToken, 'accessToken' | 'expiresAt'>> & Pick<SsoToken, 'refreshToken'>;

/** Why a text is not an SSO token: a clause that does not quote the text. */
export class NotAToken extends Error {}

/**
 * Reads a bare access token or the JSON of the CLI's cache file. Throws NotAToken.
 * https://docs.aws.amazon.com/sdkref/latest/guide/feature-sso-credentials.html
 */
export function parseSsoToken(text: string): SsoToken {
  if (text.startsWith('{')) return fromCache(cacheIn(text));
  if (/^(?:~|\.{0,2}\/|[A-Za-z]:\\)|\.json$/.test(text)) throw new NotAToken('is a path, not a token');
  if (/^(null|undefined|None)$/.test(text)) throw new NotAToken('is what tools print without a token');
  if (!isToken(text)) throw new NotAToken('is not an access token');
  return { accessToken: text };
}

/** The text with the renewed fields, all others kept; on one line, so that a mask covers all of it. */
export function writeSsoToken(text: string, renewal?: Renewal): string {
  if (!text.startsWith('{')) return renewal === undefined ? text : JSON.stringify(renewal);
  return JSON.stringify({ ...Object.fromEntries(cacheIn(text)), ...renewal });
}

/** Every secret in the text; the whole text if it is invalid. */
export function secretsInSsoToken(text: string): readonly string[] {
  try {
    const { accessToken, refreshToken, clientSecret } = parseSsoToken(text);
    return [accessToken, refreshToken, clientSecret].flatMap((secret) => secret ?? []);
  } catch {
    return [text];
  }
}

/** Whether it has the form of a token: printable ASCII without spaces. */
export function isToken(value: unknown): value is string {
  return typeof value === 'string' && /^[\x21-\x7e]{4,4096}$/.test(value);
}

function cacheIn(text: string): ReadonlyMap<string, unknown> {
  const cache = parseJsonObject(text);
  if (cache === undefined) throw new NotAToken('starts like JSON but is not a JSON object');
  return cache;
}

function fromCache(cache: ReadonlyMap<string, unknown>): SsoToken {
  const fields = new Map([...cache].filter(([, value]) => value !== null));
  const accessToken = fields.get('accessToken');
  if (accessToken === undefined && fields.has('clientId')) {
    throw new NotAToken('is the client registration from the cache folder, not the token (it has no "accessToken")');
  }
  if (!isToken(accessToken)) throw new NotAToken('has no usable "accessToken"');
  const text = (name: keyof SsoToken) => {
    const value = fields.get(name);
    return typeof value === 'string' && value !== '' ? { [name]: value } : {};
  };
  if (!fields.has('expiresAt')) throw new NotAToken('has no "expiresAt"');
  const date = (name: keyof SsoToken) =>
    fields.has(name) ? { [name]: readDate(fields.get(name), name).toISOString() } : {};
  return {
    accessToken,
    ...date('expiresAt'),
    ...text('region'),
    ...text('startUrl'),
    ...text('refreshToken'),
    ...text('clientId'),
    ...text('clientSecret'),
    ...date('registrationExpiresAt'),
  };
}

/** Reads a date. botocore writes `UTC`, which `Date` does not parse; a date without a zone is UTC too. */
function readDate(value: unknown, name: string): Date {
  const text = typeof value === 'string' ? value.replace(/ ?UTC$/, 'Z') : '';
  const date = new Date(/T[\d:.]+$/.test(text) ? `${text}Z` : text);
  if (Number.isNaN(date.getTime()))
    throw new NotAToken(`has ${name === 'expiresAt' ? 'an' : 'a'} "${name}" that is not a date`);
  return date;
}
