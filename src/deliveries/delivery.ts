import { createHash } from 'node:crypto';
import type { Session } from '../credentials.ts';
import type { Inputs } from '../inputs.ts';
import type { Job, Machine } from '../ports.ts';

/** How to take back one effect; what post reads from the step's state. */
export type Undo = {
  readonly undo: 'restore';
  /** The variable. */
  readonly name: string;
  /** Digest of the value that this step set. */
  readonly ours: string;
  /** What stood there before; empty where nothing did. */
  readonly before: string;
};

/** What a delivery may touch. `record` saves how to undo an effect and must be called before the effect. */
export interface DeliveryEffects {
  readonly job: Job;
  readonly host: Machine;
  readonly inputs: Inputs;
  record(undo: readonly Undo[]): void;
}

/** One way to hand a session to the job: one file in this folder and one line in its registry. */
export interface Delivery {
  readonly kind: string;
  /** Whether the inputs ask for it. Throws INPUT_INVALID on junk. */
  wanted(inputs: Inputs): boolean;
  /** Returns what to say in the log, such as `environment variables`; never a secret. */
  deliver(parcel: Parcel, effects: DeliveryEffects): string;
}

/** What is delivered. */
export interface Parcel {
  readonly session: Session;
  /** The name of the source, for the output `credential-source`. */
  readonly source: string;
}

const secretNames: readonly string[] = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN'];

/** Sets variables of the job, once it is recorded how each is put back. */
export function exportVariables(
  variables: Readonly<Record<string, string>>,
  { job, host, record }: Omit<DeliveryEffects, 'inputs'>,
): void {
  const entries = Object.entries(variables);
  if (entries.length === 0) return;
  record(entries.map(([name, value]) => ({ undo: 'restore', name, ours: digest(value), before: before(name, host) })));
  for (const [name, value] of entries) job.exportVariable(name, value);
}

/** What stands in the variable now. The runner's debug log prints state, so secrets are masked on the way. */
function before(name: string, host: Machine): string {
  return (secretNames.includes(name) ? host.secret(name) : host.env[name]) ?? '';
}

/** Tells whether a value is the one that was set, without keeping it. */
export function digest(value: string): string {
  return createHash('sha256').update(value).digest('base64url');
}
