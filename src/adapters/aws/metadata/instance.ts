import type { Credentials } from '../../../contract/credentials.ts';
import { CredentialError } from '../../../contract/errors.ts';
import type { InstanceRequest } from '../../../contract/ports.ts';
import { readEndpointCredentials, readEndpointError } from '../../../formats/endpoint-credentials.ts';
import { parseJsonObject } from '../../../formats/json.ts';
import { openConnections } from '../../http/connections.ts';
import type { HttpContext } from '../../http/context.ts';
import type { WireResponse } from '../../http/send.ts';
import {
  askEndpoint,
  checkExpiration,
  type EndpointRequest,
  endpointRefused,
  invalidResponse,
} from './metadata-endpoint.ts';

/** Milliseconds for the first answer, by which it is known whether this is an EC2 instance at all; and for the others. */
const timeouts = { first: 800, other: 5000 } as const;

/** The service, as it is asked: what all requests to it have in common. */
type MetadataService = Pick<EndpointRequest, 'name' | 'hint' | 'log' | 'connections'> & { readonly attempts: number };

const noInstance =
  'Name a "source" that this machine has. On an EC2 instance, see that its metadata service is on, and in a container on it that the hop limit is 2 or more.';

/**
 * Asks the metadata service of EC2 for the credentials of the instance's role; straight, for no proxy reaches it.
 * https://docs.aws.amazon.com/sdkref/latest/guide/feature-imds-credentials.html
 */
export async function getInstanceCredentials(request: InstanceRequest, context: HttpContext): Promise<Credentials> {
  const { proxy: _proxy, ...direct } = context.network;
  const base = request.endpoint.replace(/\/$/, '');
  const service: MetadataService = {
    name: `The instance metadata service at ${new URL(base).host}`,
    hint: noInstance,
    attempts: context.network.attempts,
    connections: openConnections(direct),
    log: context.log,
  };
  const token = await requestToken(base, service);
  if ('refused' in token && request.versionOne === 'disabled') throw versionOneDisabled(service, token.refused);
  if ('token' in token) context.mask(token.token);
  const headers = 'token' in token ? { 'x-aws-ec2-metadata-token': token.token } : {};
  const ask = (path: string): Promise<WireResponse> =>
    askEndpoint({
      ...service,
      url: new URL(base + path),
      headers,
      onTimeout: 'retry',
      timeoutMs: timeouts.other,
    });
  const roles = '/latest/meta-data/iam/security-credentials/';
  const role = roleIn(await ask(roles), service);
  return credentialsIn(await ask(roles + role), role, service);
}

/** The token of version 2 of the service; or the status by which it says that it has none to give. */
async function requestToken(
  base: string,
  service: MetadataService,
): Promise<{ readonly token: string } | { readonly refused: number }> {
  const { status, body } = await askEndpoint({
    ...service,
    url: new URL(`${base}/latest/api/token`),
    method: 'PUT',
    headers: { 'x-aws-ec2-metadata-token-ttl-seconds': '21600' },
    attempts: Math.min(3, service.attempts),
    onTimeout: 'permanent',
    timeoutMs: timeouts.first,
  }).catch((error: unknown) => {
    throw noAnswer(error, service);
  });
  switch (status) {
    case 200:
      if (/^[\x21-\x7e]{1,4096}$/.test(body)) return { token: body };
      throw invalidResponse(service.name, 'is no token');
    case 403:
    case 404:
    case 405:
      return { refused: status };
    default:
      if (status < 400 || status === 429 || status >= 500)
        throw endpointRefused(service.name, { status, body }, noInstance);
      // Other clouds have something of their own at this address.
      throw noCredentials(`${service.name} is not one of EC2 (HTTP ${status})`);
  }
}

/** Whatever kept the first answer away: there is nobody to ask. What is no answer of this service's stays an error. */
function noAnswer(error: unknown, { name }: MetadataService): unknown {
  if (!(error instanceof CredentialError) || error.code === 'PROTOCOL_ERROR') return error;
  return error.code === 'NO_SOURCE' ? error : noCredentials(`${name} does not answer`, error);
}

function versionOneDisabled({ name }: MetadataService, status: number): CredentialError {
  return new CredentialError(
    'NO_SOURCE',
    `${name} gives no token (HTTP ${status}), and AWS_EC2_METADATA_V1_DISABLED is true`,
    {
      hint: 'Turn the metadata service of the instance on, or leave AWS_EC2_METADATA_V1_DISABLED out to ask it without a token.',
    },
  );
}

function noCredentials(message: string, cause?: unknown): CredentialError {
  return new CredentialError('NO_SOURCE', message, { hint: noInstance, cause });
}

/** The name of the instance's role. */
function roleIn(answer: WireResponse, { name }: MetadataService): string {
  const { status, body } = answer;
  if (status === 404 || (status === 200 && body.trim() === '')) {
    throw new CredentialError('NO_SOURCE', `${name} has no role for this instance`, {
      hint: 'Attach an instance profile with a role to the EC2 instance, or name another "source".',
    });
  }
  // So it answers where it is turned off for the instance.
  if (status === 403) throw noCredentials(`${name} is turned off (HTTP 403)`);
  if (status !== 200)
    throw endpointRefused(name, answer, 'Allow this runner to ask it, with a token where one is required.');
  const role = body.trim().split('\n')[0]?.trimEnd() ?? '';
  if (/^[\w+=,.@-]{1,64}$/.test(role)) return role;
  throw invalidResponse(name, 'is no name of a role');
}

function credentialsIn(answer: WireResponse, role: string, { name }: MetadataService): Credentials {
  const hint = `Check that the role ${role} exists and trusts ec2.amazonaws.com; a new instance profile takes a minute to spread.`;
  if (answer.status !== 200) throw endpointRefused(name, answer, hint);
  const code = parseJsonObject(answer.body)?.get('Code');
  if (code !== undefined && code !== 'Success') {
    const message = `${name} has no credentials of the role ${role} (${readEndpointError(answer.body) || 'without a reason'})`;
    throw new CredentialError('ACCESS_DENIED', message, { hint });
  }
  const read = readEndpointCredentials(answer.body);
  if ('problem' in read) throw invalidResponse(name, read.problem);
  const { sessionToken, expiration } = read.credentials;
  if (sessionToken === undefined || expiration === undefined) throw invalidResponse(name, 'lacks Token or Expiration');
  checkExpiration(expiration, name);
  return read.credentials;
}
