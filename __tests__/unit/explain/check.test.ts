import { describe, expect, test } from '@jest/globals';
import { checkPolicy, roleOfPolicy } from '../../../src/explain/check.ts';
import { claimsOfJob, replaceClaims } from '../../../src/explain/job-claims.ts';
import { githubProvider } from '../../../src/formats/trust-policy.ts';

const roleArn = 'arn:aws:iam::111111111111:role/deploy';
const providerArn = `arn:aws:iam::111111111111:oidc-provider/${githubProvider}`;
const facts = { repository: 'octo-org/octo-repo', ref: 'refs/heads/main', audience: 'sts.amazonaws.com' };
const issuer = `https://${githubProvider}`;
const statement = (Condition: object, changes: object = {}) => ({
  Effect: 'Allow',
  Principal: { Federated: providerArn },
  Action: 'sts:AssumeRoleWithWebIdentity',
  Condition,
  ...changes,
});
const key = (claim: string): string => `${githubProvider}:${claim}`;
const aud = { [key('aud')]: 'sts.amazonaws.com' };
const check = (...Statement: readonly object[]) =>
  checkPolicy(
    { roleArn, claims: claimsOfJob(facts), issuer, known: 'some claims' },
    'p.json',
    JSON.stringify({ Statement }),
  );

describe('warnings', () => {
  const sub = (operator: string, value: string) => ({
    StringEquals: aud,
    [operator]: { ...(operator === 'StringEquals' ? aud : {}), [key('sub')]: value },
  });
  test.each<[what: string, condition: object, warning: RegExp | undefined]>([
    ['exact', sub('StringEquals', 'repo:octo-org/octo-repo:pull_request'), undefined],
    ['the repository in full', sub('StringLike', 'repo:octo-org/octo-repo:*'), undefined],
    ['the repository in full, with ids', sub('StringLike', 'repo:octo-org@65/octo-repo@74:*'), undefined],
    ['branches by pattern', sub('StringLike', 'repo:octo-org/octo-repo:ref:refs/heads/release/*'), undefined],
    ['owner with *', sub('StringLike', 'repo:octo-org*'), /"repo:octo-org\*" of sub matches subjects of other owners/],
    ['part of an owner', sub('StringLike', 'repo:octo-*/octo-repo:*'), /other owners/],
    ['everything', sub('StringLike', '*'), /other owners/],
    ['all repositories', sub('StringLike', 'repo:octo-org/*'), /other repositories/],
    ['part of a repository', sub('StringLike', 'repo:octo-org/octo-repo*'), /other repositories/],
    [
      'any repository in an environment',
      sub('StringLike', 'repo:octo-org/*:environment:production'),
      /other repositories/,
    ],
    [
      'ForAllValues',
      sub('ForAllValues:StringEquals', 'repo:octo-org/octo-repo:pull_request'),
      /^Statement 1: ForAllValues:StringEquals on sub is true for a token without that claim; write StringEquals\.$/,
    ],
    ['a literal wildcard', sub('StringEquals', 'repo:octo-org/octo-repo:*'), /literally; StringLike/],
    ['no sub', { StringEquals: aud }, /no condition that requires a sub/],
    [
      'only an excluded sub',
      sub('StringNotEquals', 'repo:octo-org/octo-repo:pull_request'),
      /no condition that requires a sub/,
    ],
    [
      'no aud',
      { StringEquals: { [key('sub')]: 'repo:octo-org/octo-repo:pull_request' } },
      /no condition that requires an aud/,
    ],
    [
      'a claim without a key',
      { StringEquals: { ...aud, [key('sub')]: 'x', [key('repository_owner')]: 'x' } },
      /AWS has no condition key "token\.actions\.githubusercontent\.com:repository_owner"/,
    ],
    [
      'a key of another provider',
      { StringEquals: { ...aud, [key('sub')]: 'x', [`https://${key('sub')}`]: 'x' } },
      /is not of the provider/,
    ],
  ])('%s', (_what, condition, warning) => {
    const { warnings } = check(statement(condition));
    expect(warnings).toEqual(warning === undefined ? [] : [expect.stringMatching(warning)]);
  });

  test('none of a Deny, and none of a statement for other principals', () => {
    expect(
      check(statement({}, { Effect: 'Deny' }), statement({}, { Principal: { AWS: '111111111111' } })).warnings,
    ).toEqual([]);
  });
});

describe('what the checker decides', () => {
  const allowing = statement({ StringEquals: { ...aud, [key('sub')]: 'repo:octo-org/octo-repo:ref:refs/heads/main' } });
  test('allowed', () => {
    expect(check(allowing)).toEqual({
      allowed: true,
      lines: ['trust-policy p.json: statement 1 of 1 allows this token.'],
      warnings: [],
    });
  });
  test('refused, and unknown', () => {
    expect(check(statement({ StringEquals: { ...aud, [key('sub')]: 'x' } })).allowed).toBe(false);
    const unknown = check(
      statement({ StringEquals: { ...aud, [key('sub')]: claimsOfJob(facts).sub, [key('actor')]: 'octocat' } }),
    );
    expect(unknown.allowed).toBeUndefined();
    expect(unknown.lines).toContainEqual(expect.stringMatching(/^cannot be evaluated here: StringEquals .*:actor$/));
  });
});

describe('the role that a policy is of', () => {
  test.each<[document: object, role: string | undefined]>([
    [{ Role: { Arn: roleArn, AssumeRolePolicyDocument: {} } }, roleArn],
    [{ [roleArn]: {} }, roleArn],
    [{ [roleArn]: {}, 'arn:aws:iam::111111111111:role/other': {} }, undefined],
    [{ Statement: statement({}) }, 'arn:aws:iam::111111111111:role/ROLE'],
    [{ Statement: statement({}, { Principal: '*' }) }, undefined],
  ])('%j: %s', (document, role) => expect(roleOfPolicy(JSON.stringify(document))).toBe(role));
});

describe('the claims of a job', () => {
  test.each<[changes: object, sub: string]>([
    [{}, 'repo:octo-org/octo-repo:ref:refs/heads/main'],
    [{ event: 'pull_request' }, 'repo:octo-org/octo-repo:pull_request'],
    [{ environment: 'a:b', event: 'pull_request' }, 'repo:octo-org/octo-repo:environment:a%3Ab'],
    [{ ids: { owner: '65', repository: '74' } }, 'repo:octo-org@65/octo-repo@74:ref:refs/heads/main'],
  ])('%j', (changes, sub) => expect(claimsOfJob({ ...facts, ...changes }).sub).toBe(sub));

  const workflow = 'octo-org/octo-repo/.github/workflows/deploy.yml@';
  const here = {
    sub: 'repo:octo-org@65/octo-repo@74:pull_request',
    ref: 'refs/pull/5/merge',
    event_name: 'pull_request',
    job_workflow_ref: `${workflow}refs/pull/5/merge`,
  };
  test.each<[replacements: object, expected: object]>([
    [{}, here],
    [{ environment: 'p' }, { ...here, environment: 'p', sub: 'repo:octo-org@65/octo-repo@74:environment:p' }],
    [
      { ref: 'refs/heads/main' },
      {
        ref: 'refs/heads/main',
        event_name: 'push',
        job_workflow_ref: `${workflow}refs/heads/main`,
        sub: 'repo:octo-org@65/octo-repo@74:ref:refs/heads/main',
      },
    ],
    [{ event: 'push' }, { ...here, event_name: 'push', sub: 'repo:octo-org@65/octo-repo@74:ref:refs/pull/5/merge' }],
  ])('replaced by %j', (replacements, expected) => expect(replaceClaims(here, replacements)).toEqual(expected));

  test('a customized subject is unknown after a replacement', () => {
    for (const sub of ['repository_owner:octo-org', 'repo:octo-org/octo-repo:actor:octocat']) {
      expect(replaceClaims({ ...here, sub }, { environment: 'p' })).not.toHaveProperty('sub');
    }
  });
});
