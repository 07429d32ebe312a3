import { describe, expect, test } from '@jest/globals';
import type { CredentialError } from '../../../src/errors.ts';
import { describePlan } from '../../../src/plan.ts';
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
      given(`[profile a]\nrole_arn = ${arns.deploy}\ncredential_source = Environment`),
      'profile a: environment → 111111111111/deploy',
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
    expect(decision.plan.source.kind).toBe('profile');
    expect(decision.because).toBe('auto: "source-profile" is given');
    expect(decision.warnings).toEqual([]);
    expect(JSON.parse(JSON.stringify(decision.plan))).toEqual(decision.plan);
  });

  test('the keys are those of both files together, and masked', async () => {
    const masks: string[] = [];
    const files = given('[profile a]\naws_access_key_id=AKIAOTHER\naws_secret_access_key=x1', '[a]\naws_access_key_id=AKIAFILE\naws_session_token = t1');
    const { plan } = await planFrom(files, masks);
    expect(plan.source).toEqual({
      kind: 'profile',
      name: 'a',
      base: { kind: 'static', credentials: { accessKeyId: 'AKIAFILE', secretAccessKey: 'x1', sessionToken: 't1' } },
    });
    expect(masks).toEqual(expect.arrayContaining(['AKIAFILE', 'x1', 't1']));
  });
});
