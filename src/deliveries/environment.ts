import type { Session } from '../credentials.ts';
import type { Host } from '../ports.ts';
import { type Delivery, digest } from './delivery.ts';

const secretNames: readonly string[] = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN'];

/** Environment variables for the steps that follow. */
export const environment: Delivery = {
  kind: 'environment',
  wanted: (inputs) => inputs.flag('output-env-credentials', true),

  deliver({ session }, { job, host, record }) {
    const variables = Object.entries(variablesOf(session, host));
    record(
      variables.map(([name, value]) => ({ undo: 'restore', name, ours: digest(value), before: before(name, host) })),
    );
    for (const [name, value] of variables) job.exportVariable(name, value);
    return 'environment variables';
  },
};

function variablesOf({ credentials, region }: Session, host: Host): Readonly<Record<string, string>> {
  const { accessKeyId, secretAccessKey, sessionToken, expiration } = credentials;
  return {
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    // A token of earlier credentials beside new keys would break every request.
    ...(sessionToken || host.env.AWS_SESSION_TOKEN ? { AWS_SESSION_TOKEN: sessionToken ?? '' } : {}),
    // boto3 reads it beside the keys, so one that stands there must not outlive its credentials.
    ...(host.env.AWS_CREDENTIAL_EXPIRATION ? { AWS_CREDENTIAL_EXPIRATION: expiration?.toISOString() ?? '' } : {}),
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
  };
}

/** What stands in the variable now. The runner's debug log prints state, so secrets are masked on the way. */
function before(name: string, host: Host): string {
  return (secretNames.includes(name) ? host.secret(name) : host.env[name]) ?? '';
}
