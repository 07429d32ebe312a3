import aws4 from 'aws4';
import type { Emulator } from '../../../emulator/contract.ts';

export interface Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** A refusal by STS as it is on the wire. */
export interface Refusal {
  readonly status: number;
  readonly code: string | undefined;
  readonly message: string | undefined;
}

export const userKeys: Keys = {
  accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
};

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** The text of the first element of a name. */
export function element(xml: string, name: string): string | undefined {
  const found = new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1];
  return found?.replace(/&(\w+);/g, (whole, entity) => entities[entity] ?? whole);
}

/** What a test changes about a signed request: how it is signed, or what is sent after it was signed. */
export interface Signing {
  readonly region?: string;
  readonly service?: string;
  /** As in X-Amz-Date. */
  readonly date?: string;
  readonly tamper?: (sent: { headers: Record<string, string>; body: string }) => {
    headers: Record<string, string>;
    body: string;
  };
}

/** Posts a form to STS, signed where keys are given. */
export async function post(
  emulator: Emulator,
  form: Readonly<Record<string, string>>,
  keys?: Keys,
  { region = 'us-east-1', service = 'sts', date, tamper = (sent) => sent }: Signing = {},
): Promise<Response> {
  const url = new URL('/sts/', emulator.url);
  const body = new URLSearchParams({ Version: '2011-06-15', ...form }).toString();
  const plain: Record<string, string> = {
    host: url.host,
    'content-type': 'application/x-www-form-urlencoded',
    ...(date === undefined ? {} : { 'x-amz-date': date }),
  };
  const signed = keys
    ? aws4.sign({ method: 'POST', path: url.pathname, headers: plain, body, service, region }, keys).headers
    : plain;
  const sent = tamper({ headers: signed, body });
  return fetch(url, { method: 'POST', ...sent });
}

/** The same, for requests that are to be refused. */
export async function refusal(...request: Parameters<typeof post>): Promise<Refusal> {
  const response = await post(...request);
  const xml = await response.text();
  return { status: response.status, code: element(xml, 'Code'), message: element(xml, 'Message') };
}

/** The keys of a session that an answer hands out. */
export async function keysOf(answer: Promise<Response>): Promise<Keys> {
  const xml = await (await answer).text();
  const text = (name: string) => {
    const found = element(xml, name);
    if (found === undefined) throw new Error(`No ${name} in ${xml}`);
    return found;
  };
  return {
    accessKeyId: text('AccessKeyId'),
    secretAccessKey: text('SecretAccessKey'),
    sessionToken: text('SessionToken'),
  };
}

/** The keys of a session of a role that trusts GitHub. */
export async function webIdentityKeys(
  emulator: Emulator,
  RoleArn = 'arn:aws:iam::111111111111:role/deploy',
): Promise<Keys> {
  const WebIdentityToken = await emulator.idToken({ audience: 'sts.amazonaws.com' });
  return keysOf(
    post(emulator, { Action: 'AssumeRoleWithWebIdentity', RoleArn, RoleSessionName: 'first', WebIdentityToken }),
  );
}
