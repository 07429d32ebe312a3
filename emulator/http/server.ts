import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { answerControl, type Controls } from './control.ts';
import { type Conduct, converse, type Outcome } from './conversation.ts';
import type { Inbound } from './exchange.ts';

async function read(message: IncomingMessage): Promise<Inbound> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(Buffer.from(chunk));
  const target = message.url ?? '/';
  const { pathname, searchParams } = new URL(target, 'http://emulator');
  return {
    method: message.method ?? 'GET',
    target,
    path: pathname,
    query: searchParams,
    headers: Object.fromEntries(Object.entries(message.headers).map(([name, value]) => [name, String(value)])),
    body: Buffer.concat(chunks).toString('utf8'),
  };
}

function send(outcome: Outcome, response: ServerResponse): void {
  if (outcome.kind === 'hang') return;
  if (outcome.kind === 'reset') {
    response.socket?.resetAndDestroy();
    return;
  }
  const body = Buffer.from(outcome.answer.body);
  response.writeHead(outcome.answer.status, { ...outcome.answer.headers, 'content-length': body.length });
  if (outcome.kind === 'whole') response.end(body);
  // Half of what the length promises, then the connection goes.
  else response.write(body.subarray(0, body.length / 2), () => response.destroy());
}

/** The server of all services and of the controls, not yet listening. */
export function createEmulatorServer(conduct: Conduct, controls: Controls): Server {
  return createServer((message, response) => {
    read(message)
      .then(async (request) => {
        const control = answerControl(request, controls);
        send(control ? { kind: 'whole', answer: control } : await converse(request, conduct), response);
      })
      // The client went away, or sent what is no request: there is nobody to answer.
      .catch(() => response.destroy());
  });
}

/** Starts to listen on the loopback address, and returns the port. */
export async function listen(server: Server, port: number): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : port;
}

/** Stops, and breaks off every connection that is still open, hanging ones too. */
export async function close(server: Server): Promise<void> {
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
