import { Sha256 } from '@smithy/core/checksum';
import { HttpRequest } from '@smithy/core/protocols';
import { SignatureV4 } from '@smithy/signature-v4';
import type { Credentials } from '../../../contract/credentials.ts';
import type { SerializedRequest } from './codec.ts';

/** Who signs, for what, and when. */
export interface Signing {
  readonly service: string;
  readonly region: string;
  readonly credentials: Credentials;
  readonly date: Date;
}

/** The headers of the request with those of its signature: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html */
export async function sign(request: SerializedRequest, signing: Signing): Promise<SerializedRequest['headers']> {
  const { service, region, credentials, date } = signing;
  const { method, url, headers, body } = request;
  const { protocol, hostname, pathname: path, searchParams } = url;
  const query = Object.fromEntries(searchParams);
  const unsigned = new HttpRequest({ method, protocol, hostname, path, query, headers: { ...headers }, body });
  const { accessKeyId, secretAccessKey, sessionToken } = credentials;
  const identity = { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) };
  const signer = new SignatureV4({ service, region, credentials: identity, sha256: Sha256 });
  const signed = await signer.sign(unsigned, { signingDate: date });
  return signed.headers;
}
