import type { Credentials } from '../contract/credentials.ts';
import type { ReadyDelivery } from './delivery.ts';

/** The session's credentials as outputs of the step. */
export const credentialOutputsDelivery: ReadyDelivery = {
  kind: 'credential-outputs',
  wanted: (inputs) => inputs.flag('output-credentials', false),

  deliver({ session }, { job }) {
    for (const [name, value] of Object.entries(outputsOf(session.credentials))) job.output(name, value);
    return 'credentials as outputs';
  },
};

function outputsOf({
  accessKeyId,
  secretAccessKey,
  sessionToken,
  expiration,
}: Credentials): Readonly<Record<string, string>> {
  return {
    'aws-access-key-id': accessKeyId,
    'aws-secret-access-key': secretAccessKey,
    'aws-session-token': sessionToken ?? '',
    'aws-expiration': expiration?.toISOString() ?? '',
  };
}
