import { createHash } from 'node:crypto';
import type { Identity, ProfileSession, Session } from '../contract/credentials.ts';
import type { Job, Machine } from '../contract/ports.ts';
import type { Inputs } from '../inputs/inputs.ts';

/** How to take back one effect; what post reads from the step's state. */
export type Undo = UndoRestore | UndoSection | UndoDiscard | UndoFolder | UndoJobFolder;

/** Puts a variable back. */
export interface UndoRestore {
  readonly undo: 'restore';
  /** The variable. */
  readonly name: string;
  /** Digest of the value that this step set. */
  readonly ours: string;
  /** The value before; empty if the variable was not set. */
  readonly before: string;
}

/** Removes a section from a file, or restores the one that it replaced. */
export interface UndoSection {
  readonly undo: 'section';
  readonly path: string;
  readonly header: string;
  /** Digest of the section that this step wrote. */
  readonly ours: string;
  /** The replaced section, its secrets masked; empty if there was none. */
  readonly before: string;
  /** The line end that went before the section. */
  readonly joint: string;
  /** A file without a byte: where none was there, one that is emptied goes. */
  readonly empty: 'kept' | 'removed';
  /** What the step calls itself in its locks. */
  readonly owner: string;
}

/** Begins the comment in a section that this action has written and will take back. */
export const marker = 'aws-credential-step';

/** Removes what is left of an edit that was killed. */
export interface UndoDiscard {
  readonly undo: 'discard';
  readonly path: string;
  readonly owner: string;
}

/** Removes a folder that this step made, where nothing else has come into it. */
export interface UndoFolder {
  readonly undo: 'folder';
  readonly path: string;
}

/** Removes the folder by which later steps got their credentials, once its journal has been summarized. */
export interface UndoJobFolder {
  readonly undo: 'job-folder';
  readonly path: string;
  /** The names of what is in it, a line each, those of folders with `/` at their end. */
  readonly names: string;
}

/** What a delivery may touch. `record` saves how to undo an effect and must be called before the effect. */
export interface DeliveryEffects {
  readonly job: Job;
  readonly host: Machine;
  readonly inputs: Inputs;
  record(undo: readonly Undo[]): void;
}

/** What the inputs may ask for: one file in this folder and one line in its registry. */
interface WantedBy {
  readonly kind: string;
  /** Whether the inputs ask for it. Throws INPUT_INVALID if an input is invalid. */
  wanted(inputs: Inputs): boolean;
}

/** One way to hand the sessions of `profiles` to the job. */
export interface ProfilesDelivery extends Pick<Delivery, 'kind' | 'check'> {
  /** Returns what to say in the log; never a secret. */
  deliverProfiles(parcel: DeliveredProfiles, effects: DeliveryEffects): string;
}

/** What a step may ask for. */
export type AnyDelivery = Delivery | ProfilesDelivery;

/** A delivery that is loaded at the start. */
export type ReadyDelivery = WantedBy & Delivery;

/** A delivery that few steps need, and that is loaded by those. */
export interface LoadedDelivery extends WantedBy {
  load(inputs: Inputs): Promise<AnyDelivery>;
}

/** One way to hand a session to the job. */
export interface Delivery {
  readonly kind: string;
  /** Looks, before any request, whether the machine lets it be made. Throws CredentialError. */
  check?(inputs: Inputs, host: Machine): void;
  /** Returns what to say in the log, such as `environment variables`; never a secret. */
  deliver(parcel: Delivered, effects: DeliveryEffects): string;
}

/** What is delivered. */
export interface Delivered {
  readonly session: Session;
  /** The name of the source, for the output `credential-source`. */
  readonly source: string;
}

/** What is delivered of several profiles. */
export interface DeliveredProfiles extends Pick<Delivered, 'source'> {
  readonly profiles: readonly ProfileSession[];
  /** The region of the step. */
  readonly region: string;
  /** Who the shared role's session is; absent: no role is shared. */
  readonly identity?: Identity | undefined;
  /** The session that the profiles start from; absent: they start from a token. */
  readonly session?: Session | undefined;
}

const secretNames: readonly string[] = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN'];

/** Sets variables of the job, once it is recorded how each is put back. */
export function exportVariables(
  variables: Readonly<Record<string, string>>,
  { job, host, record }: Omit<DeliveryEffects, 'inputs'>,
): void {
  const entries = Object.entries(variables);
  if (entries.length === 0) return;
  record(
    entries.map(([name, value]): UndoRestore => {
      return { undo: 'restore', name, ours: digest(value), before: valueBefore(name, host) };
    }),
  );
  for (const [name, value] of entries) job.exportVariable(name, value);
}

/** Whether the job's environment is to hold the credentials: by default, if no profile does. Throws INPUT_INVALID. */
export function wantsEnvironment(inputs: Inputs): boolean {
  return inputs.flag(
    'output-env-credentials',
    inputs.optional('aws-profile') === undefined && inputs.optional('profiles') === undefined,
  );
}

/** The present value of the variable. The runner's debug log prints state, so secrets are masked here. */
function valueBefore(name: string, host: Machine): string {
  return (secretNames.includes(name) ? host.secret(name) : host.env[name]) ?? '';
}

/** Identifies the value that was set, without keeping it. */
export function digest(value: string): string {
  return createHash('sha256').update(value).digest('base64url');
}
