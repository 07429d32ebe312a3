import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { Agent as HttpAgent, IncomingMessage, type RequestOptions, request as requestByHttp } from 'node:http';
import { Agent as HttpsAgent, request as requestByHttps } from 'node:https';
import { connect, createServer } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { layCourse } from '../../bench/course.ts';
import { startLine, type Trip } from '../../bench/line.ts';
import { listen } from '../../bench/listen.ts';
import type { Emulator } from '../../emulator/contract.ts';
import { startEmulator } from '../../emulator/emulator.ts';

let emulator: Emulator;
const open: { close(): unknown }[] = [];
const kept = <T extends { close(): unknown }>(part: T): T => {
  open.push(part);
  return part;
};

beforeAll(async () => {
  emulator = kept(await startEmulator());
});

afterAll(async () => {
  for (const part of open.reverse()) await part.close();
});

/** Sends back all that it gets; `arrived` tells of the first bytes. */
async function echo(arrived: (bytes: string) => void = () => undefined): Promise<number> {
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy());
    socket.once('data', (bytes) => arrived(String(bytes)));
    socket.pipe(socket);
  });
  const port = await listen(server, '127.0.0.1');
  kept({ close: () => server.close() });
  return port;
}

/** Asks twice over one kept connection. */
async function askTwice(url: string, options: RequestOptions, client: typeof requestByHttp): Promise<void> {
  for (let time = 0; time < 2; time += 1) {
    const asked = client(url, options).end();
    const [answer]: unknown[] = await once(asked, 'response');
    if (!(answer instanceof IncomingMessage)) throw new Error('no answer');
    expect(await text(answer)).not.toBe('');
    await new Promise(setImmediate);
  }
}

test('a line carries all bytes in their order, and the end, both ways', async () => {
  const trips: Trip[] = [];
  const line = kept(await startLine({ roundTrip: 4, target: await echo(), seen: (trip) => trips.push(trip) }));
  const socket = connect(line.port, 'localhost');
  for (const part of ['one ', 'two ', 'three']) {
    socket.write(part);
    await new Promise(setImmediate);
  }
  socket.end();
  expect(await text(socket)).toBe('one two three');
  expect(trips).toEqual(['connection']);
});

test('a line holds what is sent for as long as it is: bytes that leave later on a short line are there first', async () => {
  const arrived: string[] = [];
  const target = await echo((bytes) => arrived.push(bytes));
  const seen = () => undefined;
  const long = kept(await startLine({ roundTrip: 60_000, target, seen }));
  const short = kept(await startLine({ roundTrip: 2, target, seen }));
  const first = connect(long.port, 'localhost');
  first.write('by the long line');
  await once(first, 'connect');
  const second = connect(short.port, 'localhost').end('by the short line');
  expect(await text(second)).toBe('by the short line');
  expect(arrived).toEqual(['by the short line']);
  first.destroy();
});

test('a connection that breaks off at one end breaks off at the other', async () => {
  const server = createServer((socket) => socket.once('data', () => socket.resetAndDestroy()));
  const target = await listen(server, '127.0.0.1');
  kept({ close: () => server.close() });
  const line = kept(await startLine({ roundTrip: 2, target, seen: () => undefined }));
  const socket = connect(line.port, 'localhost');
  socket.on('error', () => undefined).write('anyone there?');
  await once(socket, 'close');
  expect(socket.destroyed).toBe(true);
});

test('over TLS: one connection, one handshake and two requests are four round trips; each host has a line of its own', async () => {
  const course = kept(await layCourse(emulator.environment, { tls: true, roundTrips: [2, 2] }));
  const {
    AWS_ENDPOINT_URL_STS: sts = '',
    AWS_ENDPOINT_URL_SSO: sso = '',
    NODE_EXTRA_CA_CERTS = '',
  } = course.environment;
  const agent = new HttpsAgent({ keepAlive: true, ca: readFileSync(NODE_EXTRA_CA_CERTS) });
  await askTwice(sts, { agent }, requestByHttps);
  agent.destroy();
  expect(course.traffic()).toEqual({ connections: 1, handshakes: 1, roundTrips: 4 });
  expect(course.traffic()).toEqual({ connections: 0, handshakes: 0, roundTrips: 0 });
  expect(new URL(sts)).toEqual(
    expect.objectContaining({ protocol: 'https:', hostname: 'localhost', pathname: '/sts' }),
  );
  expect(new URL(sso).port).not.toBe(new URL(sts).port);
});

test('without TLS: one connection and two requests are three round trips', async () => {
  const course = kept(await layCourse(emulator.environment, { tls: false, roundTrips: [2, 2] }));
  const agent = new HttpAgent({ keepAlive: true });
  await askTwice(course.environment.AWS_ENDPOINT_URL_STS ?? '', { agent }, requestByHttp);
  agent.destroy();
  expect(course.traffic()).toEqual({ connections: 1, handshakes: 0, roundTrips: 3 });
  expect(course.environment).not.toHaveProperty('NODE_EXTRA_CA_CERTS');
});

test('with neither, nothing lies between a client and the emulator', async () => {
  const course = kept(await layCourse(emulator.environment, { tls: false }));
  expect(course.environment).toEqual(emulator.environment);
});
