import type { Credentials, Identity, Retrieved, Session } from '../contract/credentials.ts';
import { CredentialError } from '../contract/errors.ts';
import type { FailedHop } from '../contract/failed-hop.ts';
import type { Hop } from '../contract/hop.ts';
import type { Aws } from '../contract/ports.ts';
import type { Plan } from '../plan/plan.ts';
import { parseRoleArn } from '../roles/role.ts';
import { retrieve } from '../sources/index.ts';
import type { Effects } from '../sources/source.ts';

type AskIdentity = (credentials: Credentials) => Promise<Identity>;

/** Resolves a plan without branches into a session: the source, then each hop, then the identity if no response named it. Throws CredentialError. */
export async function resolvePlan(plan: Plan, effects: Effects): Promise<Session> {
  const { region } = plan.trunk;
  const end = await resolveTrunk(plan, effects);
  if ('mintToken' in end) throw new Error('a plan has a token and no role to assume with it');
  const { credentials, identity } = end.last;
  return {
    credentials,
    identity: identity ?? (await identityAsker(plan, effects)(credentials)),
    region,
    ssoToken: end.ssoToken,
  };
}

/** Where the branches start: from credentials, or from a token if no role is shared. */
export type TrunkEnd = SignedStart | { readonly mintToken: (audience?: string) => Promise<string> };

/** The credentials that sign for the first role of a branch. */
export interface SignedStart {
  readonly last: Retrieved;
  /** The role whose session they are. */
  readonly lastRole?: string | undefined;
  /** See Session. */
  readonly ssoToken?: string | undefined;
  /** The account of bare role names. */
  readonly home: SourceAccount | undefined;
}

/** Resolves what all branches share: the source, then each hop of the trunk. Throws CredentialError. */
export async function resolveTrunk(plan: Plan, effects: Effects): Promise<TrunkEnd> {
  const { trunk, branches } = plan;
  const { region, hops } = trunk;
  const source = await retrieve(trunk.source, effects);
  const [first] = hops;
  if ('mintToken' in source && first === undefined) return source;
  const byToken = 'mintToken' in source ? first : undefined;
  const base = 'mintToken' in source ? await assumeFirst(first, source, { region, of: hops.length }, effects) : source;
  const rest = byToken === undefined ? hops : hops.slice(1);
  const signed = [...rest, ...branches.flatMap((branch) => branch.hops)];
  const home = await sourceAccount(signed, base, identityAsker(plan, effects));
  const start = { last: base, lastRole: byToken?.role, ssoToken: base.ssoToken, home };
  return assumeHops(rest, start, { region, of: hops.length }, effects.aws);
}

/** The region that is asked, and how many hops the trunk or the branch has. */
export interface Stretch {
  readonly region: string;
  readonly of: number;
}

/** Assumes each role with the credentials of the one before. Throws CredentialError. */
export async function assumeHops(
  hops: readonly Hop[],
  start: SignedStart,
  { region, of }: Stretch,
  aws: Aws,
): Promise<SignedStart> {
  let { last, lastRole } = start;
  for (const [index, hop] of hops.entries()) {
    const roleArn = roleArnOf(hop, start.home);
    const position = of - hops.length + index + 1;
    const place = { hop, roleArn, region, position, of, signer: { roleArn: lastRole, arn: last.identity?.arn } };
    last = await atHop(place, aws.assumeRole({ hop, roleArn, region }, last.credentials));
    lastRole = roleArn;
  }
  return { ...start, last, lastRole };
}

/** Assumes the first role with a token, for which `mintToken` is asked again if it has expired. Throws CredentialError. */
export async function assumeFirst(
  first: Hop | undefined,
  { mintToken }: { readonly mintToken: (audience?: string, expired?: string) => Promise<string> },
  { region, of }: Stretch,
  { aws }: Effects,
): Promise<Retrieved> {
  if (first === undefined) throw new Error('a plan has a token and no role to assume with it');
  const { assumeWithToken } = await import(/* webpackChunkName: "roles" */ '../roles/web-identity.ts');
  const assumption = { hop: first, roleArn: first.role, region };
  const mint = (expired?: string) => mintToken(first.audience, expired);
  return atHop({ ...assumption, position: 1, of }, assumeWithToken(assumption, mint, aws));
}

/** Says of a refusal which role it is about. */
async function atHop(failedHop: FailedHop, assumed: Promise<Retrieved>): Promise<Retrieved> {
  try {
    return await assumed;
  } catch (error) {
    if (!(error instanceof CredentialError)) throw error;
    const { code, message, hint, cause } = error;
    throw new CredentialError(code, message, { hint, cause, failedHop });
  }
}

function identityAsker({ trunk }: Plan, { aws }: Effects): AskIdentity {
  return async (credentials) =>
    trunk.identity === 'unasked' ? unknownIdentity : aws.getCallerIdentity(trunk.region, credentials);
}

/** Whose credentials they are where no answer has said it and STS is not asked. */
export const unknownIdentity: Identity = { account: '' };

/** The account that bare role names are completed with. */
export interface SourceAccount {
  readonly partition: string;
  readonly account: string;
}

/** The account and partition of the source, for hops that are bare role names; undefined if every hop is an ARN. */
export async function sourceAccount(
  hops: readonly Hop[],
  { identity, credentials }: Retrieved,
  ask: AskIdentity,
): Promise<SourceAccount | undefined> {
  if (hops.every(({ role }) => parseRoleArn(role) !== undefined)) return undefined;
  const { account, arn } = identity?.arn === undefined ? await ask(credentials) : identity;
  const partition = arn?.split(':')[1];
  if (partition) return { partition, account };
  if (account === '') {
    const message =
      'The account for a role name without an ARN is not known, because "verify-identity: false" asks no one';
    throw new CredentialError('INPUT_CONFLICT', message, {
      hint: 'Write whole role ARNs, or leave "verify-identity" out.',
    });
  }
  throw new CredentialError('PROTOCOL_ERROR', 'STS answered GetCallerIdentity without an ARN', {
    hint: 'Write whole role ARNs in "role-to-assume".',
  });
}

function roleArnOf(hop: Hop, home: SourceAccount | undefined): string {
  return home === undefined || parseRoleArn(hop.role)
    ? hop.role
    : `arn:${home.partition}:iam::${home.account}:role/${hop.role}`;
}
