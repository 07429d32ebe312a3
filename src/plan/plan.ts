import { asCredentialError, type CredentialError } from '../contract/errors.ts';
import type { Hop } from '../contract/hop.ts';
import type { Host, Network } from '../contract/ports.ts';
import type { Inputs } from '../inputs/inputs.ts';
import { needed, readRegion } from '../inputs/region.ts';
import type { Roles, Wishes } from '../roles/read-roles.ts';
import { describeHop } from '../roles/role.ts';
import { saysOfRoles } from '../roles/role-inputs.ts';
import { describeSource, type Source, sources } from '../sources/index.ts';
import type { Wish } from '../sources/source.ts';
import { type Choice, choose, type Malformed, named, type Selection } from './select-source.ts';

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
export interface Route {
  readonly plan: Plan;
  readonly because: string;
  readonly warnings: readonly string[];
  /** The endpoints that the source brings along. */
  readonly endpoints?: Network['endpoints'] | undefined;
}

/** The plan to try first; the others in case its source turns out to have nothing to offer; and what is known of the sources that do not apply. */
export interface Decision extends Route, Pick<Selection, 'absences' | 'remarks'> {
  readonly others: readonly Route[];
}

/** What a plan may look at. */
export type Surroundings = Pick<Host, 'env' | 'profiles'>;

/** Reads the inputs into a plan; asks nobody. Throws CredentialError. */
export async function makePlan(inputs: Inputs, { env, profiles }: Surroundings): Promise<Decision> {
  const given = readRegion(inputs);
  const roles = await rolesOf({ inputs, env });
  const wish: Wish = {
    inputs,
    env,
    profiles,
    roles: roles.hops,
    // Asked for where it is needed only: a source may bring one along.
    get region() {
      return needed(given);
    },
  };
  const { first, others, absences, remarks, malformed } = await choose(wish);
  const identity = inputs.flag('verify-identity', true) ? {} : ({ identity: 'unasked' } as const);
  const routeOf = async ({ candidate, because, warnings }: Choice): Promise<Route> => {
    const region = needed(given ?? candidate.region);
    const hops = await linked(candidate, { inputs, env });
    const plan = { trunk: { region, source: candidate.source, hops, ...identity }, branches: [] };
    const heard = [...warnings, ...roles.warnings, ...(candidate.warnings ?? [])];
    return { plan, because, warnings: heard, endpoints: candidate.endpoints };
  };
  const route = await routeOf(first);
  const spare = await routesOf(others, routeOf, malformed);
  const decision = { ...route, others: spare.routes, absences: [...absences, ...spare.absences], remarks };
  await checkCode(decision, inputs);
  return decision;
}

/** The roles that the inputs ask for. What reads and links roles is loaded where something is said of one. */
async function rolesOf(wishes: Wishes): Promise<Roles> {
  if (!saysOfRoles(wishes.inputs)) return { hops: [], warnings: [] };
  const { readRoles } = await import(/* webpackChunkName: "roles" */ '../roles/read-roles.ts');
  return readRoles(wishes);
}

async function linked({ hops, roleSession, firstHop }: Choice['candidate'], wishes: Wishes): Promise<readonly Hop[]> {
  const [first] = hops;
  if (first === undefined) return hops;
  const { checkChainedDurations, linkHops } = await import(/* webpackChunkName: "roles" */ '../roles/link-hops.ts');
  checkChainedDurations(roleSession ? hops : hops.slice(1), wishes.inputs);
  // A request with a token carries no session tags.
  return firstHop === undefined ? linkHops(hops, wishes) : [first, ...linkHops(hops.slice(1), wishes)];
}

async function checkCode(decision: Decision, inputs: Inputs): Promise<void> {
  if (!saysOfRoles(inputs)) return;
  const { checkCodeIsUsed } = await import(/* webpackChunkName: "roles" */ '../roles/link-hops.ts');
  checkCodeIsUsed(
    [decision, ...decision.others].flatMap(({ plan }) => plan.trunk.hops),
    inputs,
  );
}

/** The routes of those that stand behind the first, as far as they can be planned. */
async function routesOf(
  choices: readonly Choice[],
  routeOf: (choice: Choice) => Promise<Route>,
  malformed: Malformed,
): Promise<{ readonly routes: readonly Route[]; readonly absences: readonly CredentialError[] }> {
  const routes: Route[] = [];
  for (const choice of choices) {
    try {
      routes.push(await routeOf(choice));
    } catch (error) {
      if (malformed === 'refused') throw error;
      return { routes, absences: [named(choice.candidate.source.kind, asCredentialError(error))] };
    }
  }
  return { routes, absences: [] };
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
