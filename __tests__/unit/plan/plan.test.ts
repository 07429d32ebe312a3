import { describe, expect, test } from '@jest/globals';
import { readInputs } from '../../../src/inputs/inputs.ts';
import { describePlan, makePlan } from '../../../src/plan/plan.ts';
import { hosted } from '../../support/plan.ts';
import { surroundings } from '../../support/profiles.ts';
import { caseFolders, kinds, sourceCases } from '../../support/source-cases.ts';

const deploy = 'arn:aws:iam::111111111111:role/deploy';
const target = 'arn:aws:iam::222222222222:role/target';
const ssoInputs = {
  'sso-token': 'an-access-token',
  'sso-account-id': '111111111111',
  'sso-role-name': 'ReadOnly',
  'sso-region': 'eu-west-1',
};
const keyInputs = { 'aws-access-key-id': 'AKIAEXAMPLE', 'aws-secret-access-key': 'wJalrEXAMPLEKEY' };
const idToken = {
  ACTIONS_ID_TOKEN_REQUEST_URL: 'https://token.example/?x=1',
  ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'request-token',
};
const envKeys = { AWS_ACCESS_KEY_ID: 'AKIAENVIRONMENT', AWS_SECRET_ACCESS_KEY: 'environment-secret' };
const irsa = {
  AWS_WEB_IDENTITY_TOKEN_FILE: '/var/run/secrets/eks.amazonaws.com/serviceaccount/token',
  AWS_ROLE_ARN: deploy,
};

interface Given {
  readonly with?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly files?: Readonly<Record<string, string>>;
}

async function planOf({ with: inputs = {}, env = {}, files = {} }: Given) {
  const given = { 'aws-region': 'us-east-1', ...inputs };
  const variables = Object.fromEntries(
    Object.entries(given).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]),
  );
  const all = { ...hosted, ...env, ...variables };
  const plans = await makePlan(
    readInputs(all, () => {}),
    surroundings(all, files),
  );
  return { ...plans.first, ...plans };
}

async function refusalOf(given: Given): Promise<unknown> {
  try {
    await planOf(given);
  } catch (error) {
    return error;
  }
  throw new Error('a plan was made');
}

describe('every source has a case, from which tests are generated', () => {
  test.each(kinds)('the source %s has one', (kind) => {
    expect(caseFolders.map((folder) => `__tests__/sources/${folder}/case.ts`)).toContain(
      `__tests__/sources/${kind}/case.ts`,
    );
  });

  test.each(caseFolders)('the case %s is of a source in src/sources/index.ts', (folder) => {
    expect(kinds).toContain(folder);
    expect(sourceCases.map(({ kind }) => kind)).toContain(folder);
  });
});

describe('auto', () => {
  const cases: readonly (readonly [string, Given, string, string])[] = [
    [
      'a role in a job with ID tokens',
      { with: { 'role-to-assume': deploy }, env: idToken },
      'oidc',
      'a role is given and the job can mint ID tokens',
    ],
    [
      'ID tokens win over keys in the environment',
      { with: { 'role-to-assume': deploy }, env: { ...idToken, ...envKeys } },
      'oidc',
      'a role is given',
    ],
    [
      'keys win over ID tokens',
      { with: { 'role-to-assume': deploy, ...keyInputs }, env: idToken },
      'static',
      '"aws-access-key-id" is given',
    ],
    ['keys alone', { with: keyInputs }, 'static', '"aws-access-key-id" is given'],
    [
      'an SSO token wins over ID tokens',
      { with: { 'role-to-assume': deploy, ...ssoInputs }, env: idToken },
      'sso',
      '"sso-token" is given',
    ],
    [
      'SSO settings without a token leave OIDC',
      { with: { 'role-to-assume': deploy, ...ssoInputs, 'sso-token': '' }, env: idToken },
      'oidc',
      'a role is given',
    ],
    [
      'a token file wins over ID tokens',
      { with: { 'role-to-assume': deploy, 'web-identity-token-file': 'token' }, env: idToken },
      'web-identity',
      '"web-identity-token-file" is given',
    ],
    [
      'role chaining wins over ID tokens',
      { with: { 'role-to-assume': deploy, 'role-chaining': 'true' }, env: { ...idToken, ...envKeys } },
      'environment',
      '"role-chaining" is given',
    ],
    [
      'force-skip-oidc leaves the environment',
      { with: { 'role-to-assume': deploy, 'force-skip-oidc': 'true' }, env: { ...idToken, ...envKeys } },
      'environment',
      'AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are set',
    ],
    [
      'no role, ID tokens, keys in the environment',
      { env: { ...idToken, ...envKeys } },
      'environment',
      'are set in the job',
    ],
    [
      'the environment before the machine’s token file',
      { env: { ...envKeys, ...irsa } },
      'environment',
      'are set in the job',
    ],
    ['the machine’s token file', { env: irsa }, 'web-identity', 'AWS_WEB_IDENTITY_TOKEN_FILE is set'],
  ];
  test.each(cases)('%s', async (_name, given, kind, because) => {
    const decision = await planOf(given);
    expect(decision.plan.trunk.source.kind).toBe(kind);
    expect(decision.because).toContain(because);
    expect(decision.warnings).toEqual([]);
  });

  test('of the three sources of configure-aws-credentials the first is taken, and the others are named', async () => {
    const { plan, warnings } = await planOf({
      with: { ...keyInputs, 'web-identity-token-file': 'token', 'role-chaining': 'true', 'role-to-assume': deploy },
      env: envKeys,
    });
    expect(plan.trunk.source.kind).toBe('static');
    expect(warnings).toEqual([
      'Input "web-identity-token-file" is ignored, because "aws-access-key-id" is given.',
      'Input "role-chaining" is ignored, because "aws-access-key-id" is given.',
    ]);
  });

  test('two other sources conflict', async () => {
    expect(await refusalOf({ with: { ...keyInputs, ...ssoInputs } })).toMatchObject({
      code: 'INPUT_CONFLICT',
      message: expect.stringMatching(/"aws-access-key-id".*"sso-token"/),
    });
  });

  test('NO_SOURCE lists every source and why not, and the permission to add', async () => {
    expect(await refusalOf({ with: { 'role-to-assume': deploy } })).toMatchObject({
      code: 'NO_SOURCE',
      message: expect.stringMatching(new RegExp(kinds.map((kind) => `${kind}: `).join('.*\\n.*'))),
      hint: expect.stringMatching(/permissions:\n\s+id-token: write[\s\S]*forks/),
    });
  });

  test('role-chaining without keys in the environment says so', async () => {
    expect(
      await refusalOf({ with: { 'role-to-assume': deploy, 'role-chaining': 'true' }, env: idToken }),
    ).toMatchObject({
      code: 'NO_SOURCE',
      message: expect.stringContaining('"role-chaining"'),
    });
  });
});

describe('source', () => {
  test.each([
    ['environment', { ...idToken, ...envKeys }, 'environment'],
    ['sso, environment', { ...idToken, ...envKeys }, 'environment'],
    ['oidc,environment', { ...idToken, ...envKeys }, 'oidc'],
  ])('%j', async (source, env, kind) => {
    expect((await planOf({ with: { source, 'role-to-assume': deploy }, env })).plan.trunk.source.kind).toBe(kind);
  });

  test.each([
    ['ec2', 'INPUT_INVALID', 'contains "ec2"'],
    ['oidc', 'ID_TOKEN_UNAVAILABLE', 'asks for oidc: the job has no permission'],
    ['sso', 'NO_SOURCE', 'asks for sso: "sso-token" is not given'],
    ['sso,web-identity', 'NO_SOURCE', 'sso: "sso-token" is not given'],
    ['sso,', 'INPUT_INVALID', 'contains ""'],
  ])('%j is refused with %s', async (source, code, message) => {
    expect(await refusalOf({ with: { source, 'role-to-assume': deploy } })).toMatchObject({
      code,
      message: expect.stringContaining(message),
    });
  });
});

describe('the chain', () => {
  test('oidc takes the first role, the others are hops', async () => {
    const { plan } = await planOf({
      with: { 'role-to-assume': `${deploy}\n${target}`, 'role-duration-seconds': '30m' },
      env: idToken,
    });
    expect(plan).toEqual({
      trunk: {
        region: 'us-east-1',
        source: { kind: 'oidc', audience: 'sts.amazonaws.com' },
        hops: [
          { role: deploy, label: 'hop 1 of 2', sessionName: 'GitHubActions', durationSeconds: 3600 },
          { role: target, label: 'hop 2 of 2', sessionName: 'GitHubActions', durationSeconds: 1800 },
        ],
      },
      branches: [],
    });
    expect(describePlan(plan)).toBe('oidc (audience sts.amazonaws.com) → 111111111111/deploy → 222222222222/target');
  });

  test('the machine’s token file goes with AWS_ROLE_ARN, and the roles given are assumed from there', async () => {
    const { plan } = await planOf({ with: { 'role-to-assume': target }, env: irsa });
    expect(plan.trunk.source).toMatchObject({ kind: 'web-identity' });
    expect(plan.trunk.hops).toMatchObject([{ role: deploy }, { role: target }]);
  });

  test('the same role given twice, as AWS_ROLE_ARN and as input, is assumed once', async () => {
    const { plan } = await planOf({ with: { 'role-to-assume': deploy }, env: irsa });
    expect(plan.trunk.hops).toMatchObject([{ role: deploy }]);
  });

  test('a role in China asks for the audience of China', async () => {
    const { plan } = await planOf({
      with: { 'role-to-assume': 'arn:aws-cn:iam::111111111111:role/deploy' },
      env: idToken,
    });
    expect(plan.trunk.source).toMatchObject({ audience: 'sts.amazonaws.com.cn' });
  });

  test('an external id that a token call cannot carry is a warning', async () => {
    expect(
      (await planOf({ with: { 'role-to-assume': deploy, 'role-external-id': 'abc' }, env: idToken })).warnings,
    ).toEqual([expect.stringContaining('"role-external-id" is not sent')]);
    expect(
      (await planOf({ with: { 'role-to-assume': `${deploy}\n${target}`, 'role-external-id': 'abc' }, env: idToken }))
        .warnings,
    ).toEqual([]);
  });

  const longChains: readonly (readonly [string, Given])[] = [
    ['the second role', { with: { 'role-to-assume': `${deploy}\n${target}` }, env: idToken }],
    ['a role after an SSO role', { with: { 'role-to-assume': target, ...ssoInputs } }],
  ];
  test.each(longChains)('%s gets an hour at most', async (_name, given) => {
    expect(await refusalOf({ ...given, with: { ...given.with, 'role-duration-seconds': '2h' } })).toMatchObject({
      code: 'INPUT_INVALID',
      message: expect.stringMatching(/"role-duration-seconds".*one hour/),
    });
  });

  test('a single role may have its twelve hours', async () => {
    const { plan } = await planOf({ with: { 'role-to-assume': deploy, 'role-duration-seconds': '12h' }, env: idToken });
    expect(plan.trunk.hops).toMatchObject([{ durationSeconds: 43_200 }]);
  });
});

test('the token inside the JSON of the cache is masked like the whole', async () => {
  const masks: string[] = [];
  const text = '{"accessToken":"t0ken-inside","expiresAt":"2026-01-01T00:00:00Z","refreshToken":"r3fresh-inside"}';
  const inputs = Object.entries({ ...ssoInputs, 'sso-token': text, 'aws-region': 'us-east-1' });
  const env = Object.fromEntries(inputs.map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]));
  await makePlan(
    readInputs(env, (secret) => void masks.push(secret)),
    surroundings(env),
  );
  expect(masks).toEqual([text, 't0ken-inside', 'r3fresh-inside']);
});

describe('a plan is data', () => {
  const unhosted = { RUNNER_ENVIRONMENT: '' };
  test.each(sourceCases)('that of $kind', async ({ kind, claim, needs, offer, files = {}, secrets = [] }) => {
    const inputs = { ...offer?.with, ...needs, ...claim, source: kind };
    const { plan } = await planOf({ with: inputs, env: { ...idToken, ...unhosted, ...offer?.env }, files });
    expect(plan.trunk.source.kind).toBe(kind);
    expect(JSON.parse(JSON.stringify(plan))).toEqual(plan);
    expect(secrets.filter((secret) => describePlan(plan).includes(secret))).toEqual([]);
  });

  test.each([
    [{ with: { 'role-to-assume': `${deploy}\n${target}` }, env: idToken }],
    [{ with: { ...ssoInputs, 'role-to-assume': target } }],
    [{ with: keyInputs }],
    [{ env: irsa }],
  ])('%j survives JSON and describes itself without a secret', async (given) => {
    const { plan } = await planOf(given);
    expect(JSON.parse(JSON.stringify(plan))).toEqual(plan);
    expect(describePlan(plan)).not.toMatch(/wJalrEXAMPLEKEY|AKIAEXAMPLE|an-access-token/);
  });
});

describe('bad input is refused before anything is asked', () => {
  const bare = { 'role-to-assume': deploy };
  const cases: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
    ['aws-region', { ...bare, 'aws-region': 'US East' }],
    ['aws-region', { ...bare, 'aws-region': '' }],
    ['aws-region', { ...bare, 'aws-region': 'us-east-1.evil.example/' }],
    ['aws-region', { ...bare, 'aws-region': 'x'.repeat(64) }],
    ['role-to-assume', { 'role-to-assume': 'arn:aws:iam::12345:role/x' }],
    ['role-to-assume', { 'role-to-assume': 'arn:aws:iam::111111111111:user/x' }],
    ['role-to-assume', { 'role-to-assume': 'a role with spaces' }],
    ['role-to-assume', { 'role-to-assume': `${deploy},${target}` }],
    ['role-to-assume', { 'role-to-assume': 'bare-name' }],
    ['role-to-assume', { 'role-to-assume': `${deploy}\n$(id)` }],
    ['role-session-name', { ...bare, 'role-session-name': 'has space' }],
    ['role-session-name', { ...bare, 'role-session-name': 'x' }],
    ['role-session-name', { ...bare, 'role-session-name': 'x'.repeat(65) }],
    ['role-duration-seconds', { ...bare, 'role-duration-seconds': '60' }],
    ['role-external-id', { ...bare, 'role-external-id': 'a b' }],
    ['audience', { ...bare, audience: 'a b' }],
    ['aws-secret-access-key', { 'aws-access-key-id': 'AKIAEXAMPLE' }],
    ['aws-access-key-id', { 'aws-secret-access-key': 'x' }],
    ['aws-access-key-id', { 'aws-session-token': 'x' }],
    ['aws-secret-access-key', { ...keyInputs, 'aws-secret-access-key': 'two\nlines' }],
    ['force-skip-oidc', { ...bare, 'force-skip-oidc': 'maybe' }],
    ['role-chaining', { ...bare, 'role-chaining': 'maybe' }],
    ['sso-token', { ...ssoInputs, 'sso-token': '~/.aws/sso/cache/x.json' }],
    ['sso-token', { ...ssoInputs, 'sso-token': '{"accessToken": 5}' }],
    ['sso-token', { ...ssoInputs, 'sso-token': '{"not json' }],
    ['sso-token', { ...ssoInputs, 'sso-token': 'two words' }],
    ['sso-account-id', { ...ssoInputs, 'sso-account-id': '1234' }],
    ['sso-role-name', { ...ssoInputs, 'sso-role-name': 'a/b' }],
    ['sso-region', { ...ssoInputs, 'sso-region': 'nowhere!' }],
    ['web-identity-token-file', { 'web-identity-token-file': 'token' }],
  ];
  test.each(cases)('%s: %j', async (input, inputs) => {
    const refusal = await refusalOf({ with: inputs, env: idToken });
    expect(refusal).toMatchObject({
      code: 'INPUT_INVALID',
      message: expect.stringContaining(`"${input}"`),
      hint: expect.stringMatching(/\w/),
    });
    expect(String(refusal)).not.toMatch(/wJalrEXAMPLEKEY|an-access-token|two\nlines/);
  });

  test('all settings that an SSO token lacks are named at once', async () => {
    expect(await refusalOf({ with: { 'sso-token': 'an-access-token' } })).toMatchObject({
      message: 'Input "sso-token" is given without "sso-account-id", "sso-role-name", "sso-region"',
    });
  });
});
