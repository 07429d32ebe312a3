import { connect, createServer, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import type { SelfSigned } from '../__tests__/support/certificate.ts';
import type { Trip } from './line.ts';
import { type Listening, listen } from './listen.ts';

export interface FarEndOptions {
  /** The port on 127.0.0.1 that speaks plain HTTP. */
  readonly target: number;
  /** With it the far end speaks TLS 1.3. */
  readonly identity?: SelfSigned | undefined;
  readonly seen: (trip: Trip) => void;
}

/** The far end of all lines: takes TLS off and hands the bytes to a server of this machine. Counts handshakes, and answers by their first byte. */
export async function startFarEnd({ target, identity, seen }: FarEndOptions): Promise<Listening> {
  const open = new Set<Socket>();
  const serve = (client: Socket): void => {
    const service = connect({ port: target, host: '127.0.0.1', noDelay: true });
    for (const [socket, other] of [[client, service] as const, [service, client] as const]) {
      open.add(socket);
      socket.on('error', () => other.destroy());
      socket.on('close', () => open.delete(socket));
    }
    let asked = false;
    client.on('data', () => {
      asked = true;
    });
    service.on('data', () => {
      if (asked) seen('answer');
      asked = false;
    });
    client.pipe(service).pipe(client);
  };
  const server =
    identity === undefined
      ? createServer({ noDelay: true }, serve)
      : createTlsServer(
          { cert: identity.certificate, key: identity.key, minVersion: 'TLSv1.3', noDelay: true },
          (client) => {
            seen('handshake');
            serve(client);
          },
        );
  // A client that ends in the middle of a handshake is nobody's trouble.
  server.on('tlsClientError', () => undefined);
  return {
    port: await listen(server, '127.0.0.1'),
    close() {
      server.close();
      for (const socket of open) socket.destroy();
    },
  };
}
