import { connect, createServer, type Socket } from 'node:net';
import { type Listening, listen } from './listen.ts';

/** What happens on a line. Each costs the client one round trip (the handshake is that of TLS 1.3). */
export type Trip = 'connection' | 'handshake' | 'answer';

export interface LineOptions {
  /** Milliseconds to the far end and back. */
  readonly roundTrip: number;
  /** The port of the far end on 127.0.0.1. */
  readonly target: number;
  readonly seen: (trip: Trip) => void;
}

/** Passes on bytes, the end and a break-off of one direction in their order, each at the time that `due` gives for now. */
function carry(from: Socket, to: Socket, due: (now: number) => number): void {
  const waiting: (() => void)[] = [];
  // Timers of different lengths may fire in another order than they were set, so each takes what has waited longest.
  const later = (action: () => void): void => {
    waiting.push(action);
    const now = performance.now();
    const wait = Math.round(due(now) - now);
    if (wait === 0) waiting.shift()?.();
    else setTimeout(() => waiting.shift()?.(), wait).unref();
  };
  from.on('data', (chunk) => later(() => to.write(chunk)));
  from.on('end', () => later(() => to.end()));
  from.on('error', () => later(() => to.destroy()));
}

/**
 * A line of a length, to be reached at localhost. Half a round trip goes by before bytes arrive, in each direction. The
 * kernel connects at once, so what a client sends leaves no sooner than one round trip after that, when a connection would be.
 * It has no limit of speed and loses nothing; timers make it precise to a millisecond.
 */
export async function startLine({ roundTrip, target, seen }: LineOptions): Promise<Listening> {
  const open = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (near) => {
    seen('connection');
    const far = connect({ port: target, host: '127.0.0.1', allowHalfOpen: true, noDelay: true });
    for (const socket of [near, far]) {
      open.add(socket);
      socket.on('close', () => open.delete(socket));
    }
    const connected = performance.now() + roundTrip;
    carry(near, far, (now) => Math.max(now, connected) + roundTrip / 2);
    carry(far, near, (now) => now + roundTrip / 2);
  });
  return {
    port: await listen(server, 'localhost'),
    close() {
      server.close();
      for (const socket of open) socket.destroy();
    },
  };
}
