import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { connect } from 'node:net';
import type { Duplex } from 'node:stream';

/** A proxy on this machine, and what it was asked for. */
export interface TestProxy {
  /** `http://127.0.0.1:PORT`, without credentials. */
  readonly url: string;
  readonly address: string;
  /** `CONNECT host:port`, or method and path of a request that it passed on. */
  readonly requests: string[];
  close(): Promise<void>;
}

export interface ProxyOptions {
  /** `user:password`, without which it answers 407. */
  readonly credentials?: string;
  /** What it answers in place of passing anything on; `cut` ends the connection. */
  readonly answer?: number | 'cut';
  /** Where every tunnel ends, whatever host it was asked for: a port of this machine. */
  readonly port?: number;
}

/** Starts a proxy that tunnels by CONNECT and passes whole URLs on. */
export async function startProxy({ credentials, answer, port }: ProxyOptions = {}): Promise<TestProxy> {
  const requests: string[] = [];
  const expected = credentials && `Basic ${Buffer.from(credentials).toString('base64')}`;
  const refusal = (message: IncomingMessage) =>
    expected !== undefined && message.headers['proxy-authorization'] !== expected ? 407 : answer;
  const open = new Set<Duplex>();

  const server = createServer((message, response) => {
    requests.push(`${message.method} ${new URL(message.url ?? '').pathname}`);
    const refused = refusal(message);
    if (refused === 'cut') response.destroy();
    else if (refused === undefined) passOn(message, response);
    else response.writeHead(refused).end();
  });
  server.on('connection', (socket) => open.add(socket));
  server.on('connect', (message, socket: Duplex) => {
    requests.push(`CONNECT ${message.url}`);
    socket.on('error', () => socket.destroy());
    const refused = refusal(message);
    if (refused === 'cut') socket.destroy();
    else if (refused === undefined) tunnel(socket);
    else socket.end(`HTTP/1.1 ${refused} Refused\r\nContent-Length: 0\r\n\r\n`);
  });

  function tunnel(socket: Duplex): void {
    const far = connect(port ?? 0, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      far.pipe(socket).pipe(far);
    });
    far.on('error', () => socket.destroy());
    open.add(far);
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const place = server.address();
  const address = `127.0.0.1:${typeof place === 'object' && place !== null ? place.port : 0}`;
  return {
    url: `http://${address}`,
    address,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of open) socket.destroy();
      }),
  };
}

function passOn(message: IncomingMessage, response: ServerResponse): void {
  const { 'proxy-authorization': _credentials, ...headers } = message.headers;
  const onward = request(message.url ?? '', { method: message.method ?? 'GET', headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  onward.on('error', () => response.destroy());
  message.pipe(onward);
}
