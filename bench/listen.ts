import type { Server } from 'node:net';

/** A server on this machine, and what ends it. */
export interface Listening {
  readonly port: number;
  close(): void;
}

/** Starts a server on a free port of the first address of `host`, and gives that port. */
export async function listen(server: Server, host: string): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, host, resolve);
  });
  const address = server.address();
  if (typeof address === 'object' && address !== null) return address.port;
  throw new Error('a server on this machine has no port');
}
