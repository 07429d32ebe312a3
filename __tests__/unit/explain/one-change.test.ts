import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { explainMismatch } from '../../../src/explain/reason.ts';
import { type RefusedSignature, type RefusedToken, requestOf } from '../../../src/explain/refusal.ts';
import { evaluate, githubProvider, parseTrustPolicy } from '../../../src/formats/trust-policy.ts';

const roleArn = 'arn:aws:iam::111111111111:role/deploy';
const providerArn = `arn:aws:iam::111111111111:oidc-provider/${githubProvider}`;

interface Job {
  readonly context: readonly [kind: 'environment' | 'branch' | 'tag', value: string] | readonly ['pull request'];
  readonly ids: boolean;
}
const name = fc.stringMatching(/^[a-z0-9](?:[a-zA-Z0-9 ._*?-]{0,7}[a-z0-9])?$/);
const job: fc.Arbitrary<Job> = fc.record({
  context: fc.oneof(
    fc.tuple(fc.constantFrom('environment', 'branch', 'tag'), name),
    fc.constant(['pull request'] as const),
  ),
  ids: fc.boolean(),
});
const starts = { environment: 'environment:', branch: 'ref:refs/heads/', tag: 'ref:refs/tags/' } as const;
const endOf = ({ context }: Job): string =>
  context[0] === 'pull request' ? 'pull_request' : `${starts[context[0]]}${context[1]}`;
const startOf = ({ ids }: Job): string => (ids ? 'repo:octo-org@65/octo-repo@74' : 'repo:octo-org/octo-repo');
const subOf = (one: Job): string => `${startOf(one)}:${endOf(one)}`;
const claimsOf = (one: Job) => ({
  aud: 'sts.amazonaws.com',
  sub: subOf(one),
  actor: 'octocat',
  ref: 'refs/heads/main',
  repository_id: '74',
  event_name: 'push',
});
const refusal = (one: Job): RefusedToken => ({
  how: 'token',
  roleArn,
  label: 'role-to-assume',
  message: '',
  issuer: `https://${githubProvider}`,
  claims: claimsOf(one),
});

interface Parts {
  readonly Principal: unknown;
  readonly Action: unknown;
  readonly operator: string;
  readonly sub: string;
  readonly prefix: string;
  readonly others: Readonly<Record<string, string>>;
}
const fitting = (one: Job): Parts => ({
  Principal: { Federated: providerArn },
  Action: 'sts:AssumeRoleWithWebIdentity',
  operator: 'StringEquals',
  sub: subOf(one),
  prefix: githubProvider,
  others: { aud: 'sts.amazonaws.com', actor: 'octocat', repository_id: '74' },
});
const written = ({ Principal, Action, operator, sub, prefix, others }: Parts): string => {
  const rest = Object.entries(others).map(([claim, value]) => [`${githubProvider}:${claim}`, value]);
  const Condition = { [operator]: { [`${prefix}:sub`]: sub }, StringEqualsIfExists: Object.fromEntries(rest) };
  return JSON.stringify({ Statement: { Effect: 'Allow', Principal, Action, Condition } });
};

/** One change, and the element or key and the reason that must be named; undefined if the change does not apply to the job. */
type Change = readonly [
  what: string,
  change: (parts: Parts, one: Job) => Partial<Parts> | undefined,
  where: string,
  code: string | ((one: Job) => string),
];
const otherKind = ({ context: [kind] }: Job): string => (kind === 'environment' ? 'pull_request' : 'environment:x');
const changes: readonly Change[] = [
  ['other owner', ({ sub }) => ({ sub: sub.replace('octo-org', 'octo-orgx') }), 'sub', 'owner'],
  ['other repository', ({ sub }) => ({ sub: sub.replace('octo-repo', 'octo-repox') }), 'sub', 'repository'],
  ['letter case', ({ sub }) => ({ sub: sub.replace('octo-org', 'Octo-Org') }), 'sub', 'letter case'],
  ['other owner id', ({ sub }, { ids }) => (ids ? { sub: sub.replace('@65', '@66') } : undefined), 'sub', 'owner id'],
  [
    'other repository id',
    ({ sub }, { ids }) => (ids ? { sub: sub.replace('@74', '@75') } : undefined),
    'sub',
    'repository id',
  ],
  ['no ids', (_, one) => (one.ids ? { sub: subOf({ ...one, ids: false }) } : undefined), 'sub', 'ids'],
  ['ids', (_, one) => (one.ids ? undefined : { sub: subOf({ ...one, ids: true }) }), 'sub', 'names'],
  [
    'other value',
    ({ sub }, { context }) => (context[0] === 'pull request' ? undefined : { sub: `${sub}x` }),
    'sub',
    ({ context }) => context[0],
  ],
  ['other kind', (_, one) => ({ sub: `${startOf(one)}:${otherKind(one)}` }), 'sub', ({ context }) => context[0]],
  ['literal wildcard', (_, one) => ({ sub: `${startOf(one)}:*` }), 'sub', 'literal wildcard'],
  ['too short', (_, one) => ({ sub: startOf(one), operator: 'StringLike' }), 'sub', 'too short'],
  ['ARN operator', (_, one) => ({ sub: `${startOf(one)}:*`, operator: 'ArnLike' }), 'sub', 'ARN operator'],
  ['negated operator', () => ({ operator: 'StringNotEquals' }), 'sub', 'excluded'],
  ['blank', ({ sub }) => ({ sub: `${sub.trim()} ` }), 'sub', 'blanks'],
  ['quotes', ({ sub }) => ({ sub: `"${sub}"` }), 'sub', 'quotes'],
  ['https', () => ({ prefix: `https://${githubProvider}` }), 'sub', 'https prefix'],
  ['other provider', () => ({ prefix: 'gitlab.com' }), 'sub', 'other provider'],
  ['other audience', ({ others }) => ({ others: { ...others, aud: 'sts.amazonaws.com.cn' } }), 'aud', 'value'],
  ['other actor', ({ others }) => ({ others: { ...others, actor: 'hubot' } }), 'actor', 'value'],
  [
    'actor in another letter case',
    ({ others }) => ({ others: { ...others, actor: 'Octocat' } }),
    'actor',
    'letter case',
  ],
  ['action', () => ({ Action: ['sts:AssumeRole', 'sts:TagSession'] }), 'Action', 'action'],
  [
    'account of the provider',
    () => ({ Principal: { Federated: providerArn.replace('1'.repeat(12), '2'.repeat(12)) } }),
    'Principal',
    'account',
  ],
  ['kind of principal', () => ({ Principal: { AWS: '111111111111' } }), 'Principal', 'kind of principal'],
];

const found = (policy: string, refused: RefusedToken | RefusedSignature) => {
  const { outcome, mismatches } = evaluate(parseTrustPolicy(policy, roleArn, 'one role'), requestOf(refused));
  return {
    outcome,
    where: mismatches.map(({ element, key }) => key?.replace(/^.*:/, '') ?? element),
    codes: mismatches.map((check) => explainMismatch(check, refused).code),
  };
};

describe('one change to a fitting policy is the one reason', () => {
  test.each(changes)('a token: %s', (_what, change, where, code) => {
    fc.assert(
      fc.property(job, (one) => {
        const parts = fitting(one);
        expect(found(written(parts), refusal(one)).outcome).toBe('allowed');
        const changed = change(parts, one);
        fc.pre(changed !== undefined);
        const codes = [typeof code === 'string' ? code : code(one)];
        expect(found(written({ ...parts, ...changed }), refusal(one))).toEqual({
          outcome: 'refused',
          where: [where],
          codes,
        });
      }),
      { numRuns: 100, maxSkipsPerRun: 1000 },
    );
  });

  const first = 'arn:aws:iam::222222222222:role/path/first';
  const signed: RefusedSignature = {
    how: 'signature',
    roleArn,
    label: 'hop 2 of 2',
    message: '',
    caller: first,
    sent: {
      externalId: 'octo',
      sourceIdentity: 'me',
      tags: [{ key: 'Team', value: 'red' }],
      sessionName: 'one',
      mfa: false,
    },
  };
  const conditions = {
    'sts:ExternalId': 'octo',
    'sts:SourceIdentity': 'me',
    'aws:RequestTag/Team': 'red',
    'aws:PrincipalArn': first,
    'sts:RoleSessionName': 'one',
  };
  const policy = (Principal: unknown, StringEquals: object) =>
    JSON.stringify({ Statement: { Effect: 'Allow', Principal, Action: 'sts:*', Condition: { StringEquals } } });

  test.each(Object.keys(conditions))('a signature: %s', (name) => {
    expect(found(policy({ AWS: first }, conditions), signed).outcome).toBe('allowed');
    const changed = { ...conditions, [name]: 'other' };
    expect(found(policy({ AWS: first }, changed), signed)).toEqual({
      outcome: 'refused',
      where: [name.replace(/^.*:/, '')],
      codes: ['value'],
    });
  });

  test.each([
    [first.replace('path/', ''), 'path'],
    [first.replace('path/', 'other/'), 'path'],
    [first.replace('first', 'second'), 'role name'],
    [first.replace('2'.repeat(12), '3'.repeat(12)), 'account'],
    [first.replace('aws', 'aws-cn'), 'partition'],
    [first.replace('first', 'First'), 'letter case'],
    [first.replace('first', '*'), 'principal wildcard'],
  ])('a signature, the principal %s: %s', (AWS, code) => {
    expect(found(policy({ AWS }, conditions), signed)).toEqual({
      outcome: 'refused',
      where: ['Principal'],
      codes: [code],
    });
  });
});
