import type { RequestRecord } from '../contract.ts';
import type { WireError } from './wire-error.ts';

/** A request as it came in, read to its end. */
export interface Inbound {
  readonly method: string;
  /** Path and query as the client wrote them, which is what it signed. */
  readonly target: string;
  /** The target's path alone. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** By name in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** An answer, ready to be sent. */
export interface Outbound {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What a request is, known before it is answered: what the log keeps and what faults are chosen by. No secrets. */
export type Description = Pick<RequestRecord, 'operation' | 'parameters' | 'signedBy'>;

/** One emulated service. Its `answer` throws a WireError, which `refuse` then puts into the service's own form. */
export interface Service {
  readonly name: RequestRecord['service'];
  describe(request: Inbound): Description;
  answer(request: Inbound): Promise<Outbound>;
  refuse(error: WireError): Outbound;
  /** What it answers when it is asked too often. */
  throttle(): WireError;
}

export function json(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): Outbound {
  return { status, headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) };
}

/** The parameters that may be in the log: all but those named. */
export function loggable(parameters: URLSearchParams, secret: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries([...parameters].filter(([name]) => !secret.includes(name)));
}
