import { asCredentialError, type CredentialError } from '../contract/errors.ts';
import type { Hop } from '../contract/hop.ts';
import type { Host, Network } from '../contract/ports.ts';
import type { Inputs } from '../inputs/inputs.ts';
import { readRegion, requireRegion } from '../inputs/region.ts';
import type { RoleContext, Roles } from '../roles/read-roles.ts';
import { describeHop } from '../roles/role.ts';
import { mentionsRoles } from '../roles/role-inputs.ts';
import { describeSource, type Source, sources } from '../sources/index.ts';
import { type Candidate, type Candidates, type OnInvalid, selectSource, withKind } from './select-source.ts';

/** What will be done, as data that survives JSON: a trunk, and the branches that start where it ends. May hold secrets; its description never does. */
export interface Plan {
  readonly trunk: Trunk;
  /** None: the trunk's session is what is delivered. */
  readonly branches: readonly Branch[];
}

/** The source of the first credentials, and the roles that all branches share. */
export interface Trunk {
  readonly region: string;
  readonly source: Source;
  /** The first hop of a source that has a token is assumed with it, every other one with the credentials before it. */
  readonly hops: readonly Hop[];
  /** `unasked`: if no response names the identity, STS is not asked for it. */
  readonly identity?: 'unasked' | undefined;
}

/** The roles of one profile. */
export interface Branch {
  readonly name: string;
  readonly region: string;
  readonly hops: readonly Hop[];
}

/** A plan, and why its source was chosen. */
export interface PlannedSource {
  readonly plan: Plan;
  readonly because: string;
  readonly warnings: readonly string[];
  /** The endpoints that the source brings along. */
  readonly endpoints?: Network['endpoints'] | undefined;
}

/** The plan to try first, those to try if its source has no credentials, and why the other sources do not apply. */
export interface Plans extends Pick<Candidates, 'skipped' | 'skippedNotes'> {
  readonly first: PlannedSource;
  readonly fallbacks: readonly PlannedSource[];
}

/** Every planned source, in the order in which they are tried. */
export const allPlanned = ({ first, fallbacks }: Plans): readonly PlannedSource[] => [first, ...fallbacks];

/** What a plan may look at. */
export type PlanContext = Pick<Host, 'env' | 'profiles'>;

/** Reads the inputs into a plan; asks nobody. Throws CredentialError. */
export async function makePlan(inputs: Inputs, { env, profiles }: PlanContext): Promise<Plans> {
  const given = readRegion(inputs);
  const roles = await readRolesIfAny({ inputs, env });
  const { first, fallbacks, skipped, skippedNotes, onInvalid } = await selectSource({
    inputs,
    env,
    profiles,
    roles: roles.hops,
    requireRegion: () => requireRegion(given),
  });
  const identity = inputs.flag('verify-identity', true) ? {} : ({ identity: 'unasked' } as const);
  const planFor = async ({ selected, because, warnings }: Candidate): Promise<PlannedSource> => {
    const region = requireRegion(given ?? selected.region);
    const hops = await linkedHops(selected, { inputs, env });
    const plan = { trunk: { region, source: selected.source, hops, ...identity }, branches: [] };
    const all = [...warnings, ...roles.warnings, ...(selected.warnings ?? [])];
    return { plan, because, warnings: all, endpoints: selected.endpoints };
  };
  const planned = await planFor(first);
  const others = await planFallbacks(fallbacks, planFor, onInvalid);
  const plans: Plans = {
    first: planned,
    fallbacks: others.planned,
    skipped: [...skipped, ...others.skipped],
    skippedNotes,
  };
  await checkCode(plans, inputs);
  return plans;
}

/** The roles that the inputs ask for. What reads and links roles is loaded where something is said of one. */
async function readRolesIfAny(context: RoleContext): Promise<Roles> {
  if (!mentionsRoles(context.inputs)) return { hops: [], warnings: [] };
  const { readRoles } = await import(/* webpackChunkName: "roles" */ '../roles/read-roles.ts');
  return readRoles(context);
}

async function linkedHops(
  { hops, roleSession, firstHop }: Candidate['selected'],
  context: RoleContext,
): Promise<readonly Hop[]> {
  const [first] = hops;
  if (first === undefined) return hops;
  const { checkChainedDurations, linkHops } = await import(/* webpackChunkName: "roles" */ '../roles/link-hops.ts');
  checkChainedDurations(roleSession ? hops : hops.slice(1), context.inputs);
  // A request with a token carries no session tags.
  return firstHop === undefined ? linkHops(hops, context) : [first, ...linkHops(hops.slice(1), context)];
}

async function checkCode(plans: Plans, inputs: Inputs): Promise<void> {
  if (!mentionsRoles(inputs)) return;
  const { checkCodeIsUsed } = await import(/* webpackChunkName: "roles" */ '../roles/link-hops.ts');
  checkCodeIsUsed(
    allPlanned(plans).flatMap(({ plan }) => plan.trunk.hops),
    inputs,
  );
}

/** The plans of the sources behind the first, up to the first one that is invalid. */
async function planFallbacks(
  candidates: readonly Candidate[],
  planFor: (candidate: Candidate) => Promise<PlannedSource>,
  onInvalid: OnInvalid,
): Promise<{ readonly planned: readonly PlannedSource[]; readonly skipped: readonly CredentialError[] }> {
  const planned: PlannedSource[] = [];
  for (const candidate of candidates) {
    try {
      planned.push(await planFor(candidate));
    } catch (error) {
      if (onInvalid === 'throw') throw error;
      return { planned, skipped: [withKind(candidate.selected.source.kind, asCredentialError(error))] };
    }
  }
  return { planned, skipped: [] };
}

/** The plan as one line, such as `oidc (…) → 111111111111/deploy → 222222222222/target (external id, 2 tags)`; never a secret. */
export function describePlan({ trunk: { source, hops } }: Plan): string {
  return [describeSource(source), ...hops.map(describeHop)].join(' → ');
}

/** Whether anything asks for credentials: a role, a source by its name, or an input of a source's own. */
export function asksForCredentials(inputs: Inputs): boolean {
  if (inputs.lines('role-to-assume').length > 0 || inputs.optional('role-chain') !== undefined) return true;
  if ((inputs.optional('source') ?? 'auto') !== 'auto') return true;
  return sources.some(({ claim }) => claim(inputs) !== undefined);
}
