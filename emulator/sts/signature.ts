import { createHash } from 'node:crypto';
import aws4 from 'aws4';
import type { Inbound } from '../http/exchange.ts';

/** What an Authorization header of Signature Version 4 says. */
export interface Signature {
  readonly accessKeyId: string;
  readonly day: string;
  readonly region: string;
  readonly service: string;
  readonly signedHeaders: readonly string[];
  readonly hexadecimal: string;
}

const form =
  /^AWS4-HMAC-SHA256 Credential=([\w]+)\/(\d{8})\/([^/,]*)\/([^/,]*)\/aws4_request, ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/;

/** Reads an Authorization header; undefined if it is of another kind. */
export function parseSignature(authorization: string): Signature | undefined {
  const [, accessKeyId, day, region, service, headers, hexadecimal] = form.exec(authorization) ?? [];
  if (accessKeyId === undefined || day === undefined || region === undefined || service === undefined) return undefined;
  if (headers === undefined || hexadecimal === undefined) return undefined;
  return { accessKeyId, day, region, service, signedHeaders: headers.split(';'), hexadecimal };
}

/** Whether a request, as it came in, bears the signature that the secret key gives it. */
export function isSignedWith(request: Inbound, signature: Signature, secretAccessKey: string): boolean {
  const names = signature.signedHeaders;
  const datetime = request.headers['x-amz-date'] ?? '';
  // A signature that leaves out the host or the date could be used elsewhere, or for ever.
  if (!names.includes('host') || !names.includes('x-amz-date') || !datetime.startsWith(signature.day)) return false;
  // aws4 takes this header's word for the body's hash.
  const claimed = request.headers['x-amz-content-sha256'];
  if (claimed !== undefined && claimed !== createHash('sha256').update(request.body).digest('hex')) return false;

  const signer = new aws4.RequestSigner(
    {
      method: request.method,
      path: request.target,
      headers: Object.fromEntries(names.map((name) => [name, request.headers[name] ?? ''])),
      body: request.body,
      service: signature.service,
      region: signature.region,
      doNotModifyHeaders: true,
      extraHeadersToInclude: Object.fromEntries(names.map((name) => [name, true])),
    },
    { accessKeyId: signature.accessKeyId, secretAccessKey },
  );
  signer.datetime = datetime;
  return signer.signature() === signature.hexadecimal;
}
