import { createServer, Agent as HttpAgent, type RequestListener } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { expect, test } from '@jest/globals';
import { get } from '../../src/adapters/get.ts';

const httpsAgent = new HttpsAgent();
const signal = new AbortController().signal;

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
  await expect(get({ url, headers: {}, connections, signal, connectWithin: 20 })).rejects.toMatchObject({
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
      const late = { status: 200, body: 'late' };
      expect(await get({ url, headers: {}, connections, signal, connectWithin: 200 })).toEqual(late);
      expect(await get({ url, method: 'PUT', headers: {}, connections, signal, connectWithin: 200 })).toEqual(late);
    },
  );
  expect(seen).toEqual(['GET', 'PUT']);
  httpAgent.destroy();
});
