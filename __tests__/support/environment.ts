import dns from 'node:dns';
import http from 'node:http';
import https from 'node:https';
import net from 'node:net';
import tls from 'node:tls';
import type { Circus } from '@jest/types';
import { TestEnvironment } from 'jest-environment-node';
import { guardNetwork } from '../../emulator/runner/loopback.cjs';

/** What a file of tests can replace and leave so to the next file of its worker: Node's own modules outlive it. */
const shared: readonly (readonly [holder: string, object: object, names: readonly string[]])[] = [
  ['dns', dns, ['lookup']],
  ['dns.promises', dns.promises, ['lookup']],
  ['http', http, ['request', 'get', 'ClientRequest']],
  ['http.Agent.prototype', http.Agent.prototype, ['addRequest', 'createConnection']],
  ['https', https, ['request', 'get']],
  ['net', net, ['connect', 'createConnection']],
  ['net.Socket.prototype', net.Socket.prototype, ['connect']],
  ['tls', tls, ['connect']],
  ['tls.TLSSocket.prototype', tls.TLSSocket.prototype, ['_wrapHandle', '_start']],
];

/** Remembers them. What it returns puts back those that changed since, and names them. */
function remember(): () => readonly string[] {
  const members = shared.flatMap(([holder, object, names]) =>
    names.map((name) => ({ path: `${holder}.${name}`, object, name, original: Reflect.get(object, name) })),
  );
  return () =>
    members
      .filter(({ object, name, original }) => Reflect.get(object, name) !== original)
      .map(({ path, object, name, original }) => {
        Reflect.set(object, name, original);
        return path;
      });
}

/** Node's environment without a network; a file that asks for one, or leaves Node's own modules changed, fails. */
export default class LoopbackEnvironment extends TestEnvironment {
  readonly #reached: string[] = [];
  #restore: () => readonly string[] = () => [];
  #release = (): void => {};

  override async setup(): Promise<void> {
    await super.setup();
    this.#release = guardNetwork((host) => void this.#reached.push(host));
    this.#restore = remember();
  }

  override async teardown(): Promise<void> {
    this.#restore();
    this.#release();
    await super.teardown();
  }

  async handleTestEvent(event: Circus.AsyncEvent, state: Circus.State): Promise<void> {
    if (event.name === 'test_fn_success' || event.name === 'test_fn_failure')
      event.test.errors.push(...this.#refusals());
    if (event.name !== 'run_finish') return;
    const left = this.#restore().map((path) => errorOf(`This file leaves ${path} patched.`));
    state.unhandledErrors.push(...this.#refusals(), ...left);
  }

  #refusals(): readonly Error[] {
    return this.#reached.splice(0).map((host) => errorOf(`Tests reach loopback only: ${host} was asked for.`));
  }
}

/** An error whose trace says nothing: it was made here, not where the fault is. */
function errorOf(message: string): Error {
  return Object.assign(new Error(message), { stack: message });
}
