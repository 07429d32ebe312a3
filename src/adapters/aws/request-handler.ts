import { IncomingMessage } from 'node:http';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import type { Agents, Connections } from '../connections.ts';
import { explainProxy, refusedByProxy } from '../proxy-error.ts';

type Handle = NodeHttpHandler['handle'];

/** Milliseconds to connect, to wait for an answer or for more of it, and for the whole of it once it has begun. */
const patience = { connection: 5000, answer: 10_000, body: 10_000 } as const;

/** The SDK's own handler, with the agents of the way that each request goes. */
export function requestHandler(
  connections: Connections,
  bodyTimeout: number = patience.body,
): { readonly handle: Handle } {
  const handlers = new Map<Agents, NodeHttpHandler>();
  return {
    async handle(request, options) {
      const port = request.port === undefined ? '' : `:${request.port}`;
      const route = connections.routeTo(new URL(`${request.protocol}//${request.hostname}${port}`));
      const handler = handlers.get(route) ?? handlerFor(route);
      handlers.set(route, handler);
      const { proxy } = route;
      try {
        const output = await handler.handle(request, options);
        limit(output.response.body, bodyTimeout);
        if (proxy !== undefined && output.response.statusCode === 407) throw refusedByProxy(proxy);
        return output;
      } catch (error) {
        throw proxy === undefined ? error : explainProxy(error, proxy);
      }
    },
  };
}

function handlerFor({ httpAgent, httpsAgent }: Agents): NodeHttpHandler {
  return new NodeHttpHandler({
    httpAgent,
    httpsAgent,
    connectionTimeout: patience.connection,
    requestTimeout: patience.answer,
    socketTimeout: patience.answer,
    throwOnRequestTimeout: true,
  });
}

/** The SDK knows no limit for an answer that comes in drops. */
function limit(body: unknown, milliseconds: number): void {
  if (!(body instanceof IncomingMessage)) return;
  const message = `the answer was not complete within ${milliseconds / 1000} s`;
  const end = () => body.destroy(Object.assign(new Error(message), { name: 'TimeoutError' }));
  const late = setTimeout(end, milliseconds).unref();
  body.once('close', () => clearTimeout(late));
}
