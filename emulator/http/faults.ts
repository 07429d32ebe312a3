import type { Fault, RequestRecord } from '../contract.ts';

export type Effect = Fault['effect'];
type Ending = Exclude<Effect, { readonly kind: 'latency' }>;

/** What waits for one request: how long, and how it ends if not well. */
export interface Trouble {
  readonly latency: number;
  readonly ending?: Ending;
}

/** The faults that are in force. */
export interface Faults {
  add(fault: Fault): void;
  clear(): void;
  /** Counts a request against the faults that match it. Latencies add up; of the others the oldest decides. */
  take(service: RequestRecord['service'], operation: string): Trouble;
}

function createFault(fault: Fault): (service: string, operation: string) => Effect | undefined {
  let toPass = fault.after ?? 0;
  let toHit = fault.times ?? Number.POSITIVE_INFINITY;
  return (service, operation) => {
    if (fault.service !== undefined && fault.service !== service) return undefined;
    if (fault.operation !== undefined && fault.operation !== operation) return undefined;
    if (toPass > 0) {
      toPass -= 1;
      return undefined;
    }
    if (toHit <= 0) return undefined;
    toHit -= 1;
    return fault.effect;
  };
}

export function createFaults(): Faults {
  const faults: ReturnType<typeof createFault>[] = [];
  return {
    add: (fault) => void faults.push(createFault(fault)),
    clear: () => void faults.splice(0),
    take: (service, operation) => {
      let latency = 0;
      for (const fault of faults) {
        const effect = fault(service, operation);
        if (effect === undefined) continue;
        if (effect.kind !== 'latency') return { latency, ending: effect };
        latency += effect.milliseconds;
      }
      return { latency };
    },
  };
}
