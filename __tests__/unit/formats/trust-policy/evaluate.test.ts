import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readPolicy } from '../../../../emulator/iam/policy.ts';
import { allows } from '../../../../emulator/iam/trust.ts';
import {
  decide,
  evaluate,
  githubClaims,
  githubProvider,
  matchesPattern,
  parseTrustPolicy,
  providerArn,
  readSigner,
  type SignedRequest,
  type TokenRequest,
} from '../../../../src/formats/trust-policy.ts';

const roleArn = 'arn:aws:iam::111111111111:role/deploy';
const token: TokenRequest = {
  how: 'token',
  roleArn,
  issuer: `https://${githubProvider}`,
  known: 'all claims',
  sessionName: 'GitHubActions',
  claims: {
    aud: 'sts.amazonaws.com',
    sub: 'repo:octo-org/octo-repo:environment:production',
    actor: 'octocat',
    environment: 'production',
    ref: 'refs/heads/main',
    repository_owner: 'octo-org',
  },
};
const signed: SignedRequest = {
  how: 'signature',
  roleArn,
  signer: readSigner('arn:aws:iam::222222222222:role/path/first', undefined),
  sent: { externalId: 'octo', tags: [{ key: 'Team', value: 'red' }], sessionName: 'one' },
};
const key = (claim: string): string => `${githubProvider}:${claim}`;
const allow = (changes: object) => ({ Effect: 'Allow', Principal: '*', Action: 'sts:*', ...changes });
const policyOf = (...Statement: object[]) => parseTrustPolicy(JSON.stringify({ Statement }), roleArn, 'one role');
const outcome = (request: TokenRequest | SignedRequest, ...statements: object[]): string =>
  evaluate(policyOf(...statements), request).outcome;

describe('conditions', () => {
  test.each<[operator: string, key: string, values: unknown, expected: string]>([
    ['StringEquals', key('aud'), 'sts.amazonaws.com', 'allowed'],
    ['StringEquals', key('AUD').toUpperCase(), ['x', 'sts.amazonaws.com'], 'allowed'],
    ['StringEquals', key('aud'), [], 'refused'],
    ['StringNotEquals', key('aud'), [], 'allowed'],
    ['StringLike', key('sub'), 'repo:octo-org/octo-repo:*', 'allowed'],
    ['StringEquals', key('sub'), 'repo:octo-org/octo-repo:*', 'refused'],
    ['StringEqualsIgnoreCase', key('sub'), 'REPO:octo-org/octo-repo:environment:Production', 'allowed'],
    ['ArnLike', key('sub'), 'repo:octo-org/octo-repo:*', 'refused'],
    ['StringEquals', key('actor_id'), '12', 'refused'],
    ['StringNotEquals', key('actor_id'), '12', 'allowed'],
    ['StringEqualsIfExists', key('actor_id'), '12', 'allowed'],
    ['ForAllValues:StringEquals', key('actor_id'), '12', 'allowed'],
    ['ForAnyValue:StringNotEquals', key('actor_id'), '12', 'refused'],
    ['Null', key('actor_id'), 'true', 'allowed'],
    ['Null', key('actor'), true, 'refused'],
    ['StringEquals', key('repository_owner'), 'octo-org', 'refused'],
    ['StringEquals', `https://${key('aud')}`, 'sts.amazonaws.com', 'refused'],
    ['StringNotEquals', 'accounts.google.com:aud', 'x', 'allowed'],
    ['StringEquals', 'aws:FederatedProvider', providerArn(token), 'allowed'],
    ['StringEquals', 'sts:RoleSessionName', 'GitHubActions', 'allowed'],
    ['StringEquals', 'sts:ExternalId', 'x', 'refused'],
    ['IpAddress', 'aws:SourceIp', '10.0.0.0/8', 'unknown'],
    ['StringEquals', 'aws:PrincipalOrgID', 'o-1', 'unknown'],
    ['NullIfExists', key('actor'), 'false', 'unknown'],
    ['DateLessThan', key('aud'), '2026-01-01', 'unknown'],
    ['StringEquals', key('aud'), '$'.concat('{aws:x}'), 'unknown'],
    ['StringEquals', key('aud'), ['$'.concat('{aws:x}'), 'sts.amazonaws.com'], 'allowed'],
    ['NoSuchOperator', key('aud'), 'x', 'unknown'],
  ])('a token: %s %s %j is %s', (operator, name, values, expected) => {
    expect(outcome(token, allow({ Condition: { [operator]: { [name]: values } } }))).toBe(expected);
  });

  test.each<[operator: string, key: string, values: unknown, expected: string]>([
    ['StringEquals', 'sts:ExternalId', 'octo', 'allowed'],
    ['StringEquals', 'aws:RequestTag/team', 'red', 'allowed'],
    ['StringEquals', 'aws:RequestTag/other', 'red', 'refused'],
    ['ForAllValues:StringEquals', 'aws:TagKeys', 'Team', 'allowed'],
    ['StringEquals', 'aws:PrincipalArn', 'arn:aws:iam::222222222222:role/path/first', 'allowed'],
    ['ArnLike', 'aws:PrincipalArn', 'arn:aws:iam::222222222222:role/*/first', 'allowed'],
    ['StringEquals', 'aws:PrincipalAccount', '333333333333', 'refused'],
    ['Bool', 'aws:MultiFactorAuthPresent', 'true', 'refused'],
    ['StringEquals', 'aws:PrincipalTag/x', 'y', 'unknown'],
  ])('a signature: %s %s %j is %s', (operator, name, values, expected) => {
    expect(outcome(signed, allow({ Condition: { [operator]: { [name]: values } } }))).toBe(expected);
  });

  test('of another issuer only aud and sub are known', () => {
    const google = { ...token, issuer: 'https://accounts.google.com' };
    const on = (claim: string, value: string) =>
      outcome(google, allow({ Condition: { StringEquals: { [`accounts.google.com:${claim}`]: value } } }));
    expect([on('aud', 'sts.amazonaws.com'), on('sub', 'x'), on('actor', 'octocat')]).toEqual([
      'allowed',
      'refused',
      'unknown',
    ]);
  });

  test('claims that are not listed are unknown if only some are known, but for the environment', () => {
    const some: TokenRequest = { ...token, known: 'some claims', claims: { aud: 'a', sub: 'b' } };
    const on = (claim: string) => outcome(some, allow({ Condition: { StringEquals: { [key(claim)]: 'x' } } }));
    expect([on('actor'), on('environment'), on('aud')]).toEqual(['unknown', 'refused', 'refused']);
  });
});

describe('a session whose role has an unknown path', () => {
  const session = 'arn:aws:sts::222222222222:assumed-role/first/one';
  const request: SignedRequest = { ...signed, signer: readSigner(undefined, session), sent: {} };
  const start = 'arn:aws:iam::222222222222:role';
  test.each<[statement: object, expected: string]>([
    [{ Principal: { AWS: 'arn:aws:iam::222222222222:root' } }, 'allowed'],
    [{ Principal: { AWS: session } }, 'allowed'],
    [{ Principal: { AWS: `${start}/path/first` } }, 'unknown'],
    [{ Principal: { AWS: `${start}/path/second` } }, 'refused'],
    [{ Condition: { ArnLike: { 'aws:PrincipalArn': [`${start}/first`, `${start}/*/first`] } } }, 'allowed'],
    [{ Condition: { ArnLike: { 'aws:PrincipalArn': `${start}/*/first` } } }, 'unknown'],
    [{ Condition: { StringEquals: { 'aws:PrincipalArn': `${start}/real/first` } } }, 'unknown'],
    [{ Condition: { ArnLike: { 'aws:PrincipalArn': `${start}/*/second` } } }, 'refused'],
    [{ Condition: { StringEquals: { 'sts:SourceIdentity': 'me' } } }, 'unknown'],
  ])('%j is %s', (statement, expected) => expect(outcome(request, allow(statement))).toBe(expected));
});

describe('statements', () => {
  const fails = { Condition: { StringEquals: { [key('actor')]: 'x', [key('ref')]: 'x' } } };
  test('the nearest is the Allow with the fewest mismatches, the first among equals', () => {
    const one = { Condition: { StringEquals: { [key('actor')]: 'x' } } };
    const decision = evaluate(policyOf(allow(fails), allow(one), allow(one)), token);
    expect([decision.outcome, decision.statement?.number, decision.mismatches.length]).toEqual(['refused', 2, 1]);
  });

  test('a Deny that applies wins, one that is unknown makes the outcome unknown, one that fails does nothing', () => {
    const deny = (Condition: object) => ({ Effect: 'Deny', Principal: '*', Action: '*', Condition });
    expect(outcome(token, allow({}), deny({}))).toBe('denied');
    expect(outcome(token, allow({}), deny({ IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } }))).toBe('unknown');
    expect(outcome(token, allow({}), deny({ StringEquals: { [key('actor')]: 'x' } }))).toBe('allowed');
    expect(outcome(token, allow(fails), deny({ IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } }))).toBe('refused');
  });

  test('elements that are not evaluated, and principals of every AWS account for a token, are unknown', () => {
    expect(outcome(token, allow({ Resource: '*' }))).toBe('unknown');
    expect(outcome(token, { Effect: 'Allow', NotPrincipal: { AWS: '*' }, Action: '*' })).toBe('unknown');
    expect(outcome(token, { Effect: 'Allow', Principal: '*', NotAction: 'x' })).toBe('unknown');
    expect(outcome(token, allow({ Principal: { AWS: '*' } }))).toBe('unknown');
  });

  test('a signature needs every action of what it sends', () => {
    const decision = evaluate(policyOf(allow({ Action: 'sts:AssumeRole' })), signed);
    expect([decision.outcome, decision.action]).toEqual(['refused', 'sts:TagSession']);
    expect(outcome(signed, allow({ Action: 'sts:AssumeRole' }), allow({ Action: 'sts:tagsession' }))).toBe('allowed');
  });

  test('of 100 statements the one that fits is found', () => {
    const statements = Array.from({ length: 100 }, (_, index) =>
      allow({
        Condition: { StringLike: { [key('sub')]: index === 96 ? 'repo:octo-org/octo-repo:*' : `repo:o/${index}:*` } },
      }),
    );
    const decision = evaluate(policyOf(...statements), token);
    expect([decision.outcome, decision.statement?.number, decision.statements]).toEqual(['allowed', 97, 100]);
  });

  test('a pattern made to take long does not', () => {
    expect(matchesPattern('a'.repeat(5000), `${'*a'.repeat(2000)}*b`)).toBe(false);
  });
});

// What both evaluators know: the emulator has no "unknown", so random policies keep to the keys and elements that both have.
const subs = [
  'repo:o/r:ref:refs/heads/main',
  'repo:o/r:pull_request',
  'repo:o@1/r@2:environment:p',
  'repo:O/r:ref:refs/heads/main',
];
const patterns = [...subs, 'repo:o/r:*', 'repo:o*', 'repo:?/r:*', '*', 'repo:o/r:ref:refs/heads/*', 'x', ''];
const providers = [providerArn(token), providerArn(token).replace('1111', '2222'), 'x'];
const arns = [
  'arn:aws:iam::222222222222:role/path/first',
  'arn:aws:iam::222222222222:role/first',
  'arn:aws:iam::222222222222:root',
];
const sessions = [
  'arn:aws:sts::222222222222:assumed-role/first/one',
  'arn:aws:sts::222222222222:assumed-role/first/two',
];
const operator = fc
  .tuple(
    fc.constantFrom('', '', '', 'ForAnyValue:', 'ForAllValues:'),
    fc.constantFrom(
      ...['StringEquals', 'StringNotEquals', 'StringLike', 'StringNotLike', 'StringEqualsIgnoreCase'],
      ...['StringNotEqualsIgnoreCase', 'ArnLike', 'ArnNotLike', 'ArnEquals', 'ArnNotEquals', 'Bool'],
    ),
    fc.constantFrom('', '', 'IfExists'),
  )
  .map((parts) => parts.join(''));
const conditions = (keys: readonly string[], values: readonly string[]) =>
  fc
    .array(
      fc.tuple(
        fc.oneof({ weight: 9, arbitrary: operator }, { weight: 1, arbitrary: fc.constant('Null') }),
        fc.constantFrom(...keys),
        fc.array(fc.constantFrom(...values, 'true', 'false'), { maxLength: 3 }),
      ),
      { maxLength: 3 },
    )
    .map((list) => {
      const merged: Record<string, Record<string, readonly string[]>> = {};
      for (const [name, on, wanted] of list) merged[name] = { ...merged[name], [on]: wanted };
      return merged;
    });
const statement = (keys: readonly string[], values: readonly string[], principals: readonly unknown[]) =>
  fc.record({
    Effect: fc.constantFrom('Allow', 'Allow', 'Allow', 'Deny'),
    Principal: fc.constantFrom(...principals),
    Action: fc.constantFrom(
      'sts:*',
      'sts:AssumeRole*',
      'sts:assumerole',
      'sts:AssumeRoleWithWebIdentity',
      'sts:TagSession',
      '*',
    ),
    Condition: conditions(keys, values),
  });

/** Policies of each statement, of each two, and of all. */
const policiesOf = <T>(pool: readonly T[]): readonly (readonly T[])[] => [
  ...pool.map((one) => [one]),
  ...pool.flatMap((one, index) => pool.slice(index + 1).map((other) => [one, other])),
  pool,
];
const optional = (value: string | undefined): readonly string[] => (value === undefined ? [] : [value]);

// Each run compares eleven policies with ten requests, so that most of the time is not spent in making them.
const runs = 500;
const pairs = runs * 11 * 10;
const ten = { minLength: 10, maxLength: 10 };
const read = (Statement: readonly object[]) => ({
  theirs: readPolicy({ Statement }, 'trust'),
  ours: policyOf(...Statement),
  Statement,
});
type Both = ReturnType<typeof read>;

describe('the evaluator and the emulator agree', () => {
  test('on tokens', () => {
    const claimKeys = ['sub', 'aud', 'actor', 'environment', 'SUB', 'repository_owner'].map(key);
    const keys = [...claimKeys, 'other.example.com:sub', 'sts:RoleSessionName'];
    const values = [...patterns, 'sts.amazonaws.com', 'octocat', 'p'];
    const federated = providers.map((Federated) => ({ Federated }));
    const principals = ['*', '*', ...federated, { AWS: '222222222222', Federated: providers }];
    const claims = fc.record(
      {
        aud: fc.constantFrom('sts.amazonaws.com', 'x'),
        sub: fc.constantFrom(...subs),
        actor: fc.constantFrom('octocat', 'x'),
        environment: fc.constant('p'),
        repository_owner: fc.constant('o'),
      },
      { requiredKeys: ['aud', 'sub'] },
    );
    const action = 'sts:AssumeRoleWithWebIdentity';
    const asker = { kind: 'Federated', provider: providerArn(token) } as const;
    const counts = { allowed: 0, all: 0 };
    const agree = (policy: Both, found: Readonly<Record<string, string | undefined>>): void => {
      const known = Object.fromEntries(
        Object.entries(found).flatMap(([name, value]) => (value ? [[name, value]] : [])),
      );
      const context = new Map<string, readonly string[]>([
        ...githubClaims.map((claim) => [key(claim).toLowerCase(), optional(found[claim])] as const),
        ['sts:rolesessionname', ['x']],
      ]);
      const theirs = allows(policy.theirs, asker, action, context);
      const ours = decide(policy.ours, { ...token, claims: known, sessionName: 'x' }, action).outcome;
      if (ours === 'unknown' || (ours === 'allowed') !== theirs)
        throw new Error(JSON.stringify({ Statement: policy.Statement, known, ours }));
      counts.all += 1;
      counts.allowed += theirs ? 1 : 0;
    };
    const pool = fc.array(statement(keys, values, principals), { minLength: 4, maxLength: 4 });
    fc.assert(
      fc.property(pool, fc.array(claims, ten), (statements, tokens) => {
        for (const policy of policiesOf(statements).map(read)) for (const one of tokens) agree(policy, one);
      }),
      { numRuns: runs },
    );
    expect(counts.all).toBe(pairs);
    expect(counts.allowed).toBeGreaterThan(pairs / 100);
  });

  test('on signatures', () => {
    const keys = [
      ...[
        'sts:ExternalId',
        'sts:SourceIdentity',
        'sts:TransitiveTagKeys',
        'sts:RoleSessionName',
        'aws:RequestTag/Team',
      ],
      ...['aws:TagKeys', 'aws:PrincipalArn', 'aws:PrincipalAccount', 'aws:MultiFactorAuthPresent'],
    ];
    const wild = ['arn:aws:iam::222222222222:role/*/first', 'arn:*:first', '*', 'o?to'];
    const values = ['octo', 'red', 'Team', 'Other', '222222222222', ...arns, ...wild];
    const named = [...arns, ...sessions, '*', '222222222222', '333333333333'].map((AWS) => ({ AWS }));
    const principals = ['*', '*', { Service: 'ec2.amazonaws.com' }, ...named, { AWS: arns }];
    const text = fc.constantFrom('octo', 'red', 'x');
    const sent = fc.record(
      {
        externalId: text,
        sourceIdentity: text,
        team: text,
        transitive: fc.boolean(),
        mfa: fc.boolean(),
        action: fc.constantFrom('sts:AssumeRole', 'sts:TagSession'),
      },
      { requiredKeys: ['mfa', 'transitive', 'action'] },
    );
    const [role = ''] = arns;
    const [session = ''] = sessions;
    const asker = { kind: 'AWS', account: '222222222222', partition: 'aws', arns: [role, session] } as const;
    const counts = { allowed: 0, all: 0 };
    const agree = (policy: Both, request: SignedRequest, action: string): void => {
      const { externalId, sourceIdentity, tags = [], transitiveTagKeys = [], mfa } = request.sent;
      const context = new Map<string, readonly string[]>([
        ['sts:externalid', optional(externalId)],
        ['sts:sourceidentity', optional(sourceIdentity)],
        ['sts:transitivetagkeys', transitiveTagKeys],
        ['sts:rolesessionname', ['octo']],
        ['aws:requesttag/team', tags.slice(0, 1).map(({ value }) => value)],
        ['aws:tagkeys', tags.map(({ key: name }) => name)],
        ['aws:principalarn', [role]],
        ['aws:principalaccount', ['222222222222']],
        ['aws:multifactorauthpresent', [String(mfa)]],
      ]);
      const theirs = allows(policy.theirs, asker, action, context);
      const ours = decide(policy.ours, request, action).outcome;
      if (ours === 'unknown' || (ours === 'allowed') !== theirs)
        throw new Error(JSON.stringify({ Statement: policy.Statement, request, ours }));
      counts.all += 1;
      counts.allowed += theirs ? 1 : 0;
    };
    const pool = fc.array(statement(keys, values, principals), { minLength: 4, maxLength: 4 });
    fc.assert(
      fc.property(pool, fc.array(sent, ten), (statements, requests) => {
        const policies = policiesOf(statements).map(read);
        for (const { team, transitive, action, ...rest } of requests) {
          const tags =
            team === undefined
              ? []
              : [
                  { key: 'Team', value: team },
                  { key: 'Other', value: 'x' },
                ];
          const transitiveTagKeys = transitive ? tags.map(({ key: name }) => name) : [];
          const request = {
            ...signed,
            signer: readSigner(role, session),
            sent: { ...rest, tags, transitiveTagKeys, sessionName: 'octo' },
          };
          for (const policy of policies) agree(policy, request, action);
        }
      }),
      { numRuns: runs },
    );
    expect(counts.all).toBe(pairs);
    expect(counts.allowed).toBeGreaterThan(pairs / 100);
  });
});
