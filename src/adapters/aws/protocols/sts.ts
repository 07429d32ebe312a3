import { AssumeRole$, AssumeRoleWithWebIdentity$, errorTypeRegistries, GetCallerIdentity$ } from '@aws-sdk/client-sts';
import { AwsQueryProtocol } from '@aws-sdk/core/protocols';
import { type Codec, codecOf } from './codec.ts';

/** The operations in use. */
export const operations = {
  assumeRole: AssumeRole$,
  assumeRoleWithWebIdentity: AssumeRoleWithWebIdentity$,
  getCallerIdentity: GetCallerIdentity$,
} as const;

/** AWS Query. https://docs.aws.amazon.com/STS/latest/APIReference/welcome.html */
export function openCodec(): Codec {
  return codecOf(
    new AwsQueryProtocol({
      defaultNamespace: 'com.amazonaws.sts',
      xmlNamespace: 'https://sts.amazonaws.com/doc/2011-06-15/',
      version: '2011-06-15',
      errorTypeRegistries,
    }),
  );
}
