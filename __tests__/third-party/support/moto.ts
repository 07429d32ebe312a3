import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { delimiter, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { pathOf, tools } from './tools.ts';

/** A running moto server with the account, the user and the roles of the tests' world. */
export interface Moto {
  readonly url: string;
  readonly bucket: string;
  readonly user: { readonly accessKeyId: string; readonly secretAccessKey: string };
  /** The id of a Cognito identity pool. */
  readonly pool: string;
  /** Has it check signatures and policies from now on, or take every request as it is. */
  check(what: 'everything' | 'nothing'): Promise<void>;
  close(): Promise<void>;
}

const world = fileURLToPath(new URL('moto.py', import.meta.url));

/** An environment for programs of the virtual environment, and nothing else of this machine's. */
export const pythonVariables = (): Readonly<Record<string, string>> => ({
  PATH: [pathOf(tools.python), process.env.PATH ?? ''].join(delimiter),
  // The AWS CLI asks instance metadata where it finds no credentials, and would wait for it.
  AWS_EC2_METADATA_DISABLED: 'true',
  AWS_PAGER: '',
});

export async function startMoto(): Promise<Moto> {
  const port = await freePort();
  const programs = pathOf(tools.python);
  const variables = pythonVariables();
  const server = spawn(join(programs, 'moto_server'), ['-H', '127.0.0.1', '-p', String(port)], {
    env: variables,
    stdio: 'ignore',
  });
  // Not left behind where a run is broken off.
  process.once('exit', () => server.kill());
  const url = `http://127.0.0.1:${port}`;
  const bucket = 'octo-artifacts';
  try {
    await answering(url, server);
    const printed = execFileSync(join(programs, 'python'), [world, url, bucket], { env: variables, encoding: 'utf8' });
    const { pool, ...user } = JSON.parse(printed);
    const moto: Moto = { url, bucket, user, pool, check: (what) => check(url, what), close: () => stop(server) };
    await moto.check('everything');
    return moto;
  } catch (error) {
    await stop(server);
    throw error;
  }
}

async function check(url: string, what: 'everything' | 'nothing'): Promise<void> {
  // The number of requests that go unchecked before it begins.
  const body = what === 'everything' ? '0' : 'inf';
  const answer = await fetch(`${url}/moto-api/reset-auth`, {
    method: 'POST',
    headers: { 'content-type': 'text/plain' },
    body,
  });
  if (!answer.ok) throw new Error(`moto answered ${answer.status} to reset-auth`);
}

async function answering(url: string, server: ChildProcess): Promise<void> {
  while (server.exitCode === null) {
    const answered = await fetch(`${url}/moto-api/data.json`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (answered) return;
    await wait(50);
  }
  throw new Error(`moto_server ended with ${server.exitCode}`);
}

async function stop(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const ended = once(server, 'exit');
  server.kill();
  await ended;
}

async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}
