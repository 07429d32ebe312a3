import { CredentialError } from './contract/errors.ts';
import type { Network } from './contract/ports.ts';
import type { Delivery } from './deliveries/delivery.ts';
import { selectDeliveries } from './deliveries/index.ts';
import type { Inputs } from './inputs/inputs.ts';
import { readNetwork, withEndpoints } from './inputs/network.ts';
import { readRegion, requireRegion } from './inputs/region.ts';
import { sealingWarnings } from './inputs/sealing.ts';
import { allPlanned, makePlan, type PlanContext, type PlannedSource, type Plans } from './plan/plan.ts';
import { type Existing, readExisting } from './session/existing-credentials.ts';
import { type Guard, readGuard } from './session/guard.ts';

/** All that the step is asked for, complete and valid before anything is done. */
export interface StepRequest {
  /** Absent where only the source can tell it. */
  readonly region: string | undefined;
  /** The plan; or why there is none, which is no failure where existing credentials may be kept. */
  readonly plans: Plans | CredentialError;
  readonly existing: Existing;
  readonly warnings: readonly string[];
  readonly guard: Guard;
  readonly network: Network;
  readonly deliveries: readonly Delivery[];
  /** Seconds that the credentials count for at most. */
  readonly expireAfter: number | undefined;
  /** Whether the run's page is to show what came of it. */
  readonly summary: 'wanted' | 'none';
  /** Seconds for the whole step. */
  readonly timeoutS: number | undefined;
}

/** Reads every input; changes nothing and asks nobody. Throws CredentialError. */
export async function readRequest(inputs: Inputs, host: PlanContext): Promise<StepRequest> {
  const { existing, warnings } = readExisting(inputs);
  const { network, warnings: networkWarnings } = await readNetwork(inputs, host.env);
  const deliveries = await selectDeliveries(inputs);
  const settings = {
    guard: readGuard(inputs),
    deliveries,
    // The longest session there is: 36 hours, by GetFederationToken.
    expireAfter: inputs.seconds('expire-after', { least: 1, most: 129_600 }),
    timeoutS: inputs.seconds('action-timeout-s', { least: 1, most: 21_600 }),
    region: existing.mode === 'reuse' ? requireRegion(readRegion(inputs)) : readRegion(inputs),
    summary: inputs.flag('summary', false) ? ('wanted' as const) : ('none' as const),
    warnings: [...warnings, ...networkWarnings, ...sealingWarnings(inputs)],
  };
  const replaced = existing.mode === 'replace';
  const plans = replaced ? await makePlan(inputs, host) : await plansOrReason(inputs, host);
  const kept = replaced ? existing : { ...existing, longLivedKeys: longLivedKeysAllowed(deliveries, plans) };
  if (plans instanceof CredentialError) return { ...settings, network, existing: kept, plans };
  return { ...settings, network: withEndpoints(network, profileEndpoints(plans), host.env), existing: kept, plans };
}

/** Long-lived keys are written to disk only if they are what the step is asked for: no role, and no other source. */
function longLivedKeysAllowed(deliveries: readonly Delivery[], plans: Plans | CredentialError): 'allowed' | 'refused' {
  if (!deliveries.some(({ kind }) => kind === 'profile')) return 'allowed';
  if (plans instanceof CredentialError) return 'refused';
  const { source, hops } = plans.first.plan.trunk;
  return source.kind === 'environment' && hops.length === 0 ? 'allowed' : 'refused';
}

/** Those of the first planned source that has any: the profile that is asked for, whichever source is used in the end. */
function profileEndpoints(plans: Plans): NonNullable<PlannedSource['endpoints']> {
  return allPlanned(plans).find(({ endpoints = {} }) => Object.keys(endpoints).length > 0)?.endpoints ?? {};
}

async function plansOrReason(inputs: Inputs, host: PlanContext): Promise<Plans | CredentialError> {
  try {
    return await makePlan(inputs, host);
  } catch (error) {
    if (error instanceof CredentialError && /^(NO_SOURCE|ID_TOKEN_UNAVAILABLE)$/.test(error.code)) return error;
    throw error;
  }
}
