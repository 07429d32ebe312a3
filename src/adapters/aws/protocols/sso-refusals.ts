import { errorTypeRegistries } from '@aws-sdk/client-sso';
import { AwsRestJsonProtocol } from '@aws-sdk/core/protocols';
import { type Codec, codecOf } from './codec.ts';

/** Reads the portal's errors: https://docs.aws.amazon.com/singlesignon/latest/PortalAPIReference/CommonErrors.html */
export function openCodec(): Codec {
  return codecOf(new AwsRestJsonProtocol({ defaultNamespace: 'com.amazonaws.sso', errorTypeRegistries }));
}
