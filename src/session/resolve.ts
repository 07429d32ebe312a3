import type { Credentials, Identity, Retrieved, Session, WebIdentity } from '../contract/credentials.ts';
import { CredentialError } from '../contract/errors.ts';
import type { Hop } from '../contract/hop.ts';
import type { Plan } from '../plan/plan.ts';
import { parseRoleArn } from '../roles/role.ts';
import { retrieve } from '../sources/index.ts';
import type { Effects } from '../sources/source.ts';

type AskIdentity = (credentials: Credentials) => Promise<Identity>;

/** Resolves a plan into a session: the source, then each hop, then the identity if no response named it. Throws CredentialError. */
export async function resolvePlan({ trunk }: Plan, effects: Effects): Promise<Session> {
  const { region, hops } = trunk;
  const ask: AskIdentity = async (credentials) =>
    trunk.identity === 'unasked' ? unknownIdentity : effects.aws.getCallerIdentity(region, credentials);
  const source = await retrieve(trunk.source, effects);
  const base = await firstCredentials(source, trunk, effects);
  const rest = 'mintToken' in source ? hops.slice(1) : hops;
  const home = await sourceAccount(rest, base, ask);
  let last = base;
  for (const hop of rest) {
    last = await effects.aws.assumeRole({ hop, roleArn: roleArnOf(hop, home), region }, last.credentials);
  }
  const identity = last.identity ?? (await ask(last.credentials));
  return { credentials: last.credentials, identity, region, ssoToken: base.ssoToken };
}

/** The first credentials: the source's own, or those of the first role if the source has a token. */
async function firstCredentials(
  source: Retrieved | WebIdentity,
  { region, hops: [first] }: Plan['trunk'],
  { aws }: Effects,
): Promise<Retrieved> {
  if (!('mintToken' in source)) return source;
  if (first === undefined) throw new Error('a plan has a token and no role to assume with it');
  const { assumeWithToken } = await import(/* webpackChunkName: "roles" */ '../roles/web-identity.ts');
  return assumeWithToken({ hop: first, roleArn: first.role, region }, source.mintToken, aws);
}

/** Whose credentials they are where no answer has said it and STS is not asked. */
const unknownIdentity: Identity = { account: '' };

interface SourceAccount {
  readonly partition: string;
  readonly account: string;
}

/** The account and partition of the source, for hops that are bare role names; undefined if every hop is an ARN. */
async function sourceAccount(
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
      'The account that a bare role name stands in is not known, and "verify-identity: false" asks nobody';
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
