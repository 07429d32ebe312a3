import { describe, expect, test } from '@jest/globals';
import { arns, planFrom } from '../../support/plan.ts';

const keys = 'aws_access_key_id = AKIAFILE\naws_secret_access_key = s3cret-of-the-file';
const role = `role_arn = ${arns.deploy}`;
const config = '/home/runner/.aws/config';
const credentials = '/home/runner/.aws/credentials';

/** Each with `[profile a]` selected. */
const cases: readonly (readonly [name: string, config: string, credentials: string, message: string])[] = [
  [
    'an id without a secret',
    '',
    '[a]\naws_access_key_id = AKIAFILE',
    `Profile a in ${credentials}: "aws_secret_access_key" is missing, while its counterpart is there.`,
  ],
  [
    'a secret without an id',
    '[profile a]\naws_secret_access_key = s3cret-of-the-file',
    '',
    `Profile a in ${config}: "aws_access_key_id" is missing, while its counterpart is there.`,
  ],
  [
    'a session token alone',
    '',
    '[a]\naws_session_token = s3cret-of-the-file',
    `Profile a in ${credentials}: "aws_access_key_id" is missing, while its counterpart is there.`,
  ],
  [
    'a key with a blank',
    '',
    '[a]\naws_access_key_id = AKIAFILE\naws_secret_access_key = s3cret-of the file',
    `Profile a in ${credentials}: "aws_secret_access_key" holds a blank or a character that no key has.`,
  ],
  [
    'a half profile down the chain',
    `[profile a]\n${role}\nsource_profile = b`,
    '[b]\naws_access_key_id = A',
    `Profile b in ${credentials}: "aws_secret_access_key" is missing, while its counterpart is there.`,
  ],
  [
    'a role without a source',
    `[profile a]\n${role}`,
    '',
    `Profile a in ${config}: "role_arn" is there, but nothing to assume the role with.`,
  ],
  [
    'a role and keys, but nothing that says to use them',
    `[profile a]\n${role}`,
    `[a]\n${keys}`,
    `Profile a in ${config}: "role_arn" is there, but nothing to assume the role with.`,
  ],
  [
    'two sources for a role',
    `[profile a]\n${role}\nsource_profile = b\ncredential_source = Environment\n[profile b]\n${keys}`,
    '',
    `Profile a in ${config}: "source_profile" stands beside "credential_source".`,
  ],
  [
    'a token file without a role',
    '[profile a]\nweb_identity_token_file = /t',
    '',
    `Profile a in ${config}: "role_arn" is missing, while "web_identity_token_file" is there.`,
  ],
  [
    'an unknown credential_source',
    `[profile a]\n${role}\ncredential_source = environment`,
    '',
    `Profile a in ${config}: "credential_source" is none of Environment, Ec2InstanceMetadata, EcsContainer.`,
  ],
  [
    'a source profile that is not there',
    `[profile a]\n${role}\nsource_profile = bb\n[profile b]\n${keys}`,
    '',
    `Profile a in ${config}: "source_profile" names the profile bb, which is in neither file.`,
  ],
  [
    'a source profile that holds nothing',
    `[profile a]\n${role}\nsource_profile = b\n[profile b]\nregion = us-east-1`,
    '',
    `Profile a in ${config}: "source_profile" names the profile b, which holds no credentials and no way to get any.`,
  ],
  [
    'itself as source, without keys',
    `[profile a]\n${role}\nsource_profile = a`,
    '',
    `Profile a in ${config}: "source_profile" names the profile itself, which holds no credentials.`,
  ],
  [
    'a loop',
    `[profile a]\n${role}\nsource_profile = b\n[profile b]\n${role}\nsource_profile = a`,
    '',
    `Profile b in ${config}: "source_profile" leads back to where it came from: a → b → a.`,
  ],
  [
    'a loop further down',
    `[profile a]\n${role}\nsource_profile = b\n[profile b]\n${role}\nsource_profile = c\n[profile c]\n${role}\nsource_profile = b`,
    '',
    `Profile c in ${config}: "source_profile" leads back to where it came from: b → c → b.`,
  ],
  [
    'a loop in spite of keys',
    `[profile a]\n${role}\nsource_profile = b\n${keys}\n[profile b]\n${role}\nsource_profile = a`,
    '',
    `Profile b in ${config}: "source_profile" leads back to where it came from: a → b → a.`,
  ],
  [
    'no ARN',
    `[profile a]\nrole_arn = deploy\nsource_profile = a\n${keys}`,
    '',
    `Profile a in ${config}: "role_arn" is not a role's ARN.`,
  ],
  [
    'a session name that STS refuses',
    `[profile a]\n${role}\nsource_profile = a\n${keys}\nrole_session_name = two words`,
    '',
    `Profile a in ${config}: "role_session_name" is not a session name that STS takes.`,
  ],
  [
    'an external id that STS refuses',
    `[profile a]\n${role}\nsource_profile = a\n${keys}\nexternal_id = x`,
    '',
    `Profile a in ${config}: "external_id" is not an external id that STS takes.`,
  ],
  [
    'a duration that is too short',
    `[profile a]\n${role}\nsource_profile = a\n${keys}\nduration_seconds = 60`,
    '',
    `Profile a in ${config}: "duration_seconds" is 60 seconds, outside 900 to 43200.`,
  ],
  [
    'a long duration down a chain',
    `[profile a]\nrole_arn = ${arns.target}\nduration_seconds = 7200\nsource_profile = b\n[profile b]\n${role}\nsource_profile = c\n[profile c]\n${keys}`,
    '',
    `Profile a in ${config}: "duration_seconds" is 7200, but the role is assumed from another role's session, which AWS limits to one hour.`,
  ],
  [
    'a region that is none',
    `[profile a]\n${keys}\nregion = US East`,
    '',
    `Profile a in ${config}: "region" is not a region.`,
  ],
  [
    'an endpoint that is none',
    `[profile a]\n${keys}\nendpoint_url = sts.local`,
    '',
    `Profile a in ${config}: "endpoint_url" gives an endpoint that is not an http or https URL.`,
  ],
  [
    'services that are not there',
    `[profile a]\n${keys}\nservices = local`,
    '',
    `Profile a in ${config}: "services" names [services local], which is not in the file.`,
  ],
];

describe('a profile is refused for', () => {
  test.each(cases)('%s', async (_name, inConfig, inCredentials, message) => {
    const files = { [config]: inConfig, [credentials]: inCredentials };
    const refusal = planFrom({
      with: { 'aws-region': '', 'source-profile': 'a' },
      env: message.includes('region') ? {} : { AWS_REGION: 'us-east-1' },
      files,
    });
    await expect(refusal).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      message,
      hint: expect.stringMatching(/\w.*\.$|\?$/),
    });
    await expect(refusal).rejects.not.toMatchObject({ message: expect.stringContaining('s3cret-of') });
  });

  test.each([
    [
      'NO_SOURCE',
      'prod',
      'Input "source-profile" asks for the source profile, but "source-profile" names the profile prod, ',
      'Did you mean production?',
    ],
    ['INPUT_INVALID', 'a\nb', 'Input "source-profile" holds more than the name of a profile.', 'Write'],
  ])('its name: %s', async (code, name, message, hint) => {
    const files = { [config]: `[profile production]\n${keys}` };
    await expect(planFrom({ with: { 'source-profile': name }, files })).rejects.toMatchObject({
      code,
      message: expect.stringContaining(message),
      hint: expect.stringContaining(hint),
    });
  });

  test('a machine that does not have what it takes', async () => {
    const files = { [config]: `[profile a]\n${role}\ncredential_source = EcsContainer` };
    await expect(planFrom({ with: { 'source-profile': 'a' }, files })).rejects.toMatchObject({
      code: 'NO_SOURCE',
      message: expect.stringMatching(/the profile a takes the machine's credentials: neither AWS_CONTAINER_.* is set$/),
    });
  });

  test.each([
    ['Environment', {}, 'container'],
    ['Environment', { AWS_ACCESS_KEY_ID: 'AKIA', AWS_SECRET_ACCESS_KEY: 's' }, 'profile'],
  ] as const)('what %s lacks in %j, the next source of a list may have', async (place, keysThere, kind) => {
    const files = { [config]: `[profile a]\n${role}\ncredential_source = ${place}` };
    const env = { AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: '/x', ...keysThere };
    const decision = await planFrom({ with: { source: 'profile, container', 'source-profile': 'a' }, files, env });
    expect(decision.plan.trunk.source.kind).toBe(kind);
  });

  test('another source that is asked for beside it', async () => {
    const inputs = { 'source-profile': 'a', 'aws-access-key-id': 'AKIA', 'aws-secret-access-key': 's' };
    await expect(planFrom({ with: inputs })).rejects.toMatchObject({
      code: 'INPUT_CONFLICT',
      message: 'Inputs "aws-access-key-id" and "source-profile" each ask for another source',
    });
  });
});
