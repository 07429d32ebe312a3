import { CredentialError, messageOf } from '../../contract/errors.ts';
import type { Machine } from '../../contract/ports.ts';
import { secretsIn } from '../../formats/ini.ts';
import { composeConfig, profilesFromDefault, withoutDefault } from '../../formats/job-config.ts';
import { type Delivery, type DeliveryEffects, digest, exportVariables } from '../delivery.ts';
import { checkJobFolder, type MadeFolder, makeJobFolder, type RenewalRequest } from '../job-folder.ts';

/** Read by AWS tools before the config file, so they would take the place of the session. */
const blanked = [
  'AWS_ACCESS_KEY_ID',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'AWS_CREDENTIAL_EXPIRATION',
  'AWS_WEB_IDENTITY_TOKEN_FILE',
  'AWS_ROLE_ARN',
] as const;

/** An empty one breaks tools, and one that was not set would win over keys that a later step exports. */
const profileVariables = ['AWS_PROFILE', 'AWS_DEFAULT_PROFILE'] as const;

/**
 * A config file of the job's own, in which `[default]` is a process that renews the session.
 * https://docs.aws.amazon.com/sdkref/latest/guide/feature-process-credentials.html
 */
export function renewable(renewal: RenewalRequest): Delivery {
  return {
    kind: 'renewable',

    check(_inputs, host) {
      checkJobFolder(renewal, host);
      for (const file of ['config', 'credentials'] as const) textOf(file, host);
    },

    deliver({ session }, effects) {
      const { job, host } = effects;
      const config = textOf('config', host);
      const credentials = withoutDefault(textOf('credentials', host));
      const texts = (made: MadeFolder) => ({
        config: composeConfig(config, { region: session.region, credential_process: made.processLine() }),
        ...(credentials === undefined ? {} : { 'credentials-file': credentials }),
      });
      const folder = makeJobFolder(renewal, [{ session }], texts, effects);
      if (credentials !== undefined) exportCredentialsFile(folder.pathOf('credentials-file'), effects);
      const variables = { AWS_CONFIG_FILE: folder.pathOf('config'), ...variablesOf(session.region, host) };
      exportVariables(variables, effects);
      job.output('aws-config-file', folder.pathOf('config'));
      for (const profile of profilesFromDefault(config)) {
        job.warn(
          `The profile ${profile} has "source_profile = default": in this job it starts from the session of this step.`,
        );
      }
      return 'credentials that renew themselves';
    },
  };
}

/** Where it was not set, post names the usual file: the AWS CLI and boto3 read none if the variable is empty. */
function exportCredentialsFile(path: string, { job, host: { env, files }, record }: DeliveryEffects): void {
  const [name, usual] = places.credentials;
  record([{ undo: 'restore', name, ours: digest(path), before: env[name] || files.locate(usual) }]);
  job.exportVariable(name, path);
}

function variablesOf(region: string, { env }: Machine): Readonly<Record<string, string>> {
  const set = (names: readonly string[]): readonly string[] => names.filter((name) => env[name]);
  return {
    // The Go SDK v1 and the JavaScript SDK v2 read the config file only if this is set.
    AWS_SDK_LOAD_CONFIG: '1',
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    ...Object.fromEntries(set(blanked).map((name) => [name, ''])),
    ...Object.fromEntries(set(profileVariables).map((name) => [name, 'default'])),
  };
}

const places = {
  config: ['AWS_CONFIG_FILE', '~/.aws/config'],
  credentials: ['AWS_SHARED_CREDENTIALS_FILE', '~/.aws/credentials'],
} as const;

/** The user's file, its secrets masked; empty if there is none. Throws DELIVERY_FAILED. */
function textOf(file: keyof typeof places, { env, files, readSecret }: Machine): string {
  const [variable, usual] = places[file];
  const path = files.locate(env[variable] || usual);
  // People name it so that no file is read.
  if (path === '/dev/null') return '';
  try {
    const text = readSecret(path, 'followed', secretsIn);
    // What is not UTF-8 would not come out as it went in.
    if (!text.includes('\uFFFD')) return text;
  } catch (error) {
    if (isMissing(error)) return '';
    throw unreadable(path, variable, messageOf(error), error);
  }
  throw unreadable(path, variable, 'it is not UTF-8 text');
}

function isMissing(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOENT';
}

function unreadable(path: string, variable: string, reason: string, cause?: unknown): CredentialError {
  return new CredentialError(
    'DELIVERY_FAILED',
    `The file ${path}, which the job's own is made from, cannot be read: ${reason}`,
    {
      hint: `Let this user read it, or name another file in ${variable}.`,
      cause,
    },
  );
}
