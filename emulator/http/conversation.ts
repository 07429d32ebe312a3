import { setTimeout as wait } from 'node:timers/promises';
import type { RequestRecord } from '../contract.ts';
import { type Inbound, json, type Outbound, type Service } from './exchange.ts';
import type { Faults, Trouble } from './faults.ts';
import { plainStatus, WireError } from './wire-error.ts';

/** What a conversation needs, and the log that it adds to. */
export interface Conduct {
  readonly services: readonly Service[];
  readonly faults: Faults;
  readonly log: RequestRecord[];
  /** Milliseconds before every answer. */
  readonly latency: number;
}

/** How a conversation ends. */
export type Outcome =
  | { readonly kind: 'whole' | 'truncated'; readonly answer: Outbound; readonly error?: string }
  | { readonly kind: 'reset' }
  | { readonly kind: 'hang' };

async function honest(service: Service, request: Inbound): Promise<Outcome> {
  try {
    return { kind: 'whole', answer: await service.answer(request) };
  } catch (error) {
    const refusal =
      error instanceof WireError
        ? error
        : new WireError(500, 'InternalFailure', `The emulator failed: ${String(error)}`);
    return { kind: 'whole', answer: service.refuse(refusal), error: refusal.code };
  }
}

async function end(service: Service, request: Inbound, ending: Trouble['ending']): Promise<Outcome> {
  const refuse = (error: WireError): Outcome => ({ kind: 'whole', answer: service.refuse(error), error: error.code });
  switch (ending?.kind) {
    case undefined:
      return honest(service, request);
    case 'throttle':
      return refuse(service.throttle());
    case 'status':
      return refuse(plainStatus(ending.status));
    case 'error':
      return refuse(new WireError(ending.status, ending.code, ending.message));
    case 'body': {
      const { status, contentType, body } = ending;
      return { kind: 'whole', answer: { status, headers: { 'content-type': contentType }, body } };
    }
    case 'truncate': {
      const outcome = await honest(service, request);
      return 'answer' in outcome ? { ...outcome, kind: 'truncated' } : outcome;
    }
    case 'reset':
    case 'hang':
      return ending;
  }
}

function record(service: Service, request: Inbound, outcome: Outcome): RequestRecord {
  const userAgent = request.headers['user-agent'];
  // A request that got no answer is logged with status 0, and the way it ended as its error.
  const [status, error] = 'answer' in outcome ? [outcome.answer.status, outcome.error] : [0, outcome.kind];
  return {
    service: service.name,
    ...service.describe(request),
    method: request.method,
    path: request.path,
    status,
    ...(error === undefined ? {} : { error }),
    ...(userAgent === undefined ? {} : { userAgent }),
  };
}

/** Finds how a request ends, faults and latency included, and logs it. */
export async function converse(request: Inbound, { services, faults, log, latency }: Conduct): Promise<Outcome> {
  const service = services.find(({ name }) => request.path === `/${name}` || request.path.startsWith(`/${name}/`));
  if (!service) return { kind: 'whole', answer: json(404, { message: `There is nothing at ${request.path}.` }) };
  const trouble = faults.take(service.name, service.describe(request).operation);
  const milliseconds = latency + trouble.latency;
  // Unreferenced, so that an answer which nobody waits for any more does not keep the process alive.
  if (milliseconds > 0) await wait(milliseconds, undefined, { ref: false });
  const outcome = await end(service, request, trouble.ending);
  log.push(record(service, request, outcome));
  return outcome;
}
