import type { Credentials } from '../contract/credentials.ts';
import { parseJsonObject } from './json.ts';
import { isKey } from './patterns.ts';

/** A session as it is kept for the tools of later steps. */
export interface ServedSession {
  readonly credentials: Credentials;
  /** The `Expiration` that tools are given, in milliseconds since the epoch; infinite if the session does not expire. */
  readonly printedEnd: number;
  /** When it expires, in the same unit. */
  readonly end: number;
  /** Up to when it is served without a look for a new one, in the same unit. */
  readonly until: number;
}

const minute = 60_000;
/** Botocore asks from 15 minutes before the end, so a session that it asks for is renewed by then. */
const window = 20 * minute;

/** A session that was received at `now`, in milliseconds. */
export function servedSession(credentials: Credentials, now: number): ServedSession {
  const end = credentials.expiration?.getTime() ?? Number.POSITIVE_INFINITY;
  if (end === Number.POSITIVE_INFINITY) return { credentials, printedEnd: end, end, until: end };
  const life = Math.max(0, end - now);
  // Go uses a key to its last second; botocore and the SDK for JavaScript refuse a date that has passed.
  const printedEnd = end - Math.min(minute, life / 10);
  return { credentials, printedEnd, end, until: end - Math.min(window, life / 2) };
}

/** The longest that a file can name: a session that does not expire is served up to there. */
const farAway = Date.parse('9999-12-31T23:59:59Z');

const textOf = (milliseconds: number): string =>
  new Date(Math.min(Math.floor(milliseconds / 1000) * 1000, farAway)).toISOString().replace('.000Z', 'Z');

/**
 * One line of JSON, as a credential process prints it. Tools ignore the two last members, which are for the renewal.
 * https://docs.aws.amazon.com/sdkref/latest/guide/feature-process-credentials.html
 */
export function sessionDocument({ credentials, printedEnd, end, until }: ServedSession): string {
  const { accessKeyId, secretAccessKey, sessionToken } = credentials;
  const document = {
    Version: 1,
    AccessKeyId: accessKeyId,
    SecretAccessKey: secretAccessKey,
    ...(sessionToken ? { SessionToken: sessionToken } : {}),
    ...(end === Number.POSITIVE_INFINITY ? {} : { Expiration: textOf(printedEnd), ExpiresAt: textOf(end) }),
    ServedUntil: textOf(until),
  };
  return `${JSON.stringify(document)}\n`;
}

/** The document to print when renewal has failed: in the stretch behind the printed end, it says the true one. */
export function documentAt(session: ServedSession, now: number): string {
  return sessionDocument(now < session.printedEnd ? session : { ...session, printedEnd: session.end });
}

/** The note for the shell: the second up to which the session is served, the one in which it expires, and that as text. */
export function untilNote({ until, end }: ServedSession): string {
  const second = (milliseconds: number): number => Math.floor(Math.min(milliseconds, farAway) / 1000);
  return `${second(until)}\n${second(end)}\n${textOf(end)}\n`;
}

/** Reads what `sessionDocument` wrote; undefined if it is anything else. */
export function parseSession(text: string): ServedSession | undefined {
  const fields = parseJsonObject(text);
  if (fields === undefined) return undefined;
  const [accessKeyId, secretAccessKey] = [fields.get('AccessKeyId'), fields.get('SecretAccessKey')];
  if (!isKey(accessKeyId) || !isKey(secretAccessKey)) return undefined;
  const token = fields.get('SessionToken');
  const timeOf = (name: string): number => {
    const value = fields.get(name);
    return value === undefined ? Number.POSITIVE_INFINITY : Date.parse(String(value));
  };
  const [end, printedEnd, until] = [timeOf('ExpiresAt'), timeOf('Expiration'), timeOf('ServedUntil')];
  if ([end, printedEnd, until].some(Number.isNaN)) return undefined;
  const expiration = end === Number.POSITIVE_INFINITY ? undefined : new Date(end);
  const sessionToken = isKey(token) ? token : undefined;
  return { credentials: { accessKeyId, secretAccessKey, sessionToken, expiration }, printedEnd, end, until };
}
