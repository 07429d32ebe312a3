import { type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Connections, HostRoute } from './connections.ts';
import { explainProxy, refusedByProxy } from './proxy-error.ts';

/** One HTTP request. */
export interface WireRequest {
  readonly url: URL;
  /** The default is GET. */
  readonly method?: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
  readonly connections: Connections;
  /** Milliseconds until the whole response, including connecting; then a TimeoutError is thrown. */
  readonly timeoutMs: number;
  /** Milliseconds to connect; then an error with the code ETIMEDOUT is thrown. */
  readonly connectTimeoutMs?: number | undefined;
}

/** A whole HTTP response. */
export interface WireResponse {
  readonly status: number;
  /** By lowercase name; repeated headers are joined. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** In bytes; a response is a few kilobytes. */
const sizeLimit = 1_048_576;

/** Sends one request. Throws Node's error, or CredentialError if the proxy failed. */
export async function send(request: WireRequest): Promise<WireResponse> {
  const route = request.connections.routeTo(request.url);
  const { proxy } = route;
  try {
    const response = await exchange(request, route);
    if (proxy !== undefined && response.status === 407) throw refusedByProxy(proxy);
    return response;
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
    // Reject first: after `destroy()` Node reports only "aborted".
    const giveUp = (error: Error): void => {
      reject(error);
      request.destroy();
    };
    const message = `no complete response within ${timeoutMs / 1000} s`;
    const timer = setTimeout(() => giveUp(Object.assign(new Error(message), { name: 'TimeoutError' })), timeoutMs);
    if (connectTimeoutMs !== undefined) limitConnecting(request, connectTimeoutMs);
    const closed = (): void => reject(new Error('the connection was closed without a response'));
    request
      .once('response', (response) => {
        // From here on the response's end counts; the request may close earlier.
        request.off('close', closed);
        collect(response, resolve, giveUp);
      })
      .on('error', reject)
      .once('close', () => clearTimeout(timer))
      // The only event for a response that switches protocols.
      .once('close', closed)
      .end(body);
  });
}

function collect(
  message: IncomingMessage,
  resolve: (response: WireResponse) => void,
  giveUp: (error: Error) => void,
): void {
  const { statusCode: status = 0, headers } = message;
  let body = '';
  message
    .setEncoding('utf8')
    .on('data', (part: string) => {
      body += part;
      if (body.length > sizeLimit) giveUp(new Error('the response is larger than 1 MiB'));
    })
    .on('error', giveUp)
    .on('end', () => resolve({ status, headers: headersOf(headers), body }));
}

function headersOf(headers: IncomingMessage['headers']): WireResponse['headers'] {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
}

function limitConnecting(request: ClientRequest, milliseconds: number): void {
  const error = Object.assign(new Error(`no connection within ${milliseconds} ms`), { code: 'ETIMEDOUT' });
  const timer = setTimeout(() => request.destroy(error), milliseconds).unref();
  const stop = () => clearTimeout(timer);
  request.once('close', stop).once('socket', (socket) => {
    if (socket.connecting) socket.once('connect', stop);
    else stop();
  });
}
