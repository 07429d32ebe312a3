import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Distance, Traffic } from './course.ts';

/** What was asked since the last time, and what it took on the lines. */
export interface Asked {
  readonly operations: readonly string[];
  readonly traffic: Traffic;
}

/** An emulator in a process of its own. */
export interface Connection {
  readonly environment: Readonly<Record<string, string>>;
  asked(): Promise<Asked>;
  close(): void;
}

export interface ConnectionOptions extends Distance {
  /** Milliseconds added to each answer. */
  readonly latency: number;
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

async function answer(server: ChildProcess): Promise<ReadonlyMap<string, unknown>> {
  const [message]: unknown[] = await once(server, 'message');
  return new Map(isObject(message) ? Object.entries(message) : []);
}

function trafficOf(value: unknown): Traffic {
  const counts = new Map<string, unknown>(isObject(value) ? Object.entries(value) : []);
  const count = (name: keyof Traffic): number => Number(counts.get(name));
  return {
    connections: count('connections'),
    handshakes: count('handshakes'),
    roundTrips: count('roundTrips'),
  };
}

/** Starts an emulator, so far away. */
export async function connect({ latency, tls, roundTrips }: ConnectionOptions): Promise<Connection> {
  const options = [latency, tls, ...(roundTrips ?? [])].map(String);
  const server = fork(fileURLToPath(new URL('./server.ts', import.meta.url)), options);
  const environment = (await answer(server)).get('environment');
  return {
    environment: Object.fromEntries(
      Object.entries(isObject(environment) ? environment : {}).map(([name, value]) => [name, String(value)]),
    ),
    async asked() {
      server.send('asked');
      const seen = await answer(server);
      const operations = seen.get('operations');
      return {
        operations: Array.isArray(operations) ? operations.map(String) : [],
        traffic: trafficOf(seen.get('traffic')),
      };
    },
    close: () => server.disconnect(),
  };
}
