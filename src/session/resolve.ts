import type { Credentials, Identity, Retrieved, Session } from '../contract/credentials.ts';
import { CredentialError } from '../contract/errors.ts';
import type { Hop } from '../contract/hop.ts';
import type { Plan } from '../plan/plan.ts';
import { parseRoleArn } from '../roles/role.ts';
import { retrieve } from '../sources/index.ts';
import type { Effects } from '../sources/source.ts';

/** Resolves a plan into a session: the source, then each hop, then the identity where no answer named it. Throws CredentialError. */
export async function resolve(plan: Plan, effects: Effects): Promise<Session> {
  const { aws } = effects;
  const { region } = plan;
  const base = await retrieve(plan.source, effects);
  const ask = async (credentials: Credentials): Promise<Identity> =>
    plan.identity === 'unasked' ? unknown : aws.getCallerIdentity(region, credentials);

  const home = needsHome(plan.hops) ? await homeOf(base, ask) : undefined;
  let last = base;
  for (const hop of plan.hops) {
    last = await aws.assumeRole({ hop, roleArn: roleArnOf(hop, home), region }, last.credentials);
  }
  const identity = last.identity ?? (await ask(last.credentials));
  const { ssoToken } = base;
  return { credentials: last.credentials, identity, region, ssoToken };
}

/** Whose credentials they are where no answer has said it and STS is not asked. */
const unknown: Identity = { account: '' };

interface Home {
  readonly partition: string;
  readonly account: string;
}

function needsHome(hops: readonly Hop[]): boolean {
  return hops.some(({ role }) => parseRoleArn(role) === undefined);
}

/** The account and the partition that bare role names stand in: the source's. */
async function homeOf(base: Retrieved, ask: (credentials: Credentials) => Promise<Identity>): Promise<Home> {
  const { account, arn } = base.identity?.arn === undefined ? await ask(base.credentials) : base.identity;
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

function roleArnOf(hop: Hop, home: Home | undefined): string {
  return home === undefined || parseRoleArn(hop.role)
    ? hop.role
    : `arn:${home.partition}:iam::${home.account}:role/${hop.role}`;
}
