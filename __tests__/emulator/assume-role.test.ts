import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Emulator } from '../../emulator/contract.ts';
import { startEmulator } from '../../emulator/emulator.ts';
import { element, type Keys, keysOf, post, refusal, userKeys, webIdentityKeys } from './support/wire.ts';

let emulator: Emulator;
beforeAll(async () => {
  emulator = await startEmulator();
});
afterAll(() => emulator.close());

const role = (name: string, account = '111111111111') => `arn:aws:iam::${account}:role/${name}`;
const user = 'arn:aws:iam::111111111111:user/ci';
const form = (RoleArn: string, more: Readonly<Record<string, string>> = {}) => ({
  Action: 'AssumeRole',
  RoleArn,
  RoleSessionName: 'session',
  ...more,
});
const tag = (key: string, value: string, at = 1) => ({
  [`Tags.member.${at}.Key`]: key,
  [`Tags.member.${at}.Value`]: value,
});
const fine = { status: 200, code: undefined, message: undefined };
const denied = (caller: string, action: string, resource: string, why = '') => ({
  status: 403,
  code: 'AccessDenied',
  message: `User: ${caller} is not authorized to perform: ${action} on resource: ${resource}${why}`,
});
const invalid = (message: string, code = 'ValidationError') => ({ status: 400, code, message });

describe('by the SDK', () => {
  const endpoint = () => `${emulator.url}/sts`;
  const region = 'us-east-1';

  test('a chain of three roles, tags and source identity handed down', async () => {
    const first = await webIdentityKeys(emulator);
    const second = await new STSClient({ region, endpoint: endpoint(), credentials: first }).send(
      new AssumeRoleCommand({
        RoleArn: role('target', '222222222222'),
        RoleSessionName: 'second',
        SourceIdentity: 'octocat',
        Tags: [
          { Key: 'Repository', Value: 'octo-org/octo-repo' },
          { Key: 'Once', Value: '' },
        ],
        TransitiveTagKeys: ['Repository'],
        Policy: '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}',
        PolicyArns: [{ arn: 'arn:aws:iam::aws:policy/ReadOnlyAccess' }],
      }),
    );
    expect(second.AssumedRoleUser?.Arn).toBe('arn:aws:sts::222222222222:assumed-role/target/second');
    expect(second.SourceIdentity).toBe('octocat');
    expect(second.PackedPolicySize).toBeGreaterThan(0);
    const { AccessKeyId = '', SecretAccessKey = '', SessionToken = '' } = second.Credentials ?? {};
    const credentials = { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken };
    const third = await new STSClient({ region, endpoint: endpoint(), credentials }).send(
      new AssumeRoleCommand({ RoleArn: role('final', '333333333333'), RoleSessionName: 'third' }),
    );
    expect(third.AssumedRoleUser?.Arn).toBe('arn:aws:sts::333333333333:assumed-role/final/third');
    expect(third.SourceIdentity).toBe('octocat');
  });

  test('GetCallerIdentity of the IAM user', async () => {
    const caller = await new STSClient({ region, endpoint: endpoint(), credentials: userKeys }).send(
      new GetCallerIdentityCommand({}),
    );
    expect(caller).toMatchObject({
      Account: '111111111111',
      Arn: user,
      UserId: expect.stringMatching(/^AIDA[A-Z2-7]{17}$/),
    });
  });
});

describe('trust policies', () => {
  const session = 'arn:aws:sts::111111111111:assumed-role/deploy/first';
  const target = role('target', '222222222222');
  const external = role('external', '222222222222');
  const untagged = role('untagged', '222222222222');
  const tagged = role('tagged', '222222222222');
  test.each<[who: 'user' | 'deploy', fields: Record<string, string>, answer: object]>([
    ['user', form(role('for-user')), fine],
    ['deploy', form(role('for-user')), denied(session, 'sts:AssumeRole', role('for-user'))],
    ['user', form(target), fine],
    ['deploy', form(target), fine],
    ['user', form(role('deploy')), denied(user, 'sts:AssumeRole', role('deploy'))],
    ['user', form(role('not-there')), denied(user, 'sts:AssumeRole', role('not-there'))],
    ['deploy', form(role('final', '333333333333')), denied(session, 'sts:AssumeRole', role('final', '333333333333'))],
    ['user', form(external), denied(user, 'sts:AssumeRole', external)],
    ['user', form(external, { ExternalId: 'wrong' }), denied(user, 'sts:AssumeRole', external)],
    ['user', form(external, { ExternalId: 'octo-external-id' }), fine],
    ['user', form(external, { ExternalId: 'octo-external-id', ...tag('a', 'b') }), fine],
    [
      'user',
      form(external, { ExternalId: 'octo-external-id', SourceIdentity: 'me' }),
      denied(user, 'sts:SetSourceIdentity', external),
    ],
    ['user', form(untagged), fine],
    [
      'user',
      form(untagged, tag('a', 'b')),
      denied(user, 'sts:TagSession', untagged, ' with an explicit deny in a resource-based policy'),
    ],
    ['user', form(tagged), denied(user, 'sts:AssumeRole', tagged)],
    ['user', form(tagged, tag('Team', 'green')), denied(user, 'sts:AssumeRole', tagged)],
    ['user', form(tagged, tag('Team', 'red')), fine],
    ['user', form(tagged, { ...tag('Team', 'red'), ...tag('Other', 'x', 2) }), denied(user, 'sts:AssumeRole', tagged)],
    ['user', form(role('for-sso')), denied(user, 'sts:AssumeRole', role('for-sso'))],
  ])('%s: %j', async (who, fields, answer) => {
    const keys = who === 'user' ? userKeys : await webIdentityKeys(emulator);
    expect(await refusal(emulator, fields, keys)).toEqual(answer);
  });

  test('a second factor', async () => {
    const guarded = role('for-user-with-mfa');
    const code = (SerialNumber: string, TokenCode: string) => form(guarded, { SerialNumber, TokenCode });
    const wrong = 'MultiFactorAuthentication failed with invalid MFA one time pass code. ';
    const device = 'arn:aws:iam::111111111111:mfa/ci';
    expect(await refusal(emulator, form(guarded), userKeys)).toEqual(denied(user, 'sts:AssumeRole', guarded));
    expect(await refusal(emulator, code(device, '123456'), userKeys)).toEqual(fine);
    for (const [serial, digits] of [
      [device, '654321'],
      [`${device}-other`, '123456'],
    ] as const) {
      const refused = { status: 403, code: 'AccessDenied', message: wrong };
      expect(await refusal(emulator, code(serial, digits), userKeys)).toEqual(refused);
    }
  });
});

describe('durations', () => {
  const beyondRole = invalid('The requested DurationSeconds exceeds the MaxSessionDuration set for this role.');
  const beyondChain = invalid(
    'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.',
  );
  const target = role('target', '222222222222');
  test.each<[who: 'user' | 'long', roleArn: string, seconds: string, answer: object]>([
    ['user', role('long'), '7200', fine],
    ['user', role('long'), '7201', beyondRole],
    ['user', role('for-user'), '3601', beyondRole],
    ['user', target, '7200', fine],
    ['long', target, '3600', fine],
    ['long', target, '3601', beyondChain],
    // Who is not trusted does not learn of the role's limit.
    ['user', role('deploy'), '43200', denied(user, 'sts:AssumeRole', role('deploy'))],
  ])('%s, %s, %s s', async (who, roleArn, DurationSeconds, answer) => {
    const keys = who === 'user' ? userKeys : await webIdentityKeys(emulator, role('long'));
    expect(await refusal(emulator, form(roleArn, { DurationSeconds }), keys)).toEqual(answer);
  });

  test('an hour where nothing is asked for, in the answer to the second', async () => {
    const own = await startEmulator({ now: () => Date.parse('2030-01-01T00:00:00.500Z') });
    const signing = { date: '20300101T000000Z' };
    const xml = await (await post(own, form(role('long')), userKeys, signing)).text();
    await own.close();
    expect(element(xml, 'Expiration')).toBe('2030-01-01T01:00:00Z');
  });
});

describe('session tags', () => {
  const target = role('target', '222222222222');
  const final = role('final', '333333333333');
  const conflict =
    "One of the specified transitive tag keys can't be set because it conflicts with a transitive tag key from the calling session.";
  const duplicate = 'Duplicate tag keys found. Please note that Tag keys are case insensitive.';
  let tagged: Keys;
  beforeAll(async () => {
    const fields = { ...tag('Repository', 'r'), ...tag('Once', 'o', 2), 'TransitiveTagKeys.member.1': 'Repository' };
    tagged = await keysOf(
      post(emulator, form(target, { ...fields, SourceIdentity: 'octocat' }), await webIdentityKeys(emulator)),
    );
  });

  test.each<[what: string, fields: Record<string, string>, answer: object]>([
    ['handed down', {}, fine],
    ['new ones beside them', tag('More', 'm'), fine],
    ['one that was not transitive', tag('Once', 'again'), fine],
    ['one that is transitive', tag('repository', 'other'), invalid(conflict, 'InvalidParameterValue')],
    ['twice the same', { ...tag('a', '1'), ...tag('A', '2', 2) }, invalid(duplicate, 'InvalidParameterValue')],
    [
      'transitive without a tag',
      { 'TransitiveTagKeys.member.1': 'absent' },
      invalid('The specified transitive tag key must be included in the requested tags.', 'InvalidParameterValue'),
    ],
    ['the same source identity', { SourceIdentity: 'octocat' }, fine],
    [
      'another source identity',
      { SourceIdentity: 'hubot' },
      denied('arn:aws:sts::222222222222:assumed-role/target/session', 'sts:SetSourceIdentity', final),
    ],
  ])('%s', async (_what, fields, answer) => {
    expect(await refusal(emulator, form(final, fields), tagged)).toEqual(answer);
  });

  test('handed down tags need sts:TagSession too', async () => {
    const own = await startEmulator({
      world: {
        roles: {
          [final]: {
            trust: { Statement: { Effect: 'Allow', Principal: { AWS: '222222222222' }, Action: 'sts:AssumeRole' } },
          },
        },
      },
    });
    const fields = { ...tag('Repository', 'r'), 'TransitiveTagKeys.member.1': 'Repository' };
    const plain = await keysOf(post(own, form(target), userKeys));
    const passing = await keysOf(post(own, form(target, fields), userKeys));
    expect(await refusal(own, form(final), plain)).toEqual(fine);
    const caller = 'arn:aws:sts::222222222222:assumed-role/target/session';
    expect(await refusal(own, form(final), passing)).toEqual(denied(caller, 'sts:TagSession', final));
    await own.close();
  });
});

test.each([
  ['aws-us-gov', '444444444444', 'us-gov-west-1', 'AKIAGOVCLOUD7EXAMPLE', 'gJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY'],
  ['aws-cn', '555555555555', 'cn-north-1', 'AKIACHINACN77EXAMPLE', 'cJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY'],
])('partition %s', async (partition, account, region, accessKeyId, secretAccessKey) => {
  const fields = form(`arn:${partition}:iam::${account}:role/target`);
  const keys = { accessKeyId, secretAccessKey };
  const xml = await (await post(emulator, fields, keys, { region })).text();
  expect(element(xml, 'Arn')).toBe(`arn:${partition}:sts::${account}:assumed-role/target/session`);
  // A key is not known outside its partition.
  expect(await refusal(emulator, fields, keys, { region: 'us-east-1' })).toMatchObject({
    code: 'InvalidClientTokenId',
  });
});

test('a policy of the organization denies in the words of AWS', async () => {
  const trust = { Statement: { Effect: 'Allow', Principal: '*', Action: 'sts:AssumeRole' } };
  const policy =
    'service control policy: arn:aws:organizations::123456789012:policy/o-abc/service_control_policy/p-abc';
  const denying = await startEmulator({ world: { roles: { [role('denied')]: { trust, deniedBy: policy } } } });
  try {
    expect(await refusal(denying, form(role('denied')), userKeys)).toEqual(
      denied(user, 'sts:AssumeRole', role('denied'), ` with an explicit deny in a ${policy}`),
    );
  } finally {
    await denying.close();
  }
});
