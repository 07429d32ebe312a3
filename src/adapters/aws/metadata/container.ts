import type { Retrieved } from '../../../contract/credentials.ts';
import type { ContainerRequest } from '../../../contract/ports.ts';
import { readEndpointCredentials } from '../../../formats/endpoint-credentials.ts';
import { openConnections } from '../../http/connections.ts';
import type { HttpContext } from '../../http/context.ts';
import type { WireResponse } from '../../http/send.ts';
import { askEndpoint, checkExpiration, endpointRefused, invalidResponse } from './metadata-endpoint.ts';

/** Milliseconds to connect, and for a whole response. */
const timeouts = { connection: 1000, response: 10_000 } as const;

/**
 * The container's credentials, from ECS, EKS Pod Identity or another endpoint. Throws CredentialError.
 * https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html
 */
export async function getContainerCredentials(request: ContainerRequest, context: HttpContext): Promise<Retrieved> {
  const url = new URL(request.url);
  // Never the path: on ECS, the path alone gives access to the credentials.
  const name = `The credentials endpoint ${url.host} of ${request.origin}`;
  const { proxy: _proxy, ...direct } = context.network;
  const response = await askEndpoint({
    url,
    name,
    headers: {
      accept: 'application/json',
      ...(request.authorization === undefined ? {} : { authorization: request.authorization }),
    },
    // Only local addresses use http, and a proxy could not reach them.
    connections: url.protocol === 'http:' ? openConnections(direct) : await context.connections(),
    connectTimeoutMs: url.protocol === 'http:' ? timeouts.connection : 5 * timeouts.connection,
    timeoutMs: timeouts.response,
    attempts: context.network.attempts,
    onTimeout: 'retry',
    hint: `Check ${request.origin}, and that the endpoint is running.`,
    log: context.log,
  });
  if (response.status !== 200) throw endpointRefused(name, withoutPath(response, url), refusalHint(request));
  const read = readEndpointCredentials(response.body);
  if ('problem' in read) throw invalidResponse(name, read.problem);
  const { credentials, account } = read;
  checkExpiration(credentials.expiration, name);
  return account === undefined ? { credentials } : { credentials, identity: { account } };
}

/** The response without the path, which many servers quote in a 404. */
function withoutPath({ status, body }: WireResponse, { pathname, search }: URL): Pick<WireResponse, 'status' | 'body'> {
  const paths = [`${pathname}${search}`, pathname].filter(({ length }) => length > 1);
  // Shorter parts also occur in ordinary text.
  const parts = pathname.split('/').filter(({ length }) => length >= 16);
  return { status, body: [...paths, ...parts].reduce((rest, secret) => rest.replaceAll(secret, '***'), body) };
}

function refusalHint({ origin, authorization }: ContainerRequest): string {
  const token =
    authorization === undefined
      ? 'set AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE or AWS_CONTAINER_AUTHORIZATION_TOKEN if it requires a token'
      : 'that the token in AWS_CONTAINER_AUTHORIZATION_TOKEN(_FILE) is the one that it requires, and that the pod or the task has a role';
  return `Check ${origin}, and ${token}.`;
}
