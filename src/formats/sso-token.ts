/** An IAM Identity Center access token, bare or as the AWS CLI keeps it in `~/.aws/sso/cache`. */
export interface SsoToken {
  readonly accessToken: string;
  /** ISO 8601; absent for a bare token. */
  readonly expiresAt?: string;
  readonly region?: string;
  readonly startUrl?: string;
}

/** Why a text is not an SSO token: a clause that never quotes the text. */
export class NotAToken extends Error {}

/**
 * Reads a bare access token or the JSON of the CLI's cache file. Throws NotAToken.
 * https://docs.aws.amazon.com/sdkref/latest/guide/feature-sso-credentials.html
 */
export function parseSsoToken(text: string): SsoToken {
  if (text.startsWith('{')) return fromCache(parseJson(text));
  if (/^(?:~|\.{0,2}\/|[A-Za-z]:\\)|\.json$/.test(text)) throw new NotAToken('is a path, not a token');
  if (!isToken(text)) throw new NotAToken('is not an access token');
  return { accessToken: text };
}

/** A token is one run of visible ASCII; the service's own are some hundred characters long. */
function isToken(value: unknown): value is string {
  return typeof value === 'string' && /^[\x21-\x7e]{4,4096}$/.test(value);
}

function parseJson(text: string): object {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return value;
  } catch {
    // JSON.parse quotes the text, which is secret, in its message: leave the cause behind.
  }
  throw new NotAToken('starts like JSON but is not a JSON object');
}

function fromCache(cache: object): SsoToken {
  const field = (name: string): unknown => Object.entries(cache).find(([key]) => key === name)?.[1];
  const accessToken = field('accessToken');
  if (accessToken === undefined && field('clientId') !== undefined) {
    throw new NotAToken('is the client registration from the cache folder, not the token (it has no "accessToken")');
  }
  if (!isToken(accessToken)) throw new NotAToken('has no usable "accessToken"');
  const expiresAt = field('expiresAt');
  const region = field('region');
  const startUrl = field('startUrl');
  return {
    accessToken,
    ...(expiresAt === undefined ? {} : { expiresAt: readDate(expiresAt) }),
    ...(typeof region === 'string' ? { region } : {}),
    ...(typeof startUrl === 'string' ? { startUrl } : {}),
  };
}

/** botocore ends the date in `UTC`, which `Date` does not read. */
function readDate(value: unknown): string {
  const date = new Date(typeof value === 'string' ? value.replace(/UTC$/, 'Z') : Number.NaN);
  if (Number.isNaN(date.getTime())) throw new NotAToken('has an "expiresAt" that is not a date');
  return date.toISOString();
}
