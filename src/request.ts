import { CredentialError } from './contract/errors.ts';
import type { Network } from './contract/ports.ts';
import type { Delivery } from './deliveries/delivery.ts';
import { chooseDeliveries } from './deliveries/index.ts';
import type { Inputs } from './inputs/inputs.ts';
import { readNetwork, withEndpoints } from './inputs/network.ts';
import { needed, readRegion } from './inputs/region.ts';
import { sealingWarnings } from './inputs/sealing.ts';
import { type Decision, makePlan, type Surroundings } from './plan/plan.ts';
import { type Existing, readExisting } from './session/existing-credentials.ts';
import { type Guard, readGuard } from './session/guard.ts';

/** All that the step is asked for, complete and valid before anything is done. */
export interface Request {
  /** Absent where only the source can tell it. */
  readonly region: string | undefined;
  /** The plan; or why there is none, which is no failure where existing credentials may be kept. */
  readonly decision: Decision | CredentialError;
  readonly existing: Existing;
  readonly warnings: readonly string[];
  readonly guard: Guard;
  readonly network: Network;
  readonly wanted: readonly Delivery[];
  /** Seconds that the credentials count for at most. */
  readonly expireAfter: number | undefined;
  /** Whether the run's page is to show what came of it. */
  readonly summary: 'wanted' | 'none';
  /** Seconds for the whole step. */
  readonly limit: number | undefined;
}

/** Reads every input; changes nothing and asks nobody. Throws CredentialError. */
export async function readRequest(inputs: Inputs, host: Surroundings): Promise<Request> {
  const { existing, warnings } = readExisting(inputs);
  const { network, warnings: networkWarnings } = await readNetwork(inputs, host.env);
  const wanted = await chooseDeliveries(inputs);
  const settings = {
    guard: readGuard(inputs),
    wanted,
    // The longest session there is: 36 hours, by GetFederationToken.
    expireAfter: inputs.seconds('expire-after', { least: 1, most: 129_600 }),
    limit: inputs.seconds('action-timeout-s', { least: 1, most: 21_600 }),
    region: existing.become === 'kept' ? needed(readRegion(inputs)) : readRegion(inputs),
    summary: inputs.flag('summary', false) ? ('wanted' as const) : ('none' as const),
    warnings: [...warnings, ...networkWarnings, ...sealingWarnings(inputs)],
  };
  const replaced = existing.become === 'replaced';
  const decision = replaced ? await makePlan(inputs, host) : await planOrReason(inputs, host);
  const kept = replaced ? existing : { ...existing, endless: endless(wanted, decision) };
  if (decision instanceof CredentialError) return { ...settings, network, existing: kept, decision };
  return { ...settings, network: withEndpoints(network, endpointsOf(decision), host.env), existing: kept, decision };
}

/** Keys that never end come to the disk only where they are what is asked for: no role, and no other source. */
function endless(wanted: readonly Delivery[], decision: Decision | CredentialError): 'taken' | 'refused' {
  if (!wanted.some(({ kind }) => kind === 'profile')) return 'taken';
  const { source, hops } = decision instanceof CredentialError ? {} : decision.plan.trunk;
  return source?.kind === 'environment' && hops?.length === 0 ? 'taken' : 'refused';
}

/** Of the first source that brings any; whichever is used in the end, the profile is the one that is asked for. */
function endpointsOf(decision: Decision): NonNullable<Decision['endpoints']> {
  const routes = [decision, ...decision.others];
  return routes.find(({ endpoints = {} }) => Object.keys(endpoints).length > 0)?.endpoints ?? {};
}

async function planOrReason(inputs: Inputs, host: Surroundings): Promise<Decision | CredentialError> {
  try {
    return await makePlan(inputs, host);
  } catch (error) {
    if (error instanceof CredentialError && /^(NO_SOURCE|ID_TOKEN_UNAVAILABLE)$/.test(error.code)) return error;
    throw error;
  }
}
