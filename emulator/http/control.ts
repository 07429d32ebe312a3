import type { Fault, RequestRecord } from '../contract.ts';
import { mapping, whole } from '../world/shape.ts';
import { type Inbound, json, type Outbound } from './exchange.ts';
import { readFault } from './fault-form.ts';

/** What the control endpoint steers. */
export interface Controls {
  requests(): readonly RequestRecord[];
  fault(fault: Fault): void;
  limitLifetime(seconds: number | undefined): void;
  reset(): void;
}

const done: Outbound = { status: 204, headers: {}, body: '' };

function steer(act: () => void): Outbound {
  try {
    act();
    return done;
  } catch (error) {
    return json(400, { message: error instanceof Error ? error.message : String(error) });
  }
}

/** Reads `{"seconds":20}`; `{}` takes the limit away. */
function readLifetime(body: unknown): number | undefined {
  const { seconds } = mapping(body, 'the lifetime');
  return seconds === undefined ? undefined : whole(seconds, 'seconds');
}

/** Answers `/emulator/…`, by which the emulator is steered from another process; undefined for every other path. */
export function answerControl({ method, path, body }: Inbound, controls: Controls): Outbound | undefined {
  if (!path.startsWith('/emulator/')) return undefined;
  switch (`${method} ${path}`) {
    case 'GET /emulator/requests':
      return json(200, controls.requests());
    case 'POST /emulator/faults':
      return steer(() => controls.fault(readFault(JSON.parse(body))));
    case 'POST /emulator/lifetime':
      return steer(() => controls.limitLifetime(readLifetime(JSON.parse(body))));
    case 'POST /emulator/reset':
      controls.reset();
      return done;
    default:
      return json(404, { message: `${method} ${path} is not a control of the emulator.` });
  }
}
