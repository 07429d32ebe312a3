import type { ErrorCode } from '../contract/errors.ts';
import { parseJsonObject } from './json.ts';

/** One line of the journal: a renewal, or why there was none; never a secret. */
export interface JournalEntry {
  /** Milliseconds since the epoch. */
  readonly time: number;
  /** The key of the session; empty for that of the job. */
  readonly key: string;
  readonly code: ErrorCode | 'RENEWED';
  readonly message: string;
  readonly hint: string;
}

const codes: Readonly<Record<ErrorCode | 'RENEWED', true>> = {
  RENEWED: true,
  INPUT_INVALID: true,
  INPUT_CONFLICT: true,
  NO_SOURCE: true,
  ID_TOKEN_UNAVAILABLE: true,
  TOKEN_UNREADABLE: true,
  TOKEN_EXPIRED: true,
  ACCESS_DENIED: true,
  ACCOUNT_NOT_ALLOWED: true,
  ROLE_INVALID: true,
  SERVICE_UNAVAILABLE: true,
  TIMED_OUT: true,
  DELIVERY_FAILED: true,
  SEAL_REJECTED: true,
  PROTOCOL_ERROR: true,
};

/** The entry as one line of JSON. */
export function journalLine({ time, key, code, message, hint }: JournalEntry): string {
  return `${JSON.stringify({ time: new Date(time).toISOString(), key, code, message, hint })}\n`;
}

/** The entries of a journal, oldest first; a line that was cut off is left out. */
export function parseJournal(text: string): readonly JournalEntry[] {
  return text.split('\n').flatMap((line) => parseEntry(line) ?? []);
}

function parseEntry(line: string): JournalEntry | undefined {
  const fields = parseJsonObject(line);
  if (fields === undefined) return undefined;
  const textOf = (name: string): string => String(fields.get(name) ?? '');
  const time = Date.parse(textOf('time'));
  const code = fields.get('code');
  if (Number.isNaN(time) || !isCode(code)) return undefined;
  return { time, key: textOf('key'), code, message: textOf('message'), hint: textOf('hint') };
}

function isCode(value: unknown): value is JournalEntry['code'] {
  return typeof value === 'string' && Object.hasOwn(codes, value);
}

/** One line for the log of post, such as `Renewed 9 times, last at 05:20; 1 renewal failed: SERVICE_UNAVAILABLE …`. */
export function summarizeJournal(text: string): string {
  const entries = parseJournal(text);
  const renewed = entries.filter(({ code }) => code === 'RENEWED');
  const failed = entries.filter(({ code }) => code !== 'RENEWED');
  const [last, lastFailure] = [renewed.at(-1), failed.at(-1)];
  const times = renewed.length === 1 ? 'once' : `${renewed.length} times`;
  const renewals = last === undefined ? 'Not renewed' : `Renewed ${times}, last at ${clockTime(last.time)}`;
  if (lastFailure === undefined) return `${renewals}.`;
  const failures = failed.length === 1 ? '1 renewal failed' : `${failed.length} renewals failed, the last`;
  return `${renewals}; ${failures}: ${lastFailure.code}: ${lastFailure.message}`;
}

/** Hours and minutes in UTC, as the log of a job shows them. */
function clockTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString().slice(11, 16);
}
