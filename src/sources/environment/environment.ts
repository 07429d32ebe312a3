import type { Credentials } from '../../contract/credentials.ts';
import { CredentialError } from '../../contract/errors.ts';
import type { Env, Host } from '../../contract/ports.ts';
import { type NotApplicable, notApplicable, type Strategy } from '../source.ts';

/** The keys that stand in the job's environment; read when they are retrieved, so that the plan holds no secret. */
export interface EnvironmentSource {
  readonly kind: 'environment';
}

const setKeysHint =
  'Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in the job, for example by an earlier use of this action.';

/** https://docs.aws.amazon.com/sdkref/latest/guide/feature-static-credentials.html */
export const environmentSource: Strategy<EnvironmentSource> = {
  kind: 'environment',
  claimRank: 2,
  claim: (inputs) => (inputs.flag('role-chaining', false) ? 'role-chaining' : undefined),

  select({ inputs, env, roles }) {
    const lack = missingKeys(env);
    if (lack !== undefined) return lack;
    const asked = environmentSource.claim(inputs) !== undefined || inputs.elements('source').includes('environment');
    if (!asked && inputs.flag('unset-current-credentials', false)) {
      return notApplicable(
        '"unset-current-credentials" blanks the keys that are set',
        'Set "role-chaining: true" to assume the role with them before they are blanked.',
      );
    }
    const because = environmentSource.claim(inputs)
      ? '"role-chaining" is true'
      : 'AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are set in the job';
    return { source: { kind: 'environment' }, because, hops: roles, roleSession: false };
  },

  describe: () => 'environment',
  retrieve: async (_source, { host }) => ({ credentials: credentialsIn(host) }),
};

/** Why the environment holds no credentials; undefined where it does. */
export function missingKeys(env: Env): NotApplicable | undefined {
  const lacking = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'].filter((name) => !env[name]);
  return lacking.length > 0 ? notApplicable(`${lacking.join(' and ')} not set`, setKeysHint) : undefined;
}

function credentialsIn(host: Host): Credentials {
  const accessKeyId = host.secret('AWS_ACCESS_KEY_ID');
  const secretAccessKey = host.secret('AWS_SECRET_ACCESS_KEY');
  const sessionToken = host.secret('AWS_SESSION_TOKEN');
  if (accessKeyId === undefined || secretAccessKey === undefined) {
    throw new CredentialError('NO_SOURCE', 'AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not both set', {
      hint: setKeysHint,
    });
  }
  const expiration = readExpiration(host);
  return {
    accessKeyId,
    secretAccessKey,
    sessionToken,
    expiration,
  };
}

function readExpiration(host: Host): Date | undefined {
  const text = host.env.AWS_CREDENTIAL_EXPIRATION;
  if (!text) return undefined;
  const expiration = new Date(text);
  if (Number.isNaN(expiration.getTime())) {
    throw new CredentialError('INPUT_INVALID', 'AWS_CREDENTIAL_EXPIRATION in the environment is not a date', {
      hint: 'Set it to an ISO 8601 date such as 2026-01-31T12:00:00Z, or leave it out.',
    });
  }
  if (expiration.getTime() <= host.now()) {
    throw new CredentialError(
      'TOKEN_EXPIRED',
      `The credentials in the environment ended at ${text} (AWS_CREDENTIAL_EXPIRATION)`,
      {
        hint: 'Get new ones before this step, or choose another "source".',
      },
    );
  }
  return expiration;
}
