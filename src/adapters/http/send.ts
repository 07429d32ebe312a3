import { type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Connections, HostRoute } from './connections.ts';
import { explainProxy, refusedByProxy } from './proxy-error.ts';

/** One request, whoever it is for. */
export interface WireRequest {
  readonly url: URL;
  /** GET where it is not said. */
  readonly method?: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
  readonly connections: Connections;
  /** Milliseconds for the whole answer, connecting included, or it fails with a TimeoutError. */
  readonly timeoutMs: number;
  /** Milliseconds within which the connection must stand, or it fails with ETIMEDOUT. */
  readonly connectTimeoutMs?: number | undefined;
}

/** A whole answer. */
export interface WireResponse {
  readonly status: number;
  /** By name in small letters; of those that come more than once, one text. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** An answer is some kilobytes. */
const sizeLimit = 1_048_576;

/** Makes one request. Throws what Node says, or CredentialError where a proxy is in the way. */
export async function send(request: WireRequest): Promise<WireResponse> {
  const route = request.connections.routeTo(request.url);
  const { proxy } = route;
  try {
    const answer = await exchange(request, route);
    if (proxy !== undefined && answer.status === 407) throw refusedByProxy(proxy);
    return answer;
  } catch (error) {
    throw proxy === undefined ? error : explainProxy(error, proxy);
  }
}

function exchange(wanted: WireRequest, { httpAgent, httpsAgent }: HostRoute): Promise<WireResponse> {
  const { url, method = 'GET', headers, body, timeoutMs, connectTimeoutMs } = wanted;
  const options = { method, headers: { 'user-agent': 'aws-credential-step', ...headers } };
  return new Promise((resolve, reject) => {
    const request =
      url.protocol === 'https:'
        ? httpsRequest(url, { ...options, agent: httpsAgent })
        : httpRequest(url, { ...options, agent: httpAgent });
    // First, for a request that is destroyed within its answer says no more than that it was aborted.
    const giveUp = (error: Error): void => {
      reject(error);
      request.destroy();
    };
    const message = `no whole answer within ${timeoutMs / 1000} s`;
    const late = setTimeout(() => giveUp(Object.assign(new Error(message), { name: 'TimeoutError' })), timeoutMs);
    if (connectTimeoutMs !== undefined) limitConnecting(request, connectTimeoutMs);
    const unanswered = (): void => reject(new Error('the connection was closed without an answer'));
    request
      .once('response', (response) => {
        // Its own end counts, which may come after the request's.
        request.off('close', unanswered);
        collect(response, resolve, giveUp);
      })
      .on('error', reject)
      .once('close', () => clearTimeout(late))
      // Of an answer that would switch protocols, Node says no more than this.
      .once('close', unanswered)
      .end(body);
  });
}

function collect(
  message: IncomingMessage,
  resolve: (answer: WireResponse) => void,
  giveUp: (error: Error) => void,
): void {
  const { statusCode: status = 0, headers } = message;
  let body = '';
  message
    .setEncoding('utf8')
    .on('data', (part: string) => {
      body += part;
      if (body.length > sizeLimit) giveUp(new Error('the answer is larger than 1 MiB'));
    })
    .on('error', giveUp)
    .on('end', () => resolve({ status, headers: headersOf(headers), body }));
}

function headersOf(headers: IncomingMessage['headers']): WireResponse['headers'] {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
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
