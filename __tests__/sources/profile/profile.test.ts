import { describe, expect, test } from '@jest/globals';
import type { CredentialError } from '../../../src/contract/errors.ts';
import { describePlan } from '../../../src/plan/plan.ts';
import { arns, type Given, planFrom } from '../../support/plan.ts';

const keys = 'aws_access_key_id = AKIAFILE\naws_secret_access_key = file-secret';
const config = '/home/runner/.aws/config';
const credentials = '/home/runner/.aws/credentials';

/** A step that is given `source-profile: a`, with these two files. */
function given(inConfig: string, inCredentials = '', inputs: Given['with'] = {}): Given {
  return { with: { 'source-profile': 'a', ...inputs }, files: { [config]: inConfig, [credentials]: inCredentials } };
}

async function refusalOf(asked: Given): Promise<CredentialError> {
  return planFrom(asked).then(
    ({ plan }) => {
      throw new Error(`a plan was made: ${describePlan(plan)}`);
    },
    (error) => error,
  );
}

describe('a profile as a plan', () => {
  const cases: readonly (readonly [name: string, asked: Given, plan: string])[] = [
    ['keys in the credentials file', given('', `[a]\n${keys}`), 'profile a: static keys'],
    ['keys in the config file', given(`[profile a]\n${keys}`), 'profile a: static keys'],
    [
      'keys in one file each: the credentials file wins, key by key',
      given('[profile a]\naws_access_key_id=AKIAOTHER\naws_secret_access_key=x', '[a]\naws_access_key_id=AKIAFILE'),
      'profile a: static keys',
    ],
    [
      'a role, and the profile that signs for it',
      given(`[profile a]\nrole_arn = ${arns.deploy}\nsource_profile = b`, `[b]\n${keys}`),
      'profile a: static keys → 111111111111/deploy',
    ],
    [
      'a role with an external id, assumed by the profile itself',
      given(`[profile a]\nrole_arn = ${arns.deploy}\nsource_profile = a\nexternal_id = abc`, `[a]\n${keys}`),
      'profile a: static keys → 111111111111/deploy (external id)',
    ],
    [
      'a chain of three profiles, then the role that is asked for',
      given(
        `[profile a]\nrole_arn = ${arns.target}\nsource_profile = b\n[profile b]\nrole_arn=${arns.deploy}\nsource_profile=c`,
        `[c]\n${keys}`,
        { 'role-to-assume': arns.final },
      ),
      'profile a: static keys → 111111111111/deploy → 222222222222/target → 333333333333/final',
    ],
    [
      'keys win over the role of a profile further down',
      given(
        `[profile a]\nrole_arn = ${arns.target}\nsource_profile = b\n[profile b]\nrole_arn=${arns.deploy}\nsource_profile=c\n${keys}`,
      ),
      'profile a: static keys → 222222222222/target',
    ],
    [
      'the environment',
      {
        ...given(`[profile a]\nrole_arn = ${arns.deploy}\ncredential_source = Environment`),
        env: { AWS_ACCESS_KEY_ID: 'AKIAJOB', AWS_SECRET_ACCESS_KEY: 'secret-of-the-job' },
      },
      'profile a: environment → 111111111111/deploy',
    ],
    [
      'a process',
      given('[profile a]\ncredential_process = /bin/vault --password=hush', '', { 'role-to-assume': arns.deploy }),
      'profile a: process → 111111111111/deploy',
    ],
    [
      'an EC2 instance',
      {
        ...given(`[profile a]\nrole_arn = ${arns.deploy}\ncredential_source = Ec2InstanceMetadata`),
        env: { RUNNER_ENVIRONMENT: 'self-hosted' },
      },
      'profile a: instance (169.254.169.254) → 111111111111/deploy',
    ],
    [
      'a container',
      {
        ...given(`[profile a]\nrole_arn = ${arns.deploy}\ncredential_source = EcsContainer`),
        env: { AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: '/x' },
      },
      'profile a: container (169.254.170.2) → 111111111111/deploy',
    ],
    [
      'a token file',
      given(`[profile a]\nrole_arn = ${arns.deploy}\nweb_identity_token_file = /t`),
      'profile a: web-identity (web_identity_token_file) → 111111111111/deploy',
    ],
    [
      'a token file, and a role after it',
      given(
        `[profile a]\nrole_arn=${arns.target}\nsource_profile=b\n[profile b]\nrole_arn = ${arns.deploy}\nweb_identity_token_file = /t`,
      ),
      'profile a: web-identity (web_identity_token_file) → 111111111111/deploy → 222222222222/target',
    ],
    [
      'comments, blanks, quotes and nested keys',
      given(
        `# a\n; b\n\n[profile "a"] # c\nrole_arn = ${arns.deploy} ; d\ns3 =\n  source_profile = x\n  y = z\nsource_profile\t=\tb\n`,
        `\uFEFF[b]\r\n${keys.replace('\n', '\r\n')}\r\n`,
      ),
      'profile a: static keys → 111111111111/deploy',
    ],
  ];
  test.each(cases)('%s', async (_name, asked, plan) => {
    const decision = await planFrom(asked);
    expect(describePlan(decision.plan)).toBe(plan);
    expect(decision.plan.trunk.source.kind).toBe('profile');
    expect(decision.because).toBe('auto: "source-profile" is given');
    expect(decision.warnings).toEqual([]);
    expect(JSON.parse(JSON.stringify(decision.plan))).toEqual(decision.plan);
  });

  test('the keys are those of both files together, and masked', async () => {
    const masks: string[] = [];
    const files = given(
      '[profile a]\naws_access_key_id=AKIAOTHER\naws_secret_access_key=x1',
      '[a]\naws_access_key_id=AKIAFILE\naws_session_token = t1',
    );
    const { plan } = await planFrom(files, masks);
    expect(plan.trunk.source).toEqual({
      kind: 'profile',
      name: 'a',
      base: { kind: 'static', credentials: { accessKeyId: 'AKIAFILE', secretAccessKey: 'x1', sessionToken: 't1' } },
    });
    expect(masks).toEqual(expect.arrayContaining(['AKIAFILE', 'x1', 't1']));
  });
});

const assumed = `role_arn = ${arns.deploy}\nsource_profile = b`;

describe('what a profile says of its role', () => {
  const said = 'role_session_name = mine\nexternal_id = ours\nduration_seconds = 7200';
  const one = `[profile a]\n${assumed}\n${said}\n[profile b]\n${keys}`;

  test('is asked of it', async () => {
    const { plan } = await planFrom(given(one));
    expect(plan.trunk.hops).toMatchObject([
      { role: arns.deploy, label: 'profile a', sessionName: 'mine', externalId: 'ours', durationSeconds: 7200 },
    ]);
  });

  test('gives way to what the inputs ask of the last role', async () => {
    const { plan } = await planFrom(
      given(one, '', { 'role-session-name': 'given', 'role-external-id': 'theirs', 'role-duration-seconds': '900' }),
    );
    expect(plan.trunk.hops).toMatchObject([{ sessionName: 'given', externalId: 'theirs', durationSeconds: 900 }]);
  });

  test('stays its own where another role comes after it; the session name is for all', async () => {
    const { plan } = await planFrom(
      given(one, '', {
        'role-to-assume': arns.target,
        'role-session-name': 'given',
        'role-external-id': 'theirs',
        'role-duration-seconds': '900',
      }),
    );
    expect(plan.trunk.hops).toMatchObject([
      { role: arns.deploy, sessionName: 'given', externalId: 'ours', durationSeconds: 7200 },
      { role: arns.target, sessionName: 'given', externalId: 'theirs', durationSeconds: 900 },
    ]);
  });

  test('is asked with a token as well', async () => {
    const { plan } = await planFrom(
      given(
        `[profile a]\nrole_arn=${arns.deploy}\nweb_identity_token_file=/t\nrole_session_name = mine\nduration_seconds = 900`,
      ),
    );
    expect(plan.trunk.source).toEqual({
      kind: 'profile',
      name: 'a',
      base: {
        kind: 'web-identity',
        file: '/t',
        origin: 'web_identity_token_file',
      },
    });
    expect(plan.trunk.hops).toEqual([
      { role: arns.deploy, label: 'profile a', sessionName: 'mine', durationSeconds: 900 },
    ]);
  });

  describe('a second factor', () => {
    const serial = 'arn:aws:iam::111111111111:mfa/me';
    const files = (role: string) => `[profile a]\n${role}\n[profile b]\n${keys}`;
    const asking = files(`${assumed}\nmfa_serial = ${serial}`);

    test('is the device of the file and the code of the input, which is masked', async () => {
      const masks: string[] = [];
      const { plan } = await planFrom(given(asking, '', { 'mfa-code': '123456' }), masks);
      expect(plan.trunk.hops).toMatchObject([{ mfa: { serial, code: '123456' } }]);
      expect(describePlan(plan)).toBe('profile a: static keys → 111111111111/deploy (MFA)');
      expect(masks).toContain('123456');
    });

    const refusals: readonly (readonly [name: string, asked: Given, message: RegExp])[] = [
      ['without a code', given(asking), /"mfa_serial" .*"mfa-code"/],
      ['with a code that is none', given(asking, '', { 'mfa-code': '12' }), /"mfa-code"/],
      [
        'a code for which there is no device',
        given(files(assumed), '', { 'mfa-code': '123456' }),
        /"mfa-serial" is missing/,
      ],
      [
        'one code for two devices',
        given(asking, '', { 'mfa-code': '123456', 'mfa-serial': serial, 'role-to-assume': arns.target }),
        /"mfa-code" is one code, but profile a and role-to-assume each need one/,
      ],
    ];
    test.each(refusals)('%s is refused', async (_name, asked, message) => {
      expect(await refusalOf(asked)).toMatchObject({ code: 'INPUT_INVALID', message: expect.stringMatching(message) });
    });
  });
});

describe('the region', () => {
  const file = `[profile a]\n${keys}\nregion = eu-west-3`;
  test.each([
    ['the input', { 'aws-region': 'us-west-2' }, {}, 'us-west-2'],
    ['the environment', { 'aws-region': '' }, { AWS_REGION: 'us-west-1' }, 'us-west-1'],
    ['the profile', { 'aws-region': '' }, {}, 'eu-west-3'],
  ])('is that of %s', async (_name, inputs, env, region) => {
    expect((await planFrom({ ...given(file, '', inputs), env })).plan.trunk.region).toBe(region);
  });

  test('of the profile goes to a token call too', async () => {
    const asked = given(`[profile a]\nrole_arn=${arns.deploy}\nweb_identity_token_file=/t\nregion=eu-west-3`, '', {
      'aws-region': '',
    });
    expect((await planFrom(asked)).plan.trunk.region).toBe('eu-west-3');
  });
});

describe('the endpoints', () => {
  const section = (services: string) =>
    `[profile a]\n${keys}\n${services}\n[services local]\nsts =\n  endpoint_url = http://sts.local\n`;
  test.each([
    ['of [services …], by service', 'services = local', { sts: 'http://sts.local' }],
    [
      'of the profile',
      'endpoint_url = http://all.local',
      { sts: 'http://all.local', sso: 'http://all.local', 'sso-oidc': 'http://all.local' },
    ],
    [
      '[services …] before the profile’s own',
      'services = local\nendpoint_url = http://all.local',
      { sts: 'http://sts.local', sso: 'http://all.local', 'sso-oidc': 'http://all.local' },
    ],
    ['none where the profile says so', 'services = local\nignore_configured_endpoint_urls = true', {}],
    ['none', '', {}],
  ])('%s', async (_name, settings, endpoints) => {
    const { sts, sso, 'sso-oidc': ssoOidc } = (await planFrom(given(section(settings)))).endpoints ?? {};
    expect({ sts, sso, 'sso-oidc': ssoOidc }).toEqual(endpoints);
  });
});

test('the global endpoint of STS is not asked, and that is said', async () => {
  const { warnings } = await planFrom(given(`[profile a]\n${keys}\nsts_regional_endpoints = legacy`));
  expect(warnings).toEqual([expect.stringMatching(/"sts_regional_endpoints" of the profile a is ignored/)]);
  expect((await planFrom(given(`[profile a]\n${keys}\nsts_regional_endpoints = regional`))).warnings).toEqual([]);
});

describe('which profile', () => {
  const files = {
    [config]: `[default]\nregion = us-east-1\n[profile named]\n${keys}\n[profile given]\n${keys}`,
  };
  const withDefault = { [credentials]: `[default]\n${keys}` };

  test.each([
    ['the input before the variable', { 'source-profile': 'given' }, { AWS_PROFILE: 'named' }, files, 'profile given'],
    ['the variable', {}, { AWS_PROFILE: 'named' }, files, 'profile named'],
    ['the default one', {}, {}, withDefault, 'profile default'],
    ['the default one where the variable is empty', {}, { AWS_PROFILE: '' }, withDefault, 'profile default'],
    [
      'files of other names',
      {},
      { AWS_CONFIG_FILE: '/etc/c', AWS_SHARED_CREDENTIALS_FILE: '~/k' },
      { '/home/runner/k': `[default]\n${keys}` },
      'profile default',
    ],
  ])('%s', async (_name, inputs, env, texts, plan) => {
    const decision = await planFrom({ with: inputs, env, files: texts });
    expect(describePlan(decision.plan)).toBe(`${plan}: static keys`);
  });

  const others: readonly (readonly [name: string, env: Given['env'], texts: Given['files'], reason: RegExp])[] = [
    ['a default profile without credentials', {}, files, /profile: the profile default .* holds no credentials/],
    ['no default profile', {}, {}, /profile: neither AWS_PROFILE nor "source-profile" is given/],
    [
      'a variable that names no profile',
      { AWS_PROFILE: 'gone' },
      files,
      /profile: AWS_PROFILE names the profile gone, /,
    ],
  ];
  test.each(others)('auto: %s is nothing to offer', async (_name, env, texts, reason) => {
    const refusal = await refusalOf({ env: env ?? {}, files: texts ?? {} });
    expect(refusal).toMatchObject({ code: 'NO_SOURCE', message: expect.stringMatching(reason) });
  });

  test('half a default profile does not keep a container from being asked before it, and is named where that has nothing', async () => {
    const half = { [credentials]: '[default]\naws_access_key_id = AKIAFILE' };
    const task = { AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: '/x', RUNNER_ENVIRONMENT: 'self-hosted' };
    const { plan, fallbacks, skipped } = await planFrom({ env: task, files: half });
    expect(plan.trunk.source.kind).toBe('container');
    // What is malformed ends the list still: the instance, which comes after it, is not asked.
    expect(fallbacks).toEqual([]);
    expect(skipped.at(-1)?.message).toMatch(/^profile: Profile default in .*"aws_secret_access_key" is missing/);
  });

  test('a variable that names no profile stands in nobody’s way', async () => {
    const { plan } = await planFrom({
      with: { 'aws-access-key-id': 'AKIA', 'aws-secret-access-key': 's' },
      env: { AWS_PROFILE: 'gone' },
    });
    expect(plan.trunk.source.kind).toBe('static');
  });
});
