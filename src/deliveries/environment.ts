import type { Session } from '../contract/credentials.ts';
import type { Machine } from '../contract/ports.ts';
import { exportVariables, type ReadyDelivery, wantsEnvironment } from './delivery.ts';

/** Environment variables for the steps that follow. */
export const environmentDelivery: ReadyDelivery = {
  kind: 'environment',
  wanted: wantsEnvironment,

  deliver({ session }, effects) {
    exportVariables(variablesOf(session, effects.host), effects);
    return 'environment variables';
  },
};

function variablesOf({ credentials, region }: Session, host: Machine): Readonly<Record<string, string>> {
  const { accessKeyId, secretAccessKey, sessionToken, expiration } = credentials;
  return {
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    // A token of earlier credentials together with new keys would break every request.
    ...(sessionToken || host.env.AWS_SESSION_TOKEN ? { AWS_SESSION_TOKEN: sessionToken ?? '' } : {}),
    // boto3 reads it together with the keys, so an old value must not outlive its credentials.
    ...(host.env.AWS_CREDENTIAL_EXPIRATION ? { AWS_CREDENTIAL_EXPIRATION: expiration?.toISOString() ?? '' } : {}),
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
  };
}
