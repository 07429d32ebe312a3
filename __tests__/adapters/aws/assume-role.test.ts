import { afterEach, describe, expect, test } from '@jest/globals';
import type { Hop } from '../../../src/contract/hop.ts';
import type { Assumption, Network } from '../../../src/contract/ports.ts';
import { connect, nock, openConnections } from '../../support/nock.ts';

const roleArn = 'arn:aws:iam::111111111111:role/deploy';
const signer = { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'signing-secret' };
const full: Hop = {
  role: roleArn,
  label: 'hop 2 of 3',
  sessionName: 'deployment',
  durationSeconds: 900,
  externalId: 'octo-external-id',
  inlinePolicy: '{"Version":"2012-10-17","Statement":[]}',
  managedPolicies: ['arn:aws:iam::aws:policy/ReadOnlyAccess', 'arn:aws:iam::111111111111:policy/Own'],
  sourceIdentity: 'octocat',
  mfa: { serial: 'arn:aws:iam::111111111111:mfa/ci', code: '012345' },
  tags: [
    { key: 'Repository', value: 'octo-org/octo-repo', origin: 'default' },
    { key: 'RunId', value: '1', origin: 'droppable' },
    { key: 'Team', value: '', origin: 'custom' },
  ],
  transitiveTagKeys: ['Team', 'RunId'],
};
const assumptionOf = (hop: Hop): Assumption => ({ hop, roleArn, region: 'us-east-1' });
const bare: Hop = { role: roleArn, label: 'role-to-assume', sessionName: 'GitHubActions', durationSeconds: 3600 };

type Operation = 'AssumeRole' | 'AssumeRoleWithWebIdentity';
const answer = (operation: Operation, secret: string): string =>
  `<${operation}Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><${operation}Result><Credentials><AccessKeyId>ASIANEW</AccessKeyId><SecretAccessKey>${secret}</SecretAccessKey><SessionToken>new-token</SessionToken><Expiration>2026-01-01T01:00:00Z</Expiration></Credentials><AssumedRoleUser><Arn>arn:aws:sts::111111111111:assumed-role/deploy/x</Arn><AssumedRoleId>AROA:x</AssumedRoleId></AssumedRoleUser></${operation}Result></${operation}Response>`;
const failure = (code: string, message: string): string =>
  `<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error></ErrorResponse>`;
const tooLarge = failure('PackedPolicyTooLarge', 'Packed size of session tags consumes 112% of allotted space.');

const forms: Record<string, string>[] = [];
/** The next request, its form kept. */
const expectRequest = (status: number, body: string): void => {
  nock('https://sts.us-east-1.amazonaws.com')
    .post('/', (sent) => forms.push(Object.fromEntries(new URLSearchParams(sent))) > 0)
    .reply(status, body, { 'content-type': 'text/xml' });
};
const wire = (attempts = 1) => {
  const masks: string[] = [];
  const lines: string[] = [];
  const network: Network = { attempts, endpoints: { sts: undefined, sso: undefined } };
  const aws = connect({
    network,
    connections: async () => openConnections(network),
    log: (line) => void lines.push(line),
    mask: (secret) => void masks.push(secret),
  });
  return { aws, masks, lines };
};
const assume = (hop: Hop, attempts?: number) => wire(attempts).aws.assumeRole(assumptionOf(hop), signer);

afterEach(() => {
  forms.length = 0;
});

describe('the form that is sent', () => {
  const policies = {
    Policy: '{"Version":"2012-10-17","Statement":[]}',
    'PolicyArns.member.1.arn': 'arn:aws:iam::aws:policy/ReadOnlyAccess',
    'PolicyArns.member.2.arn': 'arn:aws:iam::111111111111:policy/Own',
  };
  const whole = {
    Action: 'AssumeRole',
    Version: '2011-06-15',
    RoleArn: roleArn,
    RoleSessionName: 'deployment',
    DurationSeconds: '900',
    ...policies,
    ExternalId: 'octo-external-id',
    SourceIdentity: 'octocat',
    SerialNumber: 'arn:aws:iam::111111111111:mfa/ci',
    TokenCode: '012345',
    'Tags.member.1.Key': 'Repository',
    'Tags.member.1.Value': 'octo-org/octo-repo',
    'Tags.member.2.Key': 'RunId',
    'Tags.member.2.Value': '1',
    'Tags.member.3.Key': 'Team',
    'Tags.member.3.Value': '',
    'TransitiveTagKeys.member.1': 'Team',
    'TransitiveTagKeys.member.2': 'RunId',
  };

  test('AssumeRole carries everything', async () => {
    expectRequest(200, answer('AssumeRole', 'secret'));
    await assume(full);
    expect(forms).toEqual([whole]);
  });

  test('AssumeRole carries nothing that is not asked for', async () => {
    expectRequest(200, answer('AssumeRole', 'secret'));
    await assume(bare);
    expect(forms).toEqual([
      {
        Action: 'AssumeRole',
        Version: '2011-06-15',
        RoleArn: roleArn,
        RoleSessionName: 'GitHubActions',
        DurationSeconds: '3600',
      },
    ]);
  });

  test('AssumeRoleWithWebIdentity carries the policies, and nothing that it has no field for', async () => {
    expectRequest(200, answer('AssumeRoleWithWebIdentity', 'secret'));
    await wire().aws.assumeRoleWithWebIdentity(assumptionOf(full), 'a-token');
    expect(forms).toEqual([
      {
        Action: 'AssumeRoleWithWebIdentity',
        Version: '2011-06-15',
        RoleArn: roleArn,
        RoleSessionName: 'deployment',
        DurationSeconds: '900',
        WebIdentityToken: 'a-token',
        ...policies,
      },
    ]);
  });

  test('tags that are too large are sent once more without those that can be dropped, which the log names', async () => {
    expectRequest(400, tooLarge);
    expectRequest(200, answer('AssumeRole', 'secret'));
    const { aws, lines } = wire();
    expect((await aws.assumeRole(assumptionOf(full), signer)).credentials.secretAccessKey).toBe('secret');
    expect(lines).toEqual([`Hop 2 of 3 (${roleArn}): AWS finds the session tags too large; try 2 goes without RunId`]);
    const {
      'Tags.member.3.Key': _key,
      'Tags.member.3.Value': _value,
      'TransitiveTagKeys.member.2': _transitive,
      ...rest
    } = whole;
    expect(forms).toEqual([whole, { ...rest, 'Tags.member.2.Key': 'Team', 'Tags.member.2.Value': '' }]);
  });

  test('once more, and no oftener', async () => {
    for (let request = 0; request < 3; request += 1) expectRequest(400, tooLarge);
    await expect(assume(full, 12)).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      message: expect.stringMatching(/^Hop 2 of 3 .*PackedPolicyTooLarge/),
      hint: expect.stringMatching(/session policy.*"custom-tags"/),
    });
    expect(forms).toHaveLength(2);
  });

  test('where nothing can be dropped, not even once more', async () => {
    for (let request = 0; request < 2; request += 1) expectRequest(400, tooLarge);
    const kept = (full.tags ?? []).filter(({ origin }) => origin !== 'droppable');
    await expect(assume({ ...full, tags: kept }, 12)).rejects.toMatchObject({ code: 'INPUT_INVALID' });
    expect(forms).toHaveLength(1);
  });
});

describe('what a refusal says to do', () => {
  const arn = 'arn:aws:iam::111111111111:user/ci';
  test.each([
    [
      403,
      'AccessDenied',
      `User: ${arn} is not authorized to perform: sts:TagSession on resource: ${roleArn}`,
      'ACCESS_DENIED',
      /sts:TagSession .*"role-skip-session-tagging: true"/,
    ],
    [
      403,
      'AccessDenied',
      `User: ${arn} is not authorized to perform: sts:SetSourceIdentity on resource: ${roleArn}`,
      'ACCESS_DENIED',
      /sts:SetSourceIdentity .*"source-identity"/,
    ],
    [
      403,
      'AccessDenied',
      'MultiFactorAuthentication failed with invalid MFA one time pass code. ',
      'ACCESS_DENIED',
      /"mfa-serial".*"mfa-code"/,
    ],
    [
      400,
      'InvalidParameterValue',
      "One of the specified transitive tag keys can't be set because it conflicts with a transitive tag key from the calling session.",
      'INPUT_INVALID',
      /"role-skip-session-tagging: true".*"transitive-tag-keys"/,
    ],
    [400, 'MalformedPolicyDocument', 'Syntax errors in policy.', 'INPUT_INVALID', /"inline-session-policy"/],
  ] as const)('%i %s: %s', async (status, code, message, ours, hint) => {
    expectRequest(status, failure(code, message));
    await expect(assume(full)).rejects.toMatchObject({ code: ours, hint: expect.stringMatching(hint) });
  });
});

describe('special characters', () => {
  const avoiding: Hop = { ...bare, specialCharacters: 'avoided' };

  test('are kept where nobody asks otherwise', async () => {
    expectRequest(200, answer('AssumeRole', 'with/slash+plus'));
    expect((await assume(bare, 12)).credentials.secretAccessKey).toBe('with/slash+plus');
  });

  test.each<readonly [Operation]>([['AssumeRole'], ['AssumeRoleWithWebIdentity']])(
    '%s again until there are none, each answer masked',
    async (operation) => {
      for (const secret of ['with/slash', 'with+plus', 'plain1']) expectRequest(200, answer(operation, secret));
      const { aws, masks } = wire(3);
      const { credentials } =
        operation === 'AssumeRole'
          ? await aws.assumeRole(assumptionOf(avoiding), signer)
          : await aws.assumeRoleWithWebIdentity(assumptionOf(avoiding), 'a-token');
      expect(credentials.secretAccessKey).toBe('plain1');
      expect(masks).toEqual(expect.arrayContaining(['with/slash', 'with+plus', 'plain1']));
    },
  );

  test.each([
    [1, 'once'],
    [3, '3 times'],
  ])('with %i tries there is an end', async (attempts, times) => {
    for (let request = 0; request < 5; request += 1) expectRequest(200, answer('AssumeRole', 'with/slash'));
    const refusal: unknown = await assume(avoiding, attempts).catch((error: unknown) => error);
    expect(refusal).toMatchObject({
      code: 'SERVICE_UNAVAILABLE',
      message: expect.stringContaining(`(role-to-assume) was assumed ${times}`),
      hint: expect.stringMatching(/"retry-max-attempts".*"special-characters-workaround"/),
    });
    expect(String(refusal)).not.toContain('with/slash');
    expect(forms).toHaveLength(attempts);
  });

  test('a refusal ends it at once', async () => {
    expectRequest(200, answer('AssumeRole', 'with/slash'));
    expectRequest(400, failure('ValidationError', 'no'));
    await expect(assume(avoiding, 12)).rejects.toMatchObject({ code: 'ROLE_INVALID' });
    expect(forms).toHaveLength(2);
  });
});
