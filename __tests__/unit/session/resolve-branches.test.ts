import { describe, expect, test } from '@jest/globals';
import { CredentialError } from '../../../src/contract/errors.ts';
import type { Hop } from '../../../src/contract/hop.ts';
import type { Assumption, Aws } from '../../../src/contract/ports.ts';
import type { Plan } from '../../../src/plan/plan.ts';
import { resolveBranches } from '../../../src/session/resolve-branches.ts';
import { keysOf, memoryAws, memoryHost, memoryJob } from '../../support/memory.ts';

const region = 'us-east-1';
const arn = (account: number, role = 'deploy') => `arn:aws:iam::${String(account).padStart(12, '0')}:role/${role}`;
const hop = (role: string, more: Partial<Hop> = {}): Hop => ({
  role,
  label: 'profile',
  sessionName: 'GitHubActions',
  durationSeconds: 3600,
  ...more,
});
const branch = (name: string, ...roles: readonly string[]) => ({
  name,
  region,
  hops: roles.map((role) => hop(role, { profile: name })),
});
const many = (count: number) => Array.from({ length: count }, (_, index) => branch(`p${index}`, arn(index)));
const oidc = { kind: 'oidc', audience: 'sts.amazonaws.com' } as const;
const keys = { kind: 'static', credentials: { accessKeyId: 'AKIA1', secretAccessKey: 's1' } } as const;
const byToken = (branches: Plan['branches']): Plan => ({ trunk: { region, source: oidc, hops: [] }, branches });
const byHub = (branches: Plan['branches']): Plan => ({
  trunk: { region, source: oidc, hops: [hop(arn(999, 'hub'))] },
  branches,
});
const hostWith = (...idTokens: readonly string[]) => memoryHost(memoryJob(), { idTokens });

/** An AWS that refuses some roles. */
const refusing = (
  aws: ReturnType<typeof memoryAws>,
  codes: Readonly<Record<string, 'ACCESS_DENIED' | 'SERVICE_UNAVAILABLE'>>,
) => {
  const judged =
    <T extends unknown[], R>(ask: (assumption: Assumption, ...rest: T) => Promise<R>) =>
    async (assumption: Assumption, ...rest: T): Promise<R> => {
      const answer = await ask(assumption, ...rest);
      const code = codes[assumption.roleArn];
      if (code === undefined) return answer;
      throw new CredentialError(code, `The role ${assumption.roleArn} was refused`, { hint: `look at ${code}` });
    };
  const changed: Aws = {
    ...aws,
    assumeRole: judged(aws.assumeRole),
    assumeRoleWithWebIdentity: judged(aws.assumeRoleWithWebIdentity),
  };
  return changed;
};

describe('requests', () => {
  test('20 profiles through a hub: one token, the hub, 20 roles, each signed by the hub', async () => {
    const aws = memoryAws();
    const host = hostWith('t');
    const { profiles, session } = await resolveBranches(byHub(many(20)), { aws, host });
    expect(host.audiences).toEqual(['sts.amazonaws.com']);
    expect(aws.calls.map(({ call }) => call)).toEqual(['AssumeRoleWithWebIdentity', ...Array(20).fill('AssumeRole')]);
    expect(aws.calls.slice(1)).toEqual(
      Array(20).fill(expect.objectContaining({ signedBy: `key of ${arn(999, 'hub')}` })),
    );
    expect(profiles.map(({ name }) => name)).toEqual(many(20).map(({ name }) => name));
    expect(profiles.map((profile) => profile.session.credentials)).toEqual(
      many(20).map((_, index) => keysOf(arn(index))),
    );
    expect(session?.credentials).toEqual(keysOf(arn(999, 'hub')));
  });

  test('20 profiles from the token: one token, 20 roles, and no session of a trunk', async () => {
    const aws = memoryAws();
    const host = hostWith('t');
    const { profiles, session } = await resolveBranches(byToken(many(20)), { aws, host });
    expect(host.audiences).toHaveLength(1);
    expect(aws.calls).toHaveLength(20);
    expect(profiles).toHaveLength(20);
    expect(session).toBeUndefined();
  });

  test('one token for each audience', async () => {
    const host = hostWith('t1', 't2');
    const cn = { audience: 'sts.amazonaws.com.cn' };
    const branches = [
      branch('a', arn(1)),
      { ...branch('b'), hops: [hop(arn(2), cn)] },
      { ...branch('c'), hops: [hop(arn(3), cn)] },
    ];
    await resolveBranches(byToken(branches), { aws: memoryAws(), host });
    expect(host.audiences).toEqual(['sts.amazonaws.com', 'sts.amazonaws.com.cn']);
  });

  test('a token that has expired is minted again once, for all', async () => {
    const aws = memoryAws({ expired: ['old'] });
    const host = hostWith('old', 'new');
    await resolveBranches(byToken(many(25)), { aws, host });
    expect(host.audiences).toHaveLength(2);
    const sent = aws.calls.flatMap((call) => ('token' in call ? [call.token] : []));
    expect(sent.filter((token) => token === 'new')).toHaveLength(25);
    expect(sent.filter((token) => token === 'old').length).toBeLessThanOrEqual(10);
  });

  test('no more than ten at the same time', async () => {
    let open = 0;
    let most = 0;
    const aws = memoryAws();
    const counted: Aws = {
      ...aws,
      async assumeRole(assumption, signer) {
        open += 1;
        most = Math.max(most, open);
        await new Promise((resolve) => setImmediate(resolve));
        open -= 1;
        return aws.assumeRole(assumption, signer);
      },
    };
    await resolveBranches(byHub(many(35)), { aws: counted, host: hostWith('t') });
    expect(most).toBe(10);
  });

  test('keys sign for the first role of each; a bare name is of their account, asked for once', async () => {
    const aws = memoryAws();
    const plan: Plan = { trunk: { region, source: keys, hops: [] }, branches: [branch('a', 'x'), branch('b', 'y')] };
    const { profiles } = await resolveBranches(plan, { aws, host: hostWith() });
    expect(aws.calls.map(({ call }) => call)).toEqual(['GetCallerIdentity', 'AssumeRole', 'AssumeRole']);
    expect(profiles.map(({ session }) => session.identity.account)).toEqual(['999999999999', '999999999999']);
  });

  test('the shared session itself and a second region cost no request more', async () => {
    const aws = memoryAws();
    const branches = [branch('hub'), { ...branch('far', arn(1)), region: 'eu-west-1' }];
    const { profiles } = await resolveBranches(byHub(branches), { aws, host: hostWith('t') });
    expect(profiles.map(({ session }) => session.region)).toEqual([region, 'eu-west-1']);
    expect(aws.calls).toMatchObject([{}, { assumption: { region: 'eu-west-1' } }]);
  });
});

describe('refusals', () => {
  test('each is named in the order of the map, with each hint once; the code is the first one’s', async () => {
    const aws = memoryAws();
    const refused = { [arn(1)]: 'SERVICE_UNAVAILABLE', [arn(3)]: 'ACCESS_DENIED', [arn(4)]: 'ACCESS_DENIED' } as const;
    await expect(
      resolveBranches(byHub(many(6)), { aws: refusing(aws, refused), host: hostWith('t') }),
    ).rejects.toMatchObject({
      code: 'SERVICE_UNAVAILABLE',
      message: [
        '3 of 6 profiles were refused:',
        ...[1, 3, 4].map((index) => `  p${index}: The role ${arn(index)} was refused`),
      ].join('\n'),
      hint: 'p1: look at SERVICE_UNAVAILABLE\np3, p4: look at ACCESS_DENIED',
    });
    expect(aws.calls).toHaveLength(7);
  });

  test('where it failed is data: hop, role, place and who signed', async () => {
    const aws = refusing(memoryAws(), { [arn(2)]: 'ACCESS_DENIED' });
    const plan = byHub([branch('a', arn(1), arn(2))]);
    await expect(resolveBranches(plan, { aws, host: hostWith('t') })).rejects.toMatchObject({
      failedHop: {
        hop: { profile: 'a', role: arn(2) },
        roleArn: arn(2),
        region,
        position: 2,
        of: 2,
        signer: { roleArn: arn(1), arn: expect.stringContaining('assumed-role/deploy') },
      },
    });
  });

  test('a trunk that fails is its own error, and no branch is asked', async () => {
    const aws = memoryAws();
    const refused = refusing(aws, { [arn(999, 'hub')]: 'ACCESS_DENIED' });
    await expect(resolveBranches(byHub(many(3)), { aws: refused, host: hostWith('t') })).rejects.toMatchObject({
      message: `The role ${arn(999, 'hub')} was refused`,
      failedHop: { position: 1, of: 1 },
    });
    expect(aws.calls).toHaveLength(1);
  });

  test('a job without an ID token fails once', async () => {
    await expect(resolveBranches(byToken(many(3)), { aws: memoryAws(), host: hostWith() })).rejects.toMatchObject({
      code: 'ID_TOKEN_UNAVAILABLE',
      message: 'no token',
    });
  });

  test('hints are given for the first ten', async () => {
    const codes = Object.fromEntries(many(12).map((_, index) => [arn(index), 'ACCESS_DENIED' as const]));
    await expect(
      resolveBranches(byHub(many(12)), { aws: refusing(memoryAws(), codes), host: hostWith('t') }),
    ).rejects.toMatchObject({
      hint: `${many(10)
        .map(({ name }) => name)
        .join(', ')}: look at ACCESS_DENIED`,
    });
  });
});
