import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { parseJsonObject } from './json.ts';

/** The sealing key, and the only workflow run that can open the session; '' for what the runner does not set. */
export interface Sealing {
  readonly key: string;
  /** GitHub's URL. */
  readonly server: string;
  /** The repository's ID. */
  readonly repository: string;
  /** The run's ID; the same in every attempt. */
  readonly run: string;
}

/** The content of a sealed session. */
export interface SealedSession {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
  /** ISO 8601. */
  readonly expiration?: string | undefined;
  readonly account: string;
  readonly arn?: string | undefined;
  readonly region: string;
  /** The ID of the job that sealed it; '' if it had none. */
  readonly job: string;
}

const version = 'v1';
const algorithm = 'aes-256-gcm';
const saltLength = 16;
const ivLength = 12;
const tagLength = 16;
const overhead = saltLength + ivLength + tagLength;

/** `v1.` and base64url of salt, IV, ciphertext and tag; a different text at each call. */
export function seal(session: SealedSession, sealing: Sealing): string {
  const salt = randomBytes(saltLength);
  const iv = randomBytes(ivLength);
  const cipher = createCipheriv(algorithm, deriveKey(sealing, salt), iv, { authTagLength: tagLength });
  cipher.setAAD(boundTo(sealing));
  const ciphertext = Buffer.concat([cipher.update(JSON.stringify(session), 'utf8'), cipher.final()]);
  return `${version}.${Buffer.concat([salt, iv, ciphertext, cipher.getAuthTag()]).toString('base64url')}`;
}

/** The sealed session, or undefined if it cannot be opened; the cause is not revealed. Never throws. */
export function open(text: string, sealing: Sealing): SealedSession | undefined {
  const [prefix, body = '', ...rest] = text.split('.');
  const bytes = Buffer.from(body, 'base64url');
  // Decoding is lenient; accept only the canonical text of the bytes.
  const canonical = prefix === version && rest.length === 0 && bytes.toString('base64url') === body;
  if (!canonical || bytes.length < overhead) return undefined;
  try {
    return parse(decrypt(bytes, sealing));
  } catch {
    return undefined;
  }
}

function decrypt(bytes: Buffer, sealing: Sealing): string {
  const salt = bytes.subarray(0, saltLength);
  const iv = bytes.subarray(saltLength, saltLength + ivLength);
  const decipher = createDecipheriv(algorithm, deriveKey(sealing, salt), iv, { authTagLength: tagLength });
  decipher.setAAD(boundTo(sealing));
  decipher.setAuthTag(bytes.subarray(-tagLength));
  const text = decipher.update(bytes.subarray(saltLength + ivLength, -tagLength));
  return Buffer.concat([text, decipher.final()]).toString('utf8');
}

/** A new salt gives each text its own key. https://www.rfc-editor.org/rfc/rfc5869 */
function deriveKey({ key }: Sealing, salt: Uint8Array): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', key, salt, 'aws-credential-step sealed session', 32));
}

/** A JSON array is unambiguous: different runs never give the same bytes. */
function boundTo({ server, repository, run }: Sealing): Buffer {
  return Buffer.from(JSON.stringify([version, server, repository, run]));
}

function parse(json: string): SealedSession | undefined {
  const fields = parseJsonObject(json) ?? new Map<string, unknown>();
  const text = (name: keyof SealedSession): string | undefined => {
    const value = fields.get(name);
    return typeof value === 'string' ? value : undefined;
  };
  const [accessKeyId, secretAccessKey, sessionToken] = [
    text('accessKeyId'),
    text('secretAccessKey'),
    text('sessionToken'),
  ];
  const [account, arn, region, job] = [text('account'), text('arn'), text('region'), text('job')];
  const expiration = text('expiration');
  if (!accessKeyId || !secretAccessKey || account === undefined || !region || job === undefined) return undefined;
  if (expiration !== undefined && Number.isNaN(Date.parse(expiration))) return undefined;
  return {
    accessKeyId,
    secretAccessKey,
    sessionToken,
    expiration,
    account,
    arn,
    region,
    job,
  };
}
