import type { Job, Machine } from '../contract/ports.ts';
import type { Inputs } from '../inputs/inputs.ts';
import { credentialOutputsDelivery } from './credential-outputs.ts';
import type {
  AnyDelivery,
  Delivered,
  DeliveredProfiles,
  DeliveryEffects,
  LoadedDelivery,
  ReadyDelivery,
  Undo,
} from './delivery.ts';
import { environmentDelivery } from './environment.ts';
import { deliveryError } from './file-errors.ts';
import { outputsDelivery } from './outputs.ts';
import { profileDelivery, profilesDelivery, profilesOutputsDelivery } from './profile/profile.ts';
import { regionDelivery } from './region.ts';
import { sealedDelivery } from './sealed.ts';
import { ssoTokenDelivery } from './sso-token.ts';

/** Every delivery, in the order in which they are made: what can be taken back first, outputs last. */
export const deliveries: readonly (ReadyDelivery | LoadedDelivery)[] = [
  profileDelivery,
  profilesDelivery,
  environmentDelivery,
  sealedDelivery,
  ssoTokenDelivery,
  credentialOutputsDelivery,
  outputsDelivery,
  profilesOutputsDelivery,
];

/** The deliveries that the inputs ask for. Throws INPUT_INVALID. */
export async function selectDeliveries(inputs: Inputs): Promise<readonly AnyDelivery[]> {
  const wanted = deliveries.filter((delivery) => delivery.wanted(inputs));
  return Promise.all(wanted.map((delivery) => ('load' in delivery ? delivery.load(inputs) : delivery)));
}

/** Looks whether the machine lets them be made, so that no role is assumed in vain. Throws CredentialError. */
export function checkDeliveries(wanted: readonly AnyDelivery[], inputs: Inputs, host: Machine): void {
  for (const delivery of wanted) delivery.check?.(inputs, host);
}

/** The same for credentials that the job already has: only the region of its environment is left to set. */
export function deliveriesOfExisting(wanted: readonly AnyDelivery[]): readonly AnyDelivery[] {
  return wanted.map((delivery) => (delivery === environmentDelivery ? regionDelivery : delivery));
}

/** What delivering touches; `remember` saves the undo list for post, or does nothing where the job wants no clean-up. */
export interface DeliverEffects {
  readonly job: Job;
  readonly host: Machine;
  readonly inputs: Inputs;
  remember(undo: readonly Undo[], job: Job): void;
}

/** Makes the deliveries, or none of them: a failure takes back what was done. Returns what was delivered, a phrase each. */
export async function deliver(
  parcel: Delivered | DeliveredProfiles,
  wanted: readonly AnyDelivery[],
  effects: DeliverEffects,
): Promise<readonly string[]> {
  const { job, host, inputs, remember } = effects;
  let undo: readonly Undo[] = [];
  const record = (more: readonly Undo[]): void => {
    undo = [...undo, ...more];
    try {
      remember(undo, job);
    } catch (error) {
      // Said here, or it would be taken for trouble with the file that is written meanwhile.
      throw deliveryError('what post needs could not be saved', error);
    }
  };
  try {
    return wanted.map((delivery) => make(delivery, parcel, { job, host, inputs, record }));
  } catch (error) {
    // What kept the delivery from being made may keep it from being undone here; post has the list and tries again.
    const { replay } = await import('./undo.ts');
    replay(undo, job, host);
    throw deliveryError('The credentials could not be handed to the job', error);
  }
}

/** Of several profiles, what one session is delivered by gets that of the shared role. */
function make(delivery: AnyDelivery, parcel: Delivered | DeliveredProfiles, effects: DeliveryEffects): string {
  if ('deliverProfiles' in delivery) {
    if ('profiles' in parcel) return delivery.deliverProfiles(parcel, effects);
    throw new Error(`${delivery.kind} without profiles`);
  }
  const { session, source } = parcel;
  if (session === undefined) throw new Error(`${delivery.kind} without a session`);
  return delivery.deliver({ session, source }, effects);
}
