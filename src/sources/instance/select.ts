import { CredentialError } from '../../contract/errors.ts';
import type { Env } from '../../contract/ports.ts';
import { parseHttpUrl } from '../../formats/patterns.ts';
import { variableFlag } from '../../inputs/variable-flag.ts';
import { notApplicable, type Selection, type SourceContext } from '../source.ts';

/** The metadata service of the EC2 instance that the job runs on. */
export interface InstanceSource {
  readonly kind: 'instance';
  readonly endpoint: string;
  /** Whether it may be asked without a token, as version 1 of it was. */
  readonly versionOne: 'allowed' | 'disabled';
}

/** What the environment says of the metadata service. Throws INPUT_INVALID. */
export function selectInstance({ inputs, env, roles }: SourceContext): Selection<InstanceSource> {
  if (variableFlag('AWS_EC2_METADATA_DISABLED', env)) {
    return notApplicable(
      'AWS_EC2_METADATA_DISABLED is true',
      'Leave AWS_EC2_METADATA_DISABLED out on an EC2 instance.',
    );
  }
  // That machine is one of another cloud's, where another service has EC2's address.
  if (env.RUNNER_ENVIRONMENT === 'github-hosted' && !inputs.elements('source').includes('instance')) {
    return notApplicable('a runner of GitHub is no EC2 instance', 'Run the job on an EC2 instance that has a role.');
  }
  const versionOne = variableFlag('AWS_EC2_METADATA_V1_DISABLED', env) ? 'disabled' : 'allowed';
  const source: InstanceSource = { kind: 'instance', endpoint: readEndpoint(env), versionOne };
  return {
    source,
    because: 'this machine may be an EC2 instance',
    hops: roles,
    roleSession: true,
    mayBeEmpty: true,
  };
}

const endpoints: ReadonlyMap<string, string> = new Map([
  ['', 'http://169.254.169.254'],
  ['ipv4', 'http://169.254.169.254'],
  ['ipv6', 'http://[fd00:ec2::254]'],
]);

function readEndpoint(env: Env): string {
  const given = env.AWS_EC2_METADATA_SERVICE_ENDPOINT?.trim() ?? '';
  if (given !== '') return checkEndpointUrl(given);
  const endpoint = endpoints.get(env.AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE?.trim().toLowerCase() ?? '');
  if (endpoint !== undefined) return endpoint;
  throw invalidVariable(
    'AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE is neither IPv4 nor IPv6',
    'Set it to one of the two, or leave it out.',
  );
}

function checkEndpointUrl(text: string): string {
  const url = parseHttpUrl(text);
  if (url !== undefined && url.username + url.password + url.search + url.hash === '') return url.origin + url.pathname;
  throw invalidVariable(
    'AWS_EC2_METADATA_SERVICE_ENDPOINT is not the http or https URL of a service',
    'Write, for example, http://169.254.169.254, or leave it out.',
  );
}

function invalidVariable(problem: string, hint: string): CredentialError {
  return new CredentialError('INPUT_INVALID', problem, { hint });
}
