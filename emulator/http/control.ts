import type { Fault, RequestRecord } from '../contract.ts';
import { type Inbound, json, type Outbound } from './exchange.ts';
import { readFault } from './fault-form.ts';

/** What the control endpoint steers. */
export interface Controls {
  requests(): readonly RequestRecord[];
  fault(fault: Fault): void;
  reset(): void;
}

const done: Outbound = { status: 204, headers: {}, body: '' };

function addFault(body: string, controls: Controls): Outbound {
  try {
    controls.fault(readFault(JSON.parse(body)));
    return done;
  } catch (error) {
    return json(400, { message: error instanceof Error ? error.message : String(error) });
  }
}

/** Answers `/emulator/…`, by which the emulator is steered from another process; undefined for every other path. */
export function answerControl({ method, path, body }: Inbound, controls: Controls): Outbound | undefined {
  if (!path.startsWith('/emulator/')) return undefined;
  switch (`${method} ${path}`) {
    case 'GET /emulator/requests':
      return json(200, controls.requests());
    case 'POST /emulator/faults':
      return addFault(body, controls);
    case 'POST /emulator/reset':
      controls.reset();
      return done;
    default:
      return json(404, { message: `${method} ${path} is not a control of the emulator.` });
  }
}
