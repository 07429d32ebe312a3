import { type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Connections } from './connections.ts';
import { explainProxy, refusedByProxy } from './proxy-error.ts';

/** A GET request, or another that has no body. */
export interface GetRequest {
  readonly url: URL;
  /** GET where it is not said. */
  readonly method?: 'PUT';
  readonly headers: Readonly<Record<string, string>>;
  readonly connections: Connections;
  /** Gives the request up, whatever it waits for. */
  readonly signal: AbortSignal;
  /** Milliseconds within which the connection must stand, or it fails with ETIMEDOUT. */
  readonly connectWithin?: number;
}

/** A whole answer. */
export interface Answer {
  readonly status: number;
  readonly body: string;
}

/** An answer is some kilobytes. */
const sizeLimit = 1_048_576;

/** Makes one request. Throws what Node says, or CredentialError where a proxy is in the way. */
export async function get({ url, method, headers, connections, signal, connectWithin }: GetRequest): Promise<Answer> {
  const { proxy, httpAgent, httpsAgent } = connections.routeTo(url);
  const options = { method: method ?? 'GET', headers: { 'user-agent': 'aws-credential-step', ...headers }, signal };
  try {
    const message = await new Promise<IncomingMessage>((resolve, reject) => {
      const request =
        url.protocol === 'https:'
          ? httpsRequest(url, { ...options, agent: httpsAgent }, resolve)
          : httpRequest(url, { ...options, agent: httpAgent }, resolve);
      if (connectWithin !== undefined) limitConnecting(request, connectWithin);
      request.on('error', reject).end();
    });
    if (proxy !== undefined && message.statusCode === 407) throw refusedByProxy(proxy);
    return { status: message.statusCode ?? 0, body: await bodyOf(message) };
  } catch (error) {
    throw proxy === undefined ? error : explainProxy(error, proxy);
  }
}

async function bodyOf(message: IncomingMessage): Promise<string> {
  const parts: string[] = [];
  let length = 0;
  for await (const part of message.setEncoding('utf8')) {
    parts.push(String(part));
    length += String(part).length;
    if (length > sizeLimit) throw new Error('the answer is larger than 1 MiB');
  }
  return parts.join('');
}

function limitConnecting(request: ClientRequest, milliseconds: number): void {
  const error = Object.assign(new Error(`no connection within ${milliseconds} ms`), { code: 'ETIMEDOUT' });
  const late = setTimeout(() => request.destroy(error), milliseconds).unref();
  const stop = () => clearTimeout(late);
  request.once('close', stop).once('socket', (socket) => {
    if (socket.connecting) socket.once('connect', stop);
    else stop();
  });
}
