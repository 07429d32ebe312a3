import type { Retrieved } from '../../../contract/credentials.ts';
import type { ContainerRequest } from '../../../contract/ports.ts';
import { readEndpointCredentials } from '../../../formats/endpoint-credentials.ts';
import { openConnections } from '../../http/connections.ts';
import type { HttpContext } from '../../http/context.ts';
import type { WireResponse } from '../../http/send.ts';
import { askEndpoint, checkExpiration, endpointRefused, invalidResponse } from './metadata-endpoint.ts';

/** Milliseconds to connect, which on one machine takes next to none, and for one whole answer. */
const timeouts = { connection: 1000, answer: 10_000 } as const;

/**
 * Asks ECS, EKS Pod Identity or another endpoint for the container's credentials.
 * https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html
 */
export async function getContainerCredentials(request: ContainerRequest, context: HttpContext): Promise<Retrieved> {
  const url = new URL(request.url);
  // The path stays out of what is said: of ECS it is all that is needed to be handed the credentials.
  const name = `The credentials endpoint ${url.host} of ${request.origin}`;
  const { proxy: _proxy, ...direct } = context.network;
  const answer = await askEndpoint({
    url,
    name,
    headers: {
      accept: 'application/json',
      ...(request.authorization === undefined ? {} : { authorization: request.authorization }),
    },
    // By http only hosts that are this machine, or next to it, are asked: no proxy could reach them.
    connections: url.protocol === 'http:' ? openConnections(direct) : await context.connections(),
    connectTimeoutMs: url.protocol === 'http:' ? timeouts.connection : 5 * timeouts.connection,
    timeoutMs: timeouts.answer,
    attempts: context.network.attempts,
    onTimeout: 'retry',
    hint: `Check ${request.origin}, and that what should listen there does.`,
    log: context.log,
  });
  if (answer.status !== 200) throw endpointRefused(name, withoutPath(answer, url), refusalHint(request));
  const read = readEndpointCredentials(answer.body);
  if ('problem' in read) throw invalidResponse(name, read.problem);
  const { credentials, account } = read;
  checkExpiration(credentials.expiration, name);
  return account === undefined ? { credentials } : { credentials, identity: { account } };
}

/** Many servers name the path that they do not know. */
function withoutPath({ status, body }: WireResponse, { pathname, search }: URL): Pick<WireResponse, 'status' | 'body'> {
  const paths = [`${pathname}${search}`, pathname].filter(({ length }) => length > 1);
  // Shorter parts are words of every text.
  const parts = pathname.split('/').filter(({ length }) => length >= 16);
  return { status, body: [...paths, ...parts].reduce((rest, secret) => rest.replaceAll(secret, '***'), body) };
}

function refusalHint({ origin, authorization }: ContainerRequest): string {
  const token =
    authorization === undefined
      ? 'set AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE or AWS_CONTAINER_AUTHORIZATION_TOKEN where it asks for a token'
      : 'that the token of AWS_CONTAINER_AUTHORIZATION_TOKEN(_FILE) is the one that it asks for, and that the pod or the task has a role';
  return `Check ${origin}, and ${token}.`;
}
