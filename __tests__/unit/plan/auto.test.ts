// The rules of `auto`, combination by combination: what is given, and which source it makes.
import { describe, expect, test } from '@jest/globals';
import { readInputs } from '../../../src/inputs/inputs.ts';
import { makePlan } from '../../../src/plan/plan.ts';
import { surroundings } from '../../support/profiles.ts';
import { kinds, sourceCases } from '../../support/source-cases.ts';

type Texts = Readonly<Record<string, string>>;

const role = 'arn:aws:iam::111111111111:role/deploy';
const idToken = {
  ACTIONS_ID_TOKEN_REQUEST_URL: 'https://token.example/?x=1',
  ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'request-token',
};
const environment = { AWS_ACCESS_KEY_ID: 'AKIAENVIRONMENT', AWS_SECRET_ACCESS_KEY: 'environment-secret' };
const webIdentity = { AWS_WEB_IDENTITY_TOKEN_FILE: '/token', AWS_ROLE_ARN: role };
const container = { AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: '/role' };
const localContainer = { AWS_CONTAINER_CREDENTIALS_FULL_URI: 'http://localhost:9911/role' };
const everything = { ...idToken, ...environment, ...webIdentity, ...container, AWS_PROFILE: 'keys' };

const keysIn = (header: string) => `[${header}]\naws_access_key_id = AKIAPROFILE\naws_secret_access_key = in-a-file\n`;
const files = {
  '/home/runner/.aws/config': [
    keysIn('profile keys'),
    '[profile login]\nregion = eu-west-1\nsso_session = corp\nsso_account_id = 111111111111\nsso_role_name = ReadOnly\n',
    '[profile empty]\nregion = eu-west-1\n',
    `[profile passed-on]\nrole_arn = ${role}\ncredential_source = Environment\n`,
    '[sso-session corp]\nsso_region = eu-west-1\nsso_start_url = https://corp.example/start\n',
  ].join(''),
};
const withDefault = { '/home/runner/.aws/credentials': keysIn('default') };

interface Given {
  readonly with?: Texts | undefined;
  readonly env?: Texts | undefined;
  readonly files?: Texts | undefined;
}

/** In a region, unless another is given. */
async function decisionOf({ with: inputs = {}, env = {}, files: shared = files }: Given) {
  const given = Object.entries({ 'aws-region': 'us-east-1', ...inputs });
  const variables = Object.fromEntries(given.map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]));
  const all = { ...env, ...variables };
  const plans = await makePlan(
    readInputs(all, () => {}),
    surroundings(all, shared),
  );
  return { ...plans.first, ...plans };
}

/** What every source is offered by, at once. */
const allOffers: Texts = Object.assign({}, ...sourceCases.map(({ offer }) => offer?.env ?? {}));
const someFiles = [files, ...sourceCases.map((own) => own.files ?? {})];
const allFiles: Texts = Object.fromEntries(
  someFiles.flatMap(Object.keys).map((path) => [path, someFiles.map((own: Texts) => own[path] ?? '').join('')]),
);
const claimed = sourceCases.flatMap(({ kind, claim, needs }) => (claim === undefined ? [] : [{ kind, claim, needs }]));
type Claimed = (typeof claimed)[number];
const firstInput = ({ claim }: Claimed) => `"${Object.keys(claim)[0]}"`;
/** The sources that configure-aws-credentials has too, in the order in which it takes them. */
const shared = ['static', 'web-identity', 'environment'];
const claimBy = (...claims: readonly Claimed[]): Given => ({
  with: Object.assign({ 'role-to-assume': role }, ...claims.flatMap(({ needs, claim }) => [needs ?? {}, claim])),
  env: allOffers,
  files: allFiles,
});

describe('rule 1: the source whose own input is given', () => {
  test.each(claimed)('$kind, whatever the job and the machine offer', async (own) => {
    const decision = await decisionOf(claimBy(own));
    expect(decision.plan.trunk.source.kind).toBe(own.kind);
    expect(decision.because).toBe(`auto: ${firstInput(own)} is given`);
    expect(decision.fallbacks).toEqual([]);
    expect(decision.warnings).toEqual([]);
  });

  const rank = ({ kind }: Claimed) => shared.indexOf(kind);
  const pairs = claimed
    .flatMap((one, index) => claimed.slice(index + 1).map((other) => [one, other] as const))
    .map(([one, other]) => (rank(one) > rank(other) ? { one: other, other: one } : { one, other }));
  const both = (pair: (typeof pairs)[number], known: readonly string[]) =>
    known.includes(pair.one.kind) && known.includes(pair.other.kind);

  // The profile holds the settings for the token.
  test.each(pairs.filter((pair) => !both(pair, shared) && !both(pair, ['sso', 'profile'])))(
    '$one.kind and $other.kind conflict',
    async ({ one, other }) => {
      const refusal = await decisionOf(claimBy(one, other)).catch((error: unknown) => error);
      expect(refusal).toMatchObject({ code: 'INPUT_CONFLICT', hint: expect.stringContaining('Keep one') });
      for (const own of [one, other]) expect(String(refusal)).toContain(firstInput(own));
    },
  );

  test.each(pairs.filter((pair) => both(pair, shared)))(
    '$one.kind wins over $other.kind, with a warning',
    async ({ one, other }) => {
      const decision = await decisionOf(claimBy(one, other));
      expect(decision.plan.trunk.source.kind).toBe(one.kind);
      expect(decision.warnings).toEqual([
        `Input ${firstInput(other)} is ignored, because ${firstInput(one)} is given.`,
      ]);
    },
  );

  test('an SSO token with the profile of its settings is one source', async () => {
    const { plan } = await decisionOf({ with: { 'sso-token': 'an-access-token', 'source-profile': 'login' } });
    expect(plan.trunk.source).toMatchObject({ kind: 'sso', accountId: '111111111111', roleName: 'ReadOnly' });
  });
});

describe('rules 2 and 3: what the job and the machine offer, in order', () => {
  const withRole = { 'role-to-assume': role };
  const skipped = { ...withRole, 'force-skip-oidc': 'true' };
  const cases: readonly (readonly [string, Given, readonly string[]])[] = [
    ['a role and ID tokens, together with everything else', { with: withRole, env: everything }, ['oidc']],
    ['force-skip-oidc', { with: skipped, env: everything }, ['environment']],
    ['no role', { env: everything }, ['environment']],
    ['no permission', { with: withRole, env: { ...environment, ...webIdentity } }, ['environment']],
    ['half a pair of keys', { env: { ...webIdentity, AWS_ACCESS_KEY_ID: 'AKIAHALF' } }, ['web-identity']],
    ['keys that are empty', { env: { ...webIdentity, ...container, AWS_ACCESS_KEY_ID: '' } }, ['web-identity']],
    ['a container', { env: { ...container, AWS_PROFILE: 'keys' } }, ['container', 'profile']],
    ['a named profile', { env: { AWS_PROFILE: 'keys' } }, ['profile']],
    ['a default profile', { files: withDefault }, ['profile']],
    ['a profile that takes a login', { env: { AWS_PROFILE: 'login' } }, ['profile', 'instance']],
    ['a profile that takes keys which are not there', { env: { AWS_PROFILE: 'passed-on' } }, ['instance']],
    ['profiles that nobody names', {}, ['instance']],
    ['a container, perhaps an instance', { env: container }, ['container', 'instance']],
    [
      'a container on a runner of GitHub',
      { env: { ...container, RUNNER_ENVIRONMENT: 'github-hosted' } },
      ['container'],
    ],
    ['a container and no metadata', { env: { ...container, AWS_EC2_METADATA_DISABLED: 'true' } }, ['container']],
  ];
  const offered = sourceCases.flatMap(({ kind, offer, files: own }) =>
    offer === undefined ? [] : [{ kind, ...offer, files: own }],
  );
  test.each(offered)('$kind, if nothing else is offered', async ({ kind, ...given }) => {
    const { plan, because } = await decisionOf(given);
    expect(plan.trunk.source.kind).toBe(kind);
    expect(because).toMatch(/^auto: /);
  });

  test.each(cases)('%s', async (_name, given, expected) => {
    const { plan, fallbacks, because } = await decisionOf(given);
    expect([plan, ...fallbacks.map((other) => other.plan)].map(({ trunk }) => trunk.source.kind)).toEqual(expected);
    expect(because).toMatch(/^auto: /);
  });
});

test.each([
  [
    'names nobody',
    { AWS_PROFILE: 'nobody' },
    [expect.stringMatching(/^Skipped profile: AWS_PROFILE names the profile nobody/)],
  ],
  ['names an empty one', { AWS_PROFILE: 'empty' }, [expect.stringMatching(/^Skipped profile: .*has no credentials/)]],
  ['is not set', {}, []],
])('where AWS_PROFILE %s and the instance stands in, the log says so', async (_name, env, remarks) => {
  const decision = await decisionOf({ env });
  expect(decision.plan.trunk.source.kind).toBe('instance');
  expect(decision.skippedNotes).toEqual(remarks);
});

describe('what only a source behind the first lacks is no trouble before its turn', () => {
  const noRegion = { 'aws-region': '' };

  test('a region that the profile brings along', async () => {
    const decision = await decisionOf({ with: noRegion, env: { AWS_PROFILE: 'login' } });
    expect(decision.plan.trunk).toMatchObject({ region: 'eu-west-1', source: { kind: 'profile' } });
    expect(decision.fallbacks).toEqual([]);
    expect(decision.skipped.at(-1)?.message).toMatch(/^instance: Input "aws-region" is missing/);
  });

  test('an hour that is the limit of its sessions alone', async () => {
    const long = { 'role-to-assume': role, 'role-duration-seconds': '2h' };
    const decision = await decisionOf({ with: long, env: localContainer });
    expect(decision.plan.trunk).toMatchObject({ source: { kind: 'container' }, hops: [{ durationSeconds: 7200 }] });
    expect(decision.skipped.at(-1)?.message).toMatch(/^instance: Input "role-duration-seconds" is 7200 seconds/);
  });

  test('but one that is asked for by name is refused at once', async () => {
    const asked = { ...noRegion, source: 'sso, instance', 'source-profile': 'login' };
    await expect(decisionOf({ with: asked })).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      message: expect.stringContaining('"aws-region" is missing'),
    });
  });
});

test.each([
  ['with a role', { 'role-to-assume': role }, /id-token: write[\s\S]*forks/],
  ['without', {}, /Give the inputs of one source/],
])('rule 4: nothing, %s', async (_name, inputs, hint) => {
  const env = { GITHUB_ACTIONS: 'true', RUNNER_ENVIRONMENT: 'github-hosted' };
  const refusal = await decisionOf({ with: inputs, env }).catch((error: unknown) => error);
  expect(refusal).toMatchObject({ code: 'NO_SOURCE', hint: expect.stringMatching(hint) });
  const named = String(refusal).match(/(?<=^ {2}- )[a-z-]+(?=:)/gm);
  expect(named).toEqual(kinds);
});
