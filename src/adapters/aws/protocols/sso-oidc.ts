import { CreateToken$, errorTypeRegistries } from '@aws-sdk/client-sso-oidc';
import { AwsRestJsonProtocol } from '@aws-sdk/core/protocols';
import { type Codec, codecOf } from './codec.ts';

/** The operation in use. */
export const operations = { createToken: CreateToken$ } as const;

/** AWS REST JSON. https://docs.aws.amazon.com/singlesignon/latest/OIDCAPIReference/Welcome.html */
export function openCodec(): Codec {
  return codecOf(new AwsRestJsonProtocol({ defaultNamespace: 'com.amazonaws.ssooidc', errorTypeRegistries }));
}
