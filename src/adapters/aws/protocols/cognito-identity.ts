import {
  errorTypeRegistries,
  GetCredentialsForIdentity$,
  GetId$,
  GetOpenIdToken$,
} from '@aws-sdk/client-cognito-identity';
import { AwsJson1_1Protocol } from '@aws-sdk/core/protocols';
import { type Codec, codecOf } from './codec.ts';

/** The operations in use. */
export const operations = {
  getCredentialsForIdentity: GetCredentialsForIdentity$,
  getId: GetId$,
  getOpenIdToken: GetOpenIdToken$,
} as const;

/** AWS JSON 1.1. https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/Welcome.html */
export function openCodec(): Codec {
  return codecOf(
    new AwsJson1_1Protocol({
      defaultNamespace: 'com.amazonaws.cognitoidentity',
      errorTypeRegistries,
      serviceTarget: 'AWSCognitoIdentityService',
    }),
  );
}
