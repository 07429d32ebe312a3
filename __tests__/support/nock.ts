import type { ClientRequest } from 'node:http';
import { afterEach, beforeEach } from '@jest/globals';
import library, { type Interceptor, type Options, type Scope } from 'nock';

// Jest's modules copy the functions of node:http when they are linked, so what sends requests is linked while nock holds them.
export const { connect } = await import('../../src/adapters/aws/aws.ts');
export const { openConnections } = await import('../../src/adapters/http/connections.ts');
export const { requestIdToken } = await import('../../src/adapters/github/id-token.ts');
export type { Interceptor, Scope };

// Node's http outlives a test file, and a file whose tests are all skipped runs no hook.
library.restore();

beforeEach(() => {
  library.activate();
  library.disableNetConnect();
});
afterEach(() => {
  library.cleanAll();
  library.restore();
});

/** A host that answers what it is given to answer, and nothing else, until the test ends. */
export function nock(host: string | RegExp, options?: Options): Scope {
  // As Node closes a request after its answer, which nock leaves out.
  return library(host, options).on('replied', (request: ClientRequest) => setImmediate(() => request.emit('close')));
}

/** Whether every answer was asked for. */
export const isDone = (): boolean => library.isDone();
