import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import type { Moto } from './moto.ts';

/** What passed on its way to moto: the key that signed it, the request, and how it was answered. */
export interface Passage {
  readonly signedBy: string | undefined;
  readonly line: string;
}

/** A door before moto that notes who passes. */
export interface WatchedMoto {
  readonly url: string;
  readonly passages: readonly Passage[];
  close(): Promise<void>;
}

/**
 * moto writes a query anew before it checks its signature, and so refuses each one that holds an escaped sign, such as
 * the prefix of a list. Those alone pass unchecked; every other request is checked.
 */
const mistaken = /\?.*%/;

export async function watch(moto: Moto): Promise<WatchedMoto> {
  const passages: Passage[] = [];
  // One after the other: what moto checks holds for all that it is asked.
  let last: Promise<void> = Promise.resolve();

  async function pass(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = 'GET', url = '/', headers } = message;
    const body = await buffer(message);
    const unchecked = mistaken.test(url);
    if (unchecked) await moto.check('nothing');
    const onward = request(new URL(url, moto.url), { method, headers });
    onward.end(body);
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      onward.once('response', resolve).once('error', reject);
    });
    const text = await buffer(answer);
    if (unchecked) await moto.check('everything');
    const signedBy = /Credential=(\w+)\//.exec(headers.authorization ?? '')?.[1];
    passages.push({ signedBy, line: `${method} ${url.replace(/\?.*/, '')} ${answer.statusCode}` });
    response.writeHead(answer.statusCode ?? 500, answer.headers).end(text);
  }

  const server = createServer((message, response) => {
    last = last.then(() => pass(message, response)).catch(() => void response.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    passages,
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
