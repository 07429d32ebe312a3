import { Sha256 } from '@smithy/core/checksum';
import { HttpRequest } from '@smithy/core/protocols';
import { SignatureV4 } from '@smithy/signature-v4';
import type { AwsCredentialIdentity } from '@smithy/types';
import type { Written } from './codec.ts';

/** Who signs, for what, and when. */
export interface Signing {
  readonly service: string;
  readonly region: string;
  readonly credentials: AwsCredentialIdentity;
  readonly date: Date;
}

/** The headers of the request with those of its signature: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html */
export async function sign(request: Written, signing: Signing): Promise<Written['headers']> {
  const { service, region, credentials, date } = signing;
  const { method, url, headers, body } = request;
  const { protocol, hostname, pathname: path, searchParams } = url;
  const query = Object.fromEntries(searchParams);
  const unsigned = new HttpRequest({ method, protocol, hostname, path, query, headers: { ...headers }, body });
  const signer = new SignatureV4({ service, region, credentials, sha256: Sha256 });
  const signed = await signer.sign(unsigned, { signingDate: date });
  return signed.headers;
}
