import { IncomingMessage } from 'node:http';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import type { Agents, Connections } from '../connections.ts';
import { explainProxy, refusedByProxy } from '../proxy-error.ts';

type Handle = NodeHttpHandler['handle'];

/** An answer is some kilobytes. */
const sizeLimit = 1_048_576;

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
        limitSize(output.response.body);
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

/** Nor one for an answer that does not end. Counted once somebody reads it: to listen before that would set it off. */
function limitSize(body: unknown): void {
  if (!(body instanceof IncomingMessage)) return;
  let length = 0;
  body.once('resume', () =>
    body.on('data', (part: Buffer) => {
      length += part.length;
      if (length > sizeLimit) body.destroy(new Error('the answer is larger than 1 MiB'));
    }),
  );
}
