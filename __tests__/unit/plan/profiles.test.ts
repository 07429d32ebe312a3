import { describe, expect, test } from '@jest/globals';
import { describeBranches } from '../../../src/session/profiles-report.ts';
import { arns, type Given, idToken, keyInputs, planFrom } from '../../support/plan.ts';

const { deploy, target, final } = arns;
const other = 'arn:aws:iam::444444444444:role/other';
const china = 'arn:aws-cn:iam::555555555555:role/deploy';
const hub = { 'role-to-assume': deploy };

/** By the ID token, by default. */
const plan = (profiles: string, inputs: Given['with'] = {}, env: Given['env'] = idToken) =>
  planFrom({ with: { profiles, ...inputs }, env });
const branchesOf = async (profiles: string, inputs: Given['with'] = {}, env: Given['env'] = idToken) => {
  const planned = await plan(profiles, inputs, env);
  return planned.plan.branches;
};

describe('every kind of value', () => {
  test.each<readonly [kind: string, profiles: string, lines: readonly string[]]>([
    ['a text', `a: ${target}`, ['a → 222222222222/target']],
    ['a list of texts', `a: ['${target}', '${final}']`, ['a → 222222222222/target → 333333333333/final']],
    [
      'a list of maps',
      `a:\n  - role-arn: ${target}\n    external-id: x-1\n  - ${final}`,
      ['a → 222222222222/target (external id) → 333333333333/final'],
    ],
    ['a map', `a: { role-arn: '${target}', region: eu-west-1 }`, ['a (eu-west-1) → 222222222222/target']],
    [
      'a map with roles',
      `a:\n  region: eu-west-1\n  roles: ['${target}', '${final}']`,
      ['a (eu-west-1) → 222222222222/target → 333333333333/final'],
    ],
    ['the shared session', 'a: {}', ['a → the shared session']],
    ['JSON', `{"a": "${target}", "b": {}}`, ['a → 222222222222/target', 'b → the shared session']],
    ['a bare name', 'a: target', ['a → target']],
    [
      'a number and default as names',
      `2024: ${target}\ndefault: {}`,
      ['2024 → 222222222222/target', 'default → the shared session'],
    ],
  ])('%s', async (_kind, profiles, lines) => {
    const { plan: planned } = await plan(profiles, { ...hub, 'role-skip-session-tagging': 'true' });
    expect(describeBranches(planned)).toEqual(lines);
  });

  test('the plan survives JSON', async () => {
    const { plan: planned } = await plan(`a: ${target}\nb: {}`, hub);
    expect(JSON.parse(JSON.stringify(planned)).branches).toEqual(JSON.parse(JSON.stringify(planned.branches)));
    expect(planned.branches.map(({ name }) => name)).toEqual(['a', 'b']);
  });
});

describe('a map that is refused, with the profile and its line', () => {
  test.each<readonly [profiles: string, message: string, hint: string]>([
    [
      `a: ${target}\nb:\n  rol-arn: ${final}`,
      'Input "profiles", b (line 3): "rol-arn" is not a key of a profile.',
      'Did you mean "role-arn"? The keys are role-arn,',
    ],
    [
      `a:\n  - rol-arn: ${final}`,
      'Input "profiles", a, hop 1 of 1 (line 2): "rol-arn" is not a key of a hop.',
      'Did you mean "role-arn"?',
    ],
    [
      `a: ${target}\nb: ${target}\na: ${final}`,
      'Input "profiles", a (line 3): the name is in line 1 already.',
      'a name of its own',
    ],
    [
      `a:\n  role-arn: ${target}\n  role-arn: ${final}`,
      'Input "profiles", a (line 3): "role-arn" is given twice.',
      'Keep one',
    ],
    [
      `a:\n  role-arn: ${target}\n  roles: ['${final}']`,
      'Input "profiles", a (line 2): "role-arn" and "roles" are both given.',
      'in the element of "roles"',
    ],
    [
      `a:\n  roles: ${target}`,
      'Input "profiles", a (line 2): "roles" is a text, where a list belongs.',
      'Write "- arn:…"',
    ],
    [`a:\n  roles: []`, 'Input "profiles", a (line 2): it has an empty list of roles.', '{} for the session'],
    ['a: []', 'Input "profiles", a (line 1): it has an empty list of roles.', '{} for the session'],
    [`a: ${target}\nb:`, 'Input "profiles", b (line 2): it has no role.', '{} for the session'],
    ['a: null', 'Input "profiles", a (line 1): it has no role.', '{} for the session'],
    ['a: { region: eu-west-1 }', 'Input "profiles", a (line 1): "role-arn" is missing.', 'Write arn:aws:iam::'],
    [
      `a: arn:aws:s3:::bucket`,
      'Input "profiles", a (line 1): is neither a role ARN nor a role name.',
      'Write arn:aws:iam::',
    ],
    [
      `a:\n  - ${target}\n  - [x]`,
      'Input "profiles", a, hop 2 of 2 (line 3): is a list, where one role belongs.',
      'Write arn:aws:iam::',
    ],
    [
      `a:\n  role-arn: ${target}\n  region: Frankfurt`,
      'Input "profiles", a (line 3): "region" is not a region.',
      'us-east-1',
    ],
    [`a:\n  role-arn: ${target}\n  duration-seconds: soon`, 'Input "profiles", a (line 3): "duration-seconds" is', ''],
    [
      `a b: ${target}`,
      'Input "profiles", "a b" (line 1): is not the name of a profile that every AWS tool can read.',
      'letters, digits',
    ],
    [`__proto__: ${target}`, 'Input "profiles", "__proto__" (line 1): is not the name', 'letters, digits'],
    [`DEFAULT: ${target}`, 'Input "profiles", "DEFAULT" (line 1): is not the name', 'letters, digits'],
    ['{}', 'Input "profiles" is an empty map.', 'NAME: arn:aws:iam::'],
    [`- ${target}`, 'Input "profiles" is a list, not a map of profiles.', 'NAME: arn:aws:iam::'],
    [`a: ${target}\n  b: x`, 'Input "profiles" is not valid YAML in line 1 (BLOCK_AS_IMPLICIT_KEY)', 'YAML or JSON'],
    [
      `a:\n  role-arn: ${target}\n  duration-seconds: 2h`,
      '"profiles" has a "duration-seconds" of 7200 seconds, but a (line 1) is assumed from another role',
      '3600 or less',
    ],
    [
      `a: ${china}`,
      '"profiles" names for a (line 1) a role in the partition aws-cn, but it is assumed from a role in aws',
      'a second time',
    ],
  ])('%j', async (profiles, message, hint) => {
    await expect(plan(profiles, hub)).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      message: expect.stringContaining(message),
      hint: expect.stringContaining(hint),
    });
  });

  test('the first role from a token needs its whole ARN', async () => {
    await expect(plan(`a: ${target}\nb: deploy`)).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      message: expect.stringMatching(/^Input "profiles" holds the bare name "deploy" for b \(line 2\)/),
    });
  });
});

describe('a conflict', () => {
  test.each<readonly [inputs: Given['with'], profiles: string, message: string]>([
    [{ ...hub, 'aws-profile': 'x' }, `a: ${target}`, '"profiles" and "aws-profile" do not go together'],
    [
      { ...hub, 'output-credentials': 'true' },
      `a: ${target}`,
      '"profiles" and "output-credentials" do not go together',
    ],
    [
      { ...hub, 'use-existing-credentials': 'true' },
      `a: ${target}`,
      '"profiles" and "use-existing-credentials" do not',
    ],
    [
      {},
      `a: ${target}\nb: {}`,
      'Input "profiles", b (line 2), asks for the session of the shared role, and no shared role is given',
    ],
    [
      { 'output-env-credentials': 'true' },
      `a: ${target}`,
      '"output-env-credentials" asks for the session of the shared role, and no',
    ],
    [
      { 'output-sealed-session': 'true' },
      `a: ${target}`,
      '"output-sealed-session" asks for the session of the shared role, and no',
    ],
    ...[
      'role-duration-seconds',
      'role-external-id',
      'inline-session-policy',
      'managed-session-policies',
      'source-identity',
      'mfa-serial',
    ].map((name) => [{ ...hub, [name]: 'x' }, 'a: {}', `"${name}" counts for the last role of each profile`] as const),
    [
      { ...hub, 'role-chain': `[{ role-arn: '${deploy}' }]` },
      `a: ${target}`,
      '"role-chain" and "role-to-assume" both name',
    ],
    [
      { ...keyInputs, 'mfa-serial': 'arn:aws:iam::111111111111:mfa/x', 'mfa-code': '123456' },
      `a: ${target}\nb: ${final}`,
      'One "mfa-code" is given for 2 roles, such as a (line 1) and b (line 2)',
    ],
  ])('%j', async (inputs, profiles, message) => {
    await expect(plan(profiles, inputs)).rejects.toMatchObject({
      code: 'INPUT_CONFLICT',
      message: expect.stringContaining(message),
    });
  });

  test('a code for one profile is sent with it', async () => {
    const mfa = { serial: 'arn:aws:iam::111111111111:mfa/x', code: '123456' };
    const branches = await branchesOf(`a: ${target}`, { ...keyInputs, 'mfa-serial': mfa.serial, 'mfa-code': mfa.code });
    expect(branches.map(({ hops }) => hops[0]?.mfa)).toEqual([mfa]);
  });
});

describe('what an entry does not say', () => {
  const policy = '{"Version":"2012-10-17","Statement":[]}';

  test('what counts for the last role counts for the last role of each profile, and not for the shared one', async () => {
    const inputs = {
      ...hub,
      'role-duration-seconds': '1200',
      'role-external-id': 'outside',
      'inline-session-policy': policy,
      'source-identity': 'me',
    };
    const { plan: planned } = await plan(
      `a: ['${target}', '${final}']\nb: { role-arn: '${other}', external-id: own }`,
      inputs,
    );
    const last = { durationSeconds: 1200, inlinePolicy: policy, sourceIdentity: 'me' };
    const before = { durationSeconds: 3600, externalId: undefined, inlinePolicy: undefined, sourceIdentity: undefined };
    expect(planned.branches).toMatchObject([
      {
        hops: [
          { role: target, ...before },
          { role: final, ...last, externalId: 'outside' },
        ],
      },
      { hops: [{ role: other, ...last, externalId: 'own' }] },
    ]);
    expect(planned.trunk.hops).toMatchObject([{ role: deploy, durationSeconds: 3600, inlinePolicy: undefined }]);
  });

  test('the session name and the tags are of every role', async () => {
    const inputs = { ...keyInputs, 'role-session-name': 'release', 'custom-tags': '{"Team":"red"}' };
    const branches = await branchesOf(
      `a: ['${target}', '${final}']\nb: { role-arn: '${other}', session-name: own }`,
      inputs,
    );
    expect(branches).toMatchObject([
      { hops: [{ sessionName: 'release' }, { sessionName: 'release' }] },
      { hops: [{ sessionName: 'own' }] },
    ]);
    const teams = branches.flatMap(({ hops }) =>
      hops.map(({ tags = [] }) => tags.find(({ key }) => key === 'Team')?.value),
    );
    expect(teams).toEqual(['red', 'red', 'red']);
  });

  test('a tag that the shared role hands down is not sent again', async () => {
    const chain = `[{ role-arn: '${deploy}' }, { role-arn: '${target}', tags: { Team: red }, transitive-tag-keys: Team }]`;
    const branches = await branchesOf(`a: ${final}`, {
      'role-chain': chain,
      'custom-tags': '{"Team":"red","Cost":"1"}',
    });
    expect(branches[0]?.hops[0]?.tags?.map(({ key }) => key)).toEqual(['Cost']);
  });

  test('a role by the ID token may last 12 hours', async () => {
    expect(await branchesOf(`a: ${target}`, { 'role-duration-seconds': '12h' })).toMatchObject([
      { hops: [{ durationSeconds: 43_200 }] },
    ]);
  });

  test('a role in China gets a token of its own, unless one audience is given for all', async () => {
    const audiences = async (inputs: Given['with']) =>
      (await branchesOf(`a: ${target}\nb: ${china}`, inputs)).map(({ hops }) => hops[0]?.audience);
    expect(await audiences({})).toEqual([undefined, 'sts.amazonaws.com.cn']);
    expect(await audiences({ audience: 'mine' })).toEqual([undefined, undefined]);
  });

  test('what a request with a token has no field for is warned of, once', async () => {
    const { warnings } = await plan(`a: ${target}\nb: { role-arn: '${final}', tags: { Team: red } }`, {
      'role-external-id': 'outside',
    });
    expect(warnings).toEqual([
      'Input "role-external-id" is not sent: a role that is assumed with a token takes no external id.',
      'Input "profiles", b (line 2): "tags" is not sent: a role that is assumed with a token takes no session tags.',
    ]);
  });

  test('tags that are never sent and transitive keys of no tag are named with the profile', async () => {
    const { warnings } = await plan(`a: { role-arn: '${final}', transitive-tag-keys: Nobody }`, hub);
    expect(warnings).toEqual([
      'Input "profiles", a: "transitive-tag-keys" names "Nobody", which is the key of no session tag.',
    ]);
  });
});

describe('the source', () => {
  const irsa = { AWS_WEB_IDENTITY_TOKEN_FILE: '/token', AWS_ROLE_ARN: deploy };
  test.each<readonly [source: string, inputs: Given['with'], env: Given['env'], trunk: readonly string[]]>([
    ['oidc', {}, idToken, []],
    ['static', keyInputs, {}, []],
    ['web-identity', { 'web-identity-token-file': '/token' }, irsa, []],
    ['web-identity', {}, irsa, [deploy]],
    ['web-identity', {}, { AWS_WEB_IDENTITY_TOKEN_FILE: '/token' }, []],
    [
      'cognito',
      { 'cognito-identity-pool-id': 'us-east-1:11111111-aaaa-4aaa-8aaa-111111111111', 'cognito-flow': 'basic' },
      idToken,
      [],
    ],
    ['environment', {}, { AWS_ACCESS_KEY_ID: 'AKIA', AWS_SECRET_ACCESS_KEY: 's' }, []],
  ])('%s with %j has what it shares in the trunk', async (source, inputs, env, trunk) => {
    const { plan: planned } = await plan(`a: ${target}`, inputs, env);
    expect(planned.trunk).toMatchObject({ source: { kind: source }, hops: trunk.map((role) => ({ role })) });
    expect(planned.branches).toMatchObject([{ name: 'a', hops: [{ role: target }] }]);
  });
});
