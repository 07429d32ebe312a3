import type { ProfileSession, Retrieved, Session } from '../contract/credentials.ts';
import { asCredentialError } from '../contract/errors.ts';
import type { Branch } from '../contract/hop.ts';
import type { Plan } from '../plan/plan.ts';
import type { Effects } from '../sources/source.ts';
import { type ProfileRefusal, refusedProfiles } from './refused-profiles.ts';
import { assumeFirst, assumeHops, resolveTrunk, sourceAccount, type TrunkEnd, unknownIdentity } from './resolve.ts';

/** The sessions of a plan with branches. */
export interface ResolvedBranches {
  /** The trunk's session; absent if the branches start from a token. */
  readonly session?: Session | undefined;
  /** As they are planned. */
  readonly profiles: readonly ProfileSession[];
}

/** How many branches are resolved at the same time. */
const width = 10;

/** Resolves the trunk once, then every branch from there; all or none. Throws CredentialError, of all branches that were refused. */
export async function resolveBranches(plan: Plan, effects: Effects): Promise<ResolvedBranches> {
  const { trunk, branches } = plan;
  const end = await resolveTrunk(plan, effects);
  const start = 'mintToken' in end ? { mintToken: await sharedTokens(branches, end.mintToken) } : end;
  const results = await inParallel(branches, (branch) => resolveBranch(branch, start, effects));
  const refusals = results.flatMap((result): readonly ProfileRefusal[] => ('error' in result ? [result] : []));
  const sharedRole = 'mintToken' in end ? undefined : end.lastRole;
  if (refusals.length > 0) throw refusedProfiles(refusals, { of: branches.length, sharedRole });
  const profiles = results.flatMap((result) => ('session' in result ? [result] : []));
  return 'mintToken' in end ? { profiles } : { profiles, session: sessionOf(end.last, trunk.region, end.ssoToken) };
}

async function resolveBranch(branch: Branch, start: BranchStart, effects: Effects): Promise<Session> {
  const { hops, region } = branch;
  const stretch = { region, of: hops.length };
  if (!('mintToken' in start)) {
    const { last } = await assumeHops(hops, start, stretch, effects.aws);
    return sessionOf(last, region);
  }
  const [first, ...rest] = hops;
  const base = await assumeFirst(first, start, stretch, effects);
  const home = await sourceAccount(rest, base, async () => unknownIdentity);
  const { last } = await assumeHops(rest, { last: base, lastRole: first?.role, home }, stretch, effects.aws);
  return sessionOf(last, region);
}

function sessionOf({ credentials, identity }: Retrieved, region: string, ssoToken?: string): Session {
  return { credentials, identity: identity ?? unknownIdentity, region, ssoToken };
}

type MintShared = (audience?: string, expired?: string) => Promise<string>;
type BranchStart = Exclude<TrunkEnd, { readonly mintToken: unknown }> | { readonly mintToken: MintShared };

/** One token for each audience, minted before any branch needs it; one that expired is minted again once, for all. */
async function sharedTokens(
  branches: readonly Branch[],
  mint: (audience?: string) => Promise<string>,
): Promise<MintShared> {
  const audiences = new Set(branches.map(({ hops: [first] }) => first?.audience));
  const tokens = new Map<string | undefined, string>();
  for (const audience of audiences) tokens.set(audience, await mint(audience));
  const again = new Map<string | undefined, Promise<string>>();
  return async (audience, expired) => {
    const known = again.get(audience) ?? tokens.get(audience);
    if (known !== undefined && (expired === undefined || again.has(audience))) return known;
    const fresh = mint(audience);
    again.set(audience, fresh);
    return fresh;
  };
}

type BranchResult = ProfileSession | ProfileRefusal;

/** Every outcome, in the order of the branches; one that fails does not stop the others. */
async function inParallel(
  branches: readonly Branch[],
  resolve: (branch: Branch) => Promise<Session>,
): Promise<readonly BranchResult[]> {
  const results = new Map<string, BranchResult>();
  const waiting = branches.values();
  const work = async (): Promise<void> => {
    for (const branch of waiting) {
      const { name } = branch;
      const result = await resolve(branch).then(
        (session) => ({ name, session }),
        (error: unknown) => ({ name, error: asCredentialError(error) }),
      );
      results.set(name, result);
    }
  };
  await Promise.all(Array.from({ length: width }, work));
  return branches.flatMap(({ name }) => results.get(name) ?? []);
}
