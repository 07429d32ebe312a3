import { createServer, Agent as HttpAgent, type RequestListener } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { expect, test } from '@jest/globals';
import { send } from '../../../src/adapters/http/send.ts';

const httpsAgent = new HttpsAgent();
const patience = 10_000;

/** Runs with a listener on this machine, at its address. */
async function listening(answer: RequestListener, use: (url: URL) => Promise<void>): Promise<void> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  try {
    await use(new URL(`http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/x`));
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

test('a connection that does not stand in time is given up', async () => {
  // A name that is never found, so that the connection is never made.
  const httpAgent = new HttpAgent({ lookup() {} });
  const connections = { routeTo: () => ({ httpAgent, httpsAgent }) };
  const url = new URL('http://nowhere.example/');
  await expect(
    send({ url, headers: {}, connections, timeoutMs: patience, connectTimeoutMs: 20 }),
  ).rejects.toMatchObject({
    code: 'ETIMEDOUT',
    message: 'no connection within 20 ms',
  });
});

test('one that stands is waited for, the first time and when it is used again', async () => {
  const httpAgent = new HttpAgent({ keepAlive: true });
  const connections = { routeTo: () => ({ httpAgent, httpsAgent }) };
  const seen: (string | undefined)[] = [];
  await listening(
    ({ method }, response) => {
      seen.push(method);
      setTimeout(() => response.end('late'), 300);
    },
    async (url) => {
      const late = expect.objectContaining({ status: 200, body: 'late' });
      expect(await send({ url, headers: {}, connections, timeoutMs: patience, connectTimeoutMs: 200 })).toEqual(late);
      expect(
        await send({ url, method: 'PUT', headers: {}, connections, timeoutMs: patience, connectTimeoutMs: 200 }),
      ).toEqual(late);
    },
  );
  expect(seen).toEqual(['GET', 'PUT']);
  httpAgent.destroy();
});

test('an answer that would switch protocols is none, and nobody waits for another', async () => {
  const httpAgent = new HttpAgent();
  const connections = { routeTo: () => ({ httpAgent, httpsAgent }) };
  await listening(
    ({ socket }) => void socket.end('HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n'),
    async (url) => {
      await expect(send({ url, headers: {}, connections, timeoutMs: patience })).rejects.toThrow(
        'closed without an answer',
      );
    },
  );
});

test('an answer without a length, which ends with its connection, is a whole one', async () => {
  const httpAgent = new HttpAgent({ keepAlive: true });
  const connections = { routeTo: () => ({ httpAgent, httpsAgent }) };
  const body = 'ä'.repeat(100_000);
  await listening(
    ({ socket }) => void socket.end(`HTTP/1.0 200 OK\r\n\r\n${body}`),
    async (url) =>
      expect(await send({ url, headers: {}, connections, timeoutMs: patience })).toMatchObject({ status: 200, body }),
  );
});
