import aws4 from 'aws4';
import type { Keys } from '../../emulator/support/wire.ts';
import type { KnownDifference } from './sts-requests.ts';

/** An answer of STS, taken apart: its status, and every text in it by its path. */
export interface StsAnswer {
  readonly status: number;
  readonly fields: Readonly<Record<string, string>>;
}

/** Asks an STS, signed where keys are given. */
export async function askSts(
  endpoint: string,
  form: Readonly<Record<string, string>>,
  keys?: Keys,
): Promise<StsAnswer> {
  const url = new URL(endpoint);
  const body = new URLSearchParams({ Version: '2011-06-15', ...form }).toString();
  const headers = { host: url.host, 'content-type': 'application/x-www-form-urlencoded' };
  const request = { method: 'POST', path: url.pathname, headers, body, service: 'sts', region: 'us-east-1' };
  const signed = keys === undefined ? headers : aws4.sign(request, keys).headers;
  const answer = await fetch(url, { method: 'POST', headers: signed, body });
  return { status: answer.status, fields: fieldsOf(await answer.text()) };
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function fieldsOf(xml: string): Readonly<Record<string, string>> {
  let path: readonly string[] = [];
  const fields: [string, string][] = [];
  for (const [, close, open, self, text] of xml
    .replace(/<[?!][^>]*>/g, '')
    .matchAll(/<\/([\w:]+)>|<([\w:]+)[^>]*?(\/)?>|([^<]+)/g)) {
    // moto's refusals of a signature are in one element more than the query protocol has.
    if (open === 'Errors' || close === 'Errors') continue;
    if (open !== undefined && self === undefined) path = [...path, open];
    else if (close !== undefined) path = path.slice(0, -1);
    else if (text !== undefined && text.trim() !== '') {
      fields.push([path.join('.'), text.trim().replace(/&(\w+);/g, (whole, name) => entities[name] ?? whole)]);
    }
  }
  return Object.fromEntries(fields);
}

/** The keys of a session that an answer hands out. */
export function keysIn({ fields }: StsAnswer): Keys {
  const text = (name: string): string => {
    const found = Object.entries(fields).find(([path]) => path.endsWith(`.Credentials.${name}`));
    if (found === undefined) throw new Error(`There is no ${name} in ${JSON.stringify(fields)}`);
    return found[1];
  };
  return {
    accessKeyId: text('AccessKeyId'),
    secretAccessKey: text('SecretAccessKey'),
    sessionToken: text('SessionToken'),
  };
}

/** Values that are made anew for each answer, by the end of their path: what of them must be alike. */
const shapes: readonly (readonly [RegExp, (value: string) => string])[] = [
  [
    /\.AccessKeyId$/,
    (value) =>
      `${value.slice(0, 4)} and ${value.slice(4).replace(/[A-Z0-9]/g, '').length} other than A-Z, 0-9; ${value.length}`,
  ],
  [/\.SecretAccessKey$/, (value) => `${value.replace(/[\w+/]/g, '').length} other than base64; ${value.length}`],
  [
    /\.SessionToken$/,
    (value) =>
      `${value.replace(/[\w+/=]/g, '').length} other than base64; ${value.length > 300 ? 'long' : value.length}`,
  ],
  [
    /\.Expiration$/,
    (value) => `${value.replace(/\d/g, '0')}, in ${Math.round((Date.parse(value) - Date.now()) / 60_000)} minutes`,
  ],
  [/\.(UserId|AssumedRoleId)$/, (value) => value.replace(/^([A-Z]{4})[A-Z0-9]{17}(?=:|$)/, '$1 and 17')],
  [/RequestId$/, () => 'an id'],
];

/** A field in which two answers differ; `undefined` where one does not have it. */
export interface Difference {
  readonly field: string;
  readonly emulator: string | undefined;
  readonly moto: string | undefined;
}

/** Whether a known difference explains this one: both sides are as it says, and alike in what it captures of them. */
export function explains(known: KnownDifference, { field, emulator, moto }: Difference): boolean {
  const ours = captured(known.emulator, emulator);
  const theirs = captured(known.moto, moto);
  if (!known.field.test(field) || ours === undefined || theirs === undefined) return false;
  return known.emulator === undefined || known.moto === undefined || ours === theirs;
}

/** What a pattern captures of a value, an empty text where nothing; `undefined` where it does not fit. */
function captured(pattern: RegExp | undefined, value: string | undefined): string | undefined {
  if (pattern === undefined) return value === undefined ? '' : undefined;
  const found = value === undefined ? null : pattern.exec(value);
  return found === null ? undefined : (found[1] ?? '');
}

/** Compares two answers field by field; what is made anew for each, by its form. */
export function differences(emulator: StsAnswer, moto: StsAnswer): readonly Difference[] {
  const read = ({ status, fields }: StsAnswer): Readonly<Record<string, string>> => ({
    status: String(status),
    ...Object.fromEntries(
      Object.entries(fields).map(([path, value]) => [
        path,
        shapes.find(([form]) => form.test(path))?.[1](value) ?? value,
      ]),
    ),
  });
  const [ours, theirs] = [read(emulator), read(moto)];
  return [...new Set([...Object.keys(ours), ...Object.keys(theirs)])]
    .filter((field) => ours[field] !== theirs[field])
    .map((field) => ({ field, emulator: ours[field], moto: theirs[field] }));
}
