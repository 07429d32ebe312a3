import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** An emulator in a process of its own. */
export interface Connection {
  readonly environment: Readonly<Record<string, string>>;
  /** The operations asked since the last time. */
  operations(): Promise<readonly string[]>;
  close(): void;
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

async function answer(server: ChildProcess): Promise<object> {
  const [message]: unknown[] = await once(server, 'message');
  return isObject(message) ? message : {};
}

/** Starts an emulator that takes so many milliseconds more for each answer. */
export async function connect(latency: number): Promise<Connection> {
  const server = fork(fileURLToPath(new URL('./server.ts', import.meta.url)), [String(latency)]);
  const hello = await answer(server);
  const environment = 'environment' in hello && isObject(hello.environment) ? Object.entries(hello.environment) : [];
  return {
    environment: Object.fromEntries(environment.map(([name, value]) => [name, String(value)])),
    async operations() {
      server.send('operations');
      const seen = await answer(server);
      return 'operations' in seen && Array.isArray(seen.operations) ? seen.operations.map(String) : [];
    },
    close: () => server.disconnect(),
  };
}
