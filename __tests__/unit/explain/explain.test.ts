import { describe, expect, test } from '@jest/globals';
import { explain } from '../../../src/explain/explain.ts';
import type { RefusedSignature, RefusedToken } from '../../../src/explain/refusal.ts';

const roleArn = 'arn:aws:iam::111111111111:role/deploy';
const provider = 'token.actions.githubusercontent.com';
const providerArn = `arn:aws:iam::111111111111:oidc-provider/${provider}`;
const claimsOf = (sub: string, rest: Readonly<Record<string, string>> = {}) => ({
  aud: 'sts.amazonaws.com',
  sub,
  ref: 'refs/heads/main',
  event_name: 'push',
  repository_owner: 'octo-org',
  actor: 'octocat',
  job_workflow_ref: 'octo-org/octo-repo/.github/workflows/deploy.yml@refs/heads/main',
  jti: 'secret-jti',
  ...rest,
});
const token = (sub: string, rest: Readonly<Record<string, string>> = {}): RefusedToken => ({
  how: 'token',
  roleArn,
  label: 'role-to-assume',
  message: 'Not authorized to perform sts:AssumeRoleWithWebIdentity',
  issuer: `https://${provider}`,
  claims: claimsOf(sub, rest),
});
const repo = 'repo:octo-org/octo-repo';
const main = `${repo}:ref:refs/heads/main`;
const production = `${repo}:environment:production`;
const pull = `${repo}:pull_request`;
const onPull = token(pull, { event_name: 'pull_request', ref: 'refs/pull/5/merge' });

type Statement = Readonly<Record<string, unknown>>;
const trust = (changes: Statement): Statement => ({
  Effect: 'Allow',
  Principal: { Federated: providerArn },
  Action: 'sts:AssumeRoleWithWebIdentity',
  ...changes,
});
const on = (operator: string, sub: unknown, key = 'sub'): Statement =>
  trust({ Condition: { StringLike: { [`${provider}:aud`]: '*' }, [operator]: { [`${provider}:${key}`]: sub } } });
const given = (...Statement: readonly Statement[]) => ({
  name: 'infra/deploy-trust.json',
  text: JSON.stringify({ Version: '2012-10-17', Statement }),
  planned: 'one role' as const,
});
const linesOf = (refusal: RefusedToken | RefusedSignature, ...statements: readonly Statement[]): readonly string[] =>
  explain(refusal, statements.length === 0 ? undefined : given(...statements)).lines;

test('with a policy, as the contract writes it', () => {
  const lines = linesOf(
    token(production),
    on('StringEquals', main),
    trust({ Action: 'x', Principal: '*', Condition: { Bool: { a: 'b' } } }),
  );
  expect(lines).toEqual([
    'trust-policy infra/deploy-trust.json: nearest is statement 1 of 2; one thing does not match:',
    '  StringEquals sub',
    `    policy  ${main}`,
    `    token   ${production}`,
    '  → the job names "environment: production", so its subject holds that and no branch',
    `Let it in: add "${production}" to the values of sub, or leave "environment" out of the job.`,
  ]);
});

test('without a policy, as the contract writes it', () => {
  expect(linesOf(token(production))).toEqual([
    "AWS does not say whether the role is missing or which condition of its trust policy fails. This job's token says:",
    '  aud  sts.amazonaws.com',
    `  sub  ${production}   (the environment form, as the job names "environment: production")`,
    '  job_workflow_ref  octo-org/octo-repo/.github/workflows/deploy.yml@refs/heads/main · ref refs/heads/main · event push',
    `A condition that fits it: {"StringEquals":{"${provider}:aud":"sts.amazonaws.com","${provider}:sub":"${production}"}}`,
    'Look at the policy: aws iam get-role --role-name deploy --query Role.AssumeRolePolicyDocument',
    'Or let this step compare: trust-policy: path/of/that.json',
  ]);
});

describe('the causes that a token meets', () => {
  test.each<[what: string, refusal: RefusedToken, statement: Statement, words: readonly string[]]>([
    [
      'another aud',
      token(main),
      on('StringEquals', 'https://example.com', 'aud'),
      [
        'StringEquals aud',
        'policy  https://example.com',
        'token   sts.amazonaws.com',
        '"audience"',
        'set "audience: https://example.com"',
      ],
    ],
    [
      'another branch',
      token(`${repo}:ref:refs/heads/dev`, { ref: 'refs/heads/dev' }),
      on('StringEquals', main),
      ['→ another branch: the run is of "dev", the policy trusts "main"', 'or run it on the branch "main"'],
    ],
    [
      'an environment',
      token(production),
      on('StringEquals', main),
      ['environment: production', 'no branch', 'or leave "environment" out of the job.'],
    ],
    [
      'an environment on another branch',
      token(production, { ref: 'refs/heads/dev' }),
      on('StringEquals', main),
      ['leave "environment" out of the job and run it on the branch "main"'],
    ],
    [
      'a pull request',
      onPull,
      on('StringEquals', main),
      ['→ the run is of a pull request', 'pull_request and holds no branch', '(any pull request of the repository)'],
    ],
    [
      'no environment',
      token(main),
      on('StringEquals', production),
      ['the job names no environment', 'or name "environment: production" in the job.'],
    ],
    [
      'another environment',
      token(production),
      on('StringEquals', `${repo}:environment:staging`),
      ['→ another environment: the job names "production"', 'name "environment: staging"'],
    ],
    [
      'the environment in another letter case',
      token(production),
      on('StringEquals', `${repo}:environment:Production`),
      ['upper and lower case'],
    ],
    [
      'a pull request, environment wanted',
      onPull,
      on('StringEquals', production),
      ['pull request', 'the job names no environment'],
    ],
    [
      'pull requests wanted',
      token(main),
      on('StringEquals', pull),
      ['the run is of the branch "main"; the policy trusts a pull request', 'or run it for pull requests'],
    ],
    [
      'pull_request_target',
      token(main, { event_name: 'pull_request_target' }),
      on('StringEquals', pull),
      ['pull_request_target has the ref form'],
    ],
    [
      'a tag instead of a branch',
      token(`${repo}:ref:refs/tags/v1`, { ref: 'refs/tags/v1' }),
      on('StringEquals', main),
      ['the run is of the tag "v1"', 'trusts a branch'],
    ],
    [
      'a branch instead of a tag',
      token(main),
      on('StringLike', `${repo}:ref:refs/tags/*`),
      ['the run is of the branch "main"', 'trusts a tag'],
    ],
    [
      'a literal wildcard',
      token(main),
      on('StringEquals', `${repo}:*`),
      ['StringEquals takes * and ? literally', 'StringLike', `add "${main}"`],
    ],
    [
      'a literal wildcard over repositories',
      token(main),
      on('StringEquals', 'repo:octo-org/*'),
      ['literally', `Let it in: add "${main}" to the values of sub.`],
    ],
    ['a pattern without the end', token(main), on('StringLike', repo), ['ends too early', '":*"']],
    ['a pattern that ends in a colon', token(main), on('StringLike', `${repo}:`), ['ends too early']],
    ['a pattern that ends in ref', token(main), on('StringLike', `${repo}:ref:refs/heads/`), ['ends too early', '"*"']],
    [
      'the owner in another letter case',
      token(main),
      on('StringLike', 'repo:Octo-Org/octo-repo:*'),
      ['upper and lower case'],
    ],
    [
      'another owner',
      token(main),
      on('StringLike', 'repo:other/octo-repo:*'),
      ['→ another owner: the job is of "octo-org", the policy trusts "other"'],
    ],
    ['another repository', token(main), on('StringLike', 'repo:octo-org/other:*'), ['→ another repository']],
    [
      'another owner id',
      token('repo:octo-org@65/octo-repo@74:pull_request'),
      on('StringLike', 'repo:octo-org@66/octo-repo@74:*'),
      ['another owner id'],
    ],
    [
      'another repository id',
      token('repo:octo-org@65/octo-repo@74:pull_request'),
      on('StringLike', 'repo:octo-org@65/octo-repo@75:*'),
      ['another repository id'],
    ],
    [
      'a policy by name, a token with ids',
      token('repo:octo-org@65/octo-repo@74:ref:refs/heads/main'),
      on('StringEquals', main),
      ['immutable form', 'ids', 'add "repo:octo-org@65/octo-repo@74:ref:refs/heads/main"', 'in place of the name'],
    ],
    [
      'a policy with ids, a token by name',
      token(main),
      on('StringEquals', 'repo:octo-org@65/octo-repo@74:ref:refs/heads/main'),
      ['names alone', 'immutable form'],
    ],
    [
      'a policy by name for another branch, a token with ids',
      token('repo:octo-org@65/octo-repo@74:ref:refs/heads/dev'),
      on('StringEquals', main),
      ['another branch', 'has ids, too'],
    ],
    [
      'a colon in an environment',
      token(`${repo}:environment:a%3Ab`),
      on('StringEquals', `${repo}:environment:a:b`),
      ['%3A'],
    ],
    [
      'a literal wildcard, a token with ids',
      token('repo:octo-org@65/octo-repo@74:environment:production'),
      on('StringEquals', `${repo}:*`),
      ['literally', 'has ids, too'],
    ],
    [
      'a form that GitHub does not have',
      token(main),
      on('StringEquals', `${repo}:branch:main`),
      ['no such form', 'ref:refs/heads/NAME'],
    ],
    ['pull-request', onPull, on('StringEquals', `${repo}:pull-request`), ['no such form', 'pull_request']],
    [
      'an excluded subject',
      onPull,
      on('StringNotLike', `${repo}:pull_request`),
      ['excludes this value; the repository, and the environment, event'],
    ],
    ['a short ref', token(main), on('StringEquals', `${repo}:ref:main`), ['whole ref']],
    ['a short ref under its own key', token(main), on('StringEquals', 'main', 'ref'), ['whole ref: "refs/heads/main"']],
    [
      'no repo: in front',
      token(main),
      on('StringEquals', 'octo-org/octo-repo:ref:refs/heads/main'),
      ['begins with "repo:"'],
    ],
    ['a blank at the end', token(main), on('StringEquals', `${main} `), ['blank']],
    ['quotes in the value', token(main), on('StringEquals', `"${main}"`), ['quotes']],
    ['a list in one text', token(main), on('StringEquals', `${pull}, ${main}`), ['JSON array']],
    ['an ARN operator', token(main), on('ArnLike', `${repo}:*`), ['compares ARNs only']],
    [
      'a workflow without its ref',
      token(main),
      on('StringEquals', 'octo-org/octo-repo/.github/workflows/deploy.yml', 'job_workflow_ref'),
      ['"@refs/heads/main"'],
    ],
    [
      'another actor',
      token(main),
      on('StringEquals', 'hubot', 'actor'),
      ['who starts the run', 'add "octocat" to the values of actor'],
    ],
    [
      'an actor that is excluded',
      token(main),
      on('StringNotEquals', 'octocat', 'actor'),
      ['excludes', 'take "octocat" out'],
    ],
    [
      'a claim that is absent',
      token(main),
      on('StringEquals', 'production', 'environment'),
      ['token   (absent)', 'names no environment'],
    ],
    [
      'repository_owner',
      token(main),
      on('StringEquals', 'octo-org', 'repository_owner'),
      ['AWS has no condition key for the claim "repository_owner"', 'part of sub'],
    ],
    ['iss', token(main), on('StringEquals', `https://${provider}`, 'iss'), ['no condition key for the claim "iss"']],
    [
      'https in a key',
      token(main),
      trust({ Condition: { StringEquals: { [`https://${provider}:sub`]: main } } }),
      [`must be written ${provider}:sub`],
    ],
    [
      'a key of another provider',
      token(main),
      trust({ Condition: { StringEquals: { 'token.action.githubusercontent.com:sub': main } } }),
      ['another provider', `${provider}:sub`],
    ],
    [
      'a key without a provider',
      token(main),
      trust({ Condition: { StringEquals: { sub: main } } }),
      [`must be written ${provider}:sub`],
    ],
    [
      'the action of signatures',
      token(main),
      trust({ Action: 'sts:AssumeRole' }),
      ['  Action', 'a token needs sts:AssumeRoleWithWebIdentity'],
    ],
    [
      'a provider of another account',
      token(main),
      trust({ Principal: { Federated: providerArn.replace('1111', '2222') } }),
      ['  Principal', "role's own account, 111111111111"],
    ],
    [
      'another provider',
      token(main),
      trust({ Principal: { Federated: 'arn:aws:iam::111111111111:oidc-provider/gitlab.com' } }),
      ['another provider'],
    ],
    [
      'https in the provider',
      token(main),
      trust({ Principal: { Federated: providerArn.replace('/token', '/https://token') } }),
      ['no "https://"'],
    ],
    [
      'another partition',
      token(main),
      trust({ Principal: { Federated: providerArn.replace('aws', 'aws-cn') } }),
      ['partition "aws-cn"'],
    ],
    ['a principal of AWS', token(main), trust({ Principal: { AWS: '111111111111' } }), ['a token needs "Federated"']],
    [
      'a customized subject',
      token('repository_owner:octo-org:job_workflow_ref:x'),
      on('StringEquals', main),
      ['customized'],
    ],
  ])('%s', (_what, refusal, statement, words) => {
    const text = linesOf(refusal, statement).join('\n');
    for (const word of words) expect(text).toContain(word);
    expect(text).toContain('one thing does not match');
    expect(text.split('\n').length).toBeLessThanOrEqual(11);
    expect(text).not.toContain('secret-jti');
  });

  test('a Deny that applies', () => {
    const deny = trust({ Effect: 'Deny', Condition: { StringNotEquals: { [`${provider}:actor`]: 'hubot' } } });
    expect(linesOf(token(main), on('StringEquals', main), deny)).toEqual([
      'trust-policy infra/deploy-trust.json: statement 2 of 2 denies it: every condition of that Deny holds for this token',
      '  StringNotEquals actor',
      '    policy  hubot',
      '    token   octocat',
      '  → the Deny is for every other value of actor; who starts the run decides it',
      'Let it in: add "octocat" to the values of actor in that Deny, or change the job so that it has one of them.',
    ]);
  });

  test('a policy that allows it', () => {
    expect(linesOf(token(main), on('StringEquals', main)).join('\n')).toContain(
      'The file allows this token. Is it the policy of that role now? Does the role exist? An SCP or RCP may deny.',
    );
  });

  test('what is unknown is no cause', () => {
    const text = linesOf(token(main), trust({ Condition: { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } } })).join('\n');
    expect(text).toContain('cannot be evaluated here: IpAddress aws:SourceIp');
    expect(text).not.toMatch(/→|Let it in|does not match/);
  });

  test('many mismatches: two in full, three values each, twelve lines with the first', () => {
    const values = Array.from({ length: 100 }, (_, index) => `repo:octo-org/r${index}:*`);
    const keys = ['sub', 'actor', 'ref', 'repository', 'workflow'].map((claim) => [`${provider}:${claim}`, values]);
    const condition = { StringLike: Object.fromEntries(keys), IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } };
    const lines = linesOf(token(main), trust({ Condition: condition }));
    expect(lines.length).toBeLessThanOrEqual(11);
    expect(lines.join('\n')).toContain('repo:octo-org/r2:* and 97 more');
    expect(lines).toContainEqual('  and 3 more; cannot be evaluated here: IpAddress aws:SourceIp');
  });
});

describe('without a policy', () => {
  const textOf = (refusal: RefusedToken | RefusedSignature) => explain(refusal, undefined).lines;
  test.each<[what: string, refusal: RefusedToken, words: readonly string[]]>([
    ['a pull request', onPull, ['the pull request form, whatever the branch', 'any pull request']],
    ['a branch', token(main), ['the ref form, of a branch', 'narrower']],
    ['a tag', token(`${repo}:ref:refs/tags/v1`), ['the ref form, of a tag']],
    [
      'ids',
      token('repo:octo-org@65/octo-repo@74:pull_request'),
      ['with ids', `["repo:octo-org@65/octo-repo@74:pull_request","${pull}"]`, 'can go once no job shows it'],
    ],
    ['a customized subject', token('x:y'), ['a customized form']],
    [
      'an enterprise issuer',
      { ...token(main), issuer: `https://${provider}/octo` },
      [`{"StringEquals":{"${provider}/octo:aud"`],
    ],
    [
      'a server',
      { ...token(main), issuer: 'https://ghes.example.com/_services/token' },
      ['"ghes.example.com/_services/token:sub"'],
    ],
    [
      'a role with a path',
      { ...token(main), roleArn: 'arn:aws:iam::111111111111:role/a/b/deploy' },
      ['--role-name deploy '],
    ],
    ['a token that is not a JWT', { ...token(main), claims: {} }, ['Check that the trust policy of the role allows']],
  ])('%s', (_what, refusal, words) => {
    const lines = textOf(refusal);
    for (const word of words) expect(lines.join('\n')).toContain(word);
    expect(lines.length).toBeLessThanOrEqual(8);
    expect(lines.join('\n')).not.toMatch(/secret-jti|repository_owner|octocat/);
  });

  test.each([
    'Incorrect token audience',
    'No OpenIDConnect provider found in your account for https://x',
    'User: x is not authorized to perform: sts:TagSession on resource: y',
    'User: x is not authorized to perform: sts:AssumeRole on resource: y with an explicit deny in a service control policy: arn:aws:organizations::1:policy/o-1/p-1',
    'User: x is not authorized to perform: sts:AssumeRole on resource: y because no identity-based policy allows the sts:AssumeRole action',
  ])('AWS names the cause itself: %s', (message) => {
    expect(explain({ ...token(main), message }, given(on('StringEquals', pull)))).toEqual({ lines: [] });
  });

  test('a file that is not a policy is a warning, and the rest is as without one', () => {
    const explained = explain(token(main), { name: 'x.json', text: 'secret-value', planned: 'one role' });
    expect(explained.lines).toEqual(textOf(token(main)));
    expect(explained.warning).toBe(
      'The refusal is not compared with a trust policy: Input "trust-policy" is not a JSON object.',
    );
  });
});
