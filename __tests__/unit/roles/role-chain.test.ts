import { describe, expect, test } from '@jest/globals';
import { describePlan } from '../../../src/plan/plan.ts';
import { arns, type Given, idToken, keyInputs, planFrom } from '../../support/plan.ts';

const { deploy, target, final } = arns;
const chain = (text: string): Given => ({ with: { 'role-chain': text }, env: idToken });
const one = (settings: string) =>
  `- role-arn: ${deploy}\n- role-arn: ${target}\n  ${settings.replaceAll('\n', '\n  ')}\n`;

const yaml = `
# from the tools account
- role-arn: ${deploy}
  session-name: first
  duration-seconds: 15m
- role-arn: ${target}
  external-id: octo-external-id
  inline-session-policy: |
    {"Version":"2012-10-17","Statement":[]}
  managed-session-policies:
    - arn:aws:iam::aws:policy/ReadOnlyAccess
  tags:
    Team: red
    Number: 007
  transitive-tag-keys: [team]
  source-identity: octocat
  mfa-serial: arn:aws:iam::111111111111:mfa/ci
  mfa-code: 012345
`;
const json = JSON.stringify(
  [
    { 'role-arn': deploy, 'session-name': 'first', 'duration-seconds': 900 },
    {
      'role-arn': target,
      'external-id': 'octo-external-id',
      'inline-session-policy': '{"Version":"2012-10-17","Statement":[]}',
      'managed-session-policies': ['arn:aws:iam::aws:policy/ReadOnlyAccess'],
      tags: { Team: 'red', Number: '007' },
      'transitive-tag-keys': ['team'],
      'source-identity': 'octocat',
      'mfa-serial': 'arn:aws:iam::111111111111:mfa/ci',
      'mfa-code': '012345',
    },
  ],
  undefined,
  '\t',
);

describe('a chain says everything hop by hop', () => {
  test.each([
    ['YAML', yaml, 5],
    ['JSON', json, 7],
  ])('in %s', async (_form, text, line) => {
    const masks: string[] = [];
    const { plan, warnings } = await planFrom(chain(text), masks);
    expect(plan.trunk).toEqual({
      region: 'us-east-1',
      source: { kind: 'oidc', audience: 'sts.amazonaws.com' },
      hops: [
        { role: deploy, label: 'hop 1 of 2', sessionName: 'first', durationSeconds: 900 },
        {
          role: target,
          label: 'hop 2 of 2',
          line,
          sessionName: 'GitHubActions',
          durationSeconds: 3600,
          externalId: 'octo-external-id',
          inlinePolicy: '{"Version":"2012-10-17","Statement":[]}',
          managedPolicies: ['arn:aws:iam::aws:policy/ReadOnlyAccess'],
          tags: [
            { key: 'Team', value: 'red', origin: 'custom' },
            { key: 'Number', value: '007', origin: 'custom' },
          ],
          transitiveTagKeys: ['Team'],
          sourceIdentity: 'octocat',
          mfa: { serial: 'arn:aws:iam::111111111111:mfa/ci', code: '012345' },
        },
      ],
    });
    expect(warnings).toEqual([]);
    expect(masks).toEqual(['012345']);
    expect(describePlan(plan)).toBe(
      'oidc (audience sts.amazonaws.com) → 111111111111/deploy → 222222222222/target (external id, source identity, MFA, session policy, 2 tags)',
    );
    expect(JSON.parse(JSON.stringify(plan))).toEqual(plan);
  });

  test('of one hop too, and by names in the account of the source', async () => {
    const { plan } = await planFrom({ with: { ...keyInputs, 'role-chain': '- role-arn: path/deploy' } });
    expect(plan.trunk.hops).toMatchObject([{ role: 'path/deploy', label: 'role-chain' }]);
  });

  test('what a hop does not say, the inputs do: of every hop, or of the last', async () => {
    const { plan } = await planFrom({
      with: {
        ...keyInputs,
        'role-chain': `[{"role-arn":"${deploy}"},{"role-arn":"${target}","session-name":"mine","tags":{"TEAM":"blue"}}]`,
        'role-session-name': 'general',
        'role-duration-seconds': '20m',
        'role-external-id': 'general-id',
        'custom-tags': '{"Team":"red","Stage":"test"}',
      },
    });
    expect(plan.trunk.hops).toMatchObject([
      { sessionName: 'general', durationSeconds: 3600, tags: [{ value: 'red' }, { value: 'test' }] },
      {
        sessionName: 'mine',
        durationSeconds: 1200,
        externalId: 'general-id',
        tags: [
          { key: 'Stage', value: 'test' },
          { key: 'TEAM', value: 'blue' },
        ],
      },
    ]);
    expect(plan.trunk.hops[0]).not.toHaveProperty('externalId', expect.anything());
  });

  test('an empty value is absent', async () => {
    const { plan } = await planFrom(
      chain(one('external-id:\ntags: ~\nmanaged-session-policies: ""\nsession-name: null')),
    );
    expect(plan.trunk.hops.slice(1)).toEqual([
      { role: target, label: 'hop 2 of 2', line: 2, sessionName: 'GitHubActions', durationSeconds: 3600 },
    ]);
  });
});

describe('what a chain cannot be', () => {
  const cases: readonly (readonly [text: string, message: RegExp, hint: RegExp])[] = [
    ['[{"role-arn": "s3cret"', /^Input "role-chain" is not valid YAML in line 1 \(/, /indentation/],
    [`- role-arn: ${deploy}\n  role-arn: ${target}`, /line 2 \(DUPLICATE_KEY\)/, /YAML or JSON/],
    [`- &a {role-arn: ${deploy}}\n- *a`, /alias in line 2/, /YAML or JSON/],
    [deploy, /is not a list of hops/, /- role-arn:/],
    [`role-arn: ${deploy}`, /is not a list of hops/, /- role-arn:/],
    ['[]', /is not a list of hops/, /- role-arn:/],
    ['# only a comment', /is not a list of hops/, /- role-arn:/],
    [`- ${deploy}`, /hop 1 of 1 \(line 1\): is not a map/, /- role-arn:/],
    [`- role-arn: ${deploy}\n-\n`, /hop 2 of 2 \(line 2\): is not a map/, /- role-arn:/],
    ['- session-name: abc', /hop 1 of 1 \(line 1\): "role-arn" is missing/, /arn:aws:iam/],
    ['- role-arn:', /hop 1 of 1 \(line 1\): "role-arn" is missing/, /arn:aws:iam/],
    [`- role-arn: [${deploy}]`, /hop 1 of 1 \(line 1\): "role-arn" is neither/, /arn:aws:iam/],
    [
      `- role-arn: ${deploy}\n- role-arn: arn:aws:iam::1:role/x`,
      /hop 2 of 2 \(line 2\): "role-arn" is neither/,
      /NAME/,
    ],
    [
      `- role-arn: ${deploy}\n\n- role-arm: ${target}`,
      /hop 2 of 2 \(line 3\): "role-arm" is not a key/,
      /mean "role-arn"\?/,
    ],
    ['- roleArn: x', /"roleArn" is not a key/, /mean "role-arn"\?/],
    ['- role-to-assume: x', /"role-to-assume" is not a key/, /mean "role-arn"\?/],
    [one('externalid: x'), /hop 2 of 2 \(line 3\): "externalid" is not a key/, /mean "external-id"\?/],
    [one('role-session-name: x'), /"role-session-name" is not a key/, /mean "session-name"\?/],
    [one('custom-tags: {}'), /"custom-tags" is not a key/, /mean "tags"\?/],
    [one('mfa_code: "123456"'), /"mfa_code" is not a key/, /mean "mfa-code"\?/],
    [one('? ""\n: x'), /"" is not a key/, /mean "/],
    [one('session-name: has space'), /hop 2 of 2 \(line 3\): "session-name" is not a session name/, /2 to 64/],
    [one('session-name: [a, b]'), /"session-name" is a list, where one text belongs/, /behind the colon/],
    [one('duration-seconds: 60'), /"duration-seconds" is 60 seconds/, /30m/],
    [one('duration-seconds: soon'), /"duration-seconds" is not a duration/, /30m/],
    [
      one('duration-seconds: 2h'),
      /"role-chain" has a "duration-seconds" of 7200 seconds, but hop 2 of 2 \(line 2\) .* one hour/,
      /3600/,
    ],
    [one('external-id: s3cret id'), /"external-id" is not an external id/, /1224/],
    [one('source-identity: s3cret id'), /"source-identity" is not a source identity/, /2 to 64/],
    [one('mfa-serial: arn:aws:iam::111111111111:mfa/ci'), /\(line 2\): "mfa-code" is missing/, /both/],
    [one('mfa-code: 123456'), /"mfa-serial" is missing/, /both/],
    [one('mfa-code: 12345\nmfa-serial: GAHT12345678'), /\(line 3\): "mfa-code" is not a code/, /six digits/],
    [one('mfa-code: "123456"\nmfa-serial: short'), /\(line 4\): "mfa-serial" is not the serial/, /ARN/],
    [one('inline-session-policy: s3cret'), /"inline-session-policy" is not a JSON object/, /Statement/],
    [one('inline-session-policy:\n  Statement: []'), /"inline-session-policy" is a map/, /colon/],
    [
      one('managed-session-policies: ReadOnlyAccess'),
      /"managed-session-policies" holds "ReadOnlyAccess"/,
      /ARN a line/,
    ],
    [one('managed-session-policies: {a: b}'), /"managed-session-policies" is a map, where a list/, /- /],
    [one('managed-session-policies: [[a]]'), /"managed-session-policies" holds a list in line 3/, /text/],
    [one('tags: Team=red'), /"tags" is not a map/, /Team: red/],
    [one('tags: [Team]'), /"tags" is not a map/, /Team: red/],
    [one('tags: {Team: [s3cret]}'), /"tags" holds a list in line 3/, /text/],
    [one('tags:\n  Team!: red'), /\(line 3\): "tags" has the key "Team!"/, /128/],
    [one('tags: {Repository: s3cret}'), /"tags" has the key "Repository", which this action sets/, /another key/],
    [one('tags: {Team: s3cret!}'), /"tags" has a value for "Team"/, /256/],
    [
      one(`tags: {${Array.from({ length: 51 }, (_, n) => `k${n}: v`).join(', ')}}`),
      /hop 2 of 2 \(line 2\) "tags", and so makes 51/,
      /Leave 1/,
    ],
    [
      `- role-arn: bare-name\n- role-arn: ${target}`,
      /"role-chain" holds the bare name "bare-name" for hop 1 of 2 \(line 1\)/,
      /whole ARN/,
    ],
  ];
  test.each(cases)('%#: %j', async (text, message, hint) => {
    const refusal: unknown = await planFrom(chain(text)).catch((error: unknown) => error);
    expect(refusal).toMatchObject({
      code: 'INPUT_INVALID',
      message: expect.stringMatching(message),
      hint: expect.stringMatching(hint),
    });
    expect(refusal).toMatchObject({ message: expect.stringMatching(/^Input "role-chain"/) });
    expect(String(refusal)).not.toContain('s3cret');
  });

  test('together with role-to-assume', async () => {
    await expect(
      planFrom({ with: { 'role-to-assume': deploy, 'role-chain': `- role-arn: ${target}` }, env: idToken }),
    ).rejects.toMatchObject({
      code: 'INPUT_CONFLICT',
      message: expect.stringMatching(/"role-chain" and "role-to-assume"/),
    });
  });
});

describe('what one hop hands down to the next', () => {
  const three = (first: string, second: string, third: string): Given => ({
    with: {
      ...keyInputs,
      'role-chain': `[{"role-arn":"${deploy}"${first}},{"role-arn":"${target}"${second}},{"role-arn":"${final}"${third}}]`,
    },
  });

  test('a transitive tag is sent once', async () => {
    const { plan } = await planFrom(
      three(',"tags":{"Team":"red","Stage":"x"},"transitive-tag-keys":["Team"]', '', ',"tags":{"team":"red","A":"b"}'),
    );
    expect(
      plan.trunk.hops.map(({ tags = [], transitiveTagKeys }) => [tags.map(({ key }) => key), transitiveTagKeys]),
    ).toEqual([
      [['Team', 'Stage'], ['Team']],
      [[], undefined],
      [['A'], undefined],
    ]);
  });

  test('a transitive tag cannot change on the way', async () => {
    await expect(
      planFrom(three(',"tags":{"Team":"red"},"transitive-tag-keys":["Team"]', '', ',"tags":{"team":"blue"}')),
    ).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      message: expect.stringMatching(/"role-chain" gives hop 3 of 3 \(line 1\) .*"team"/),
    });
  });

  test('a source identity cannot change on the way, and may be said again', async () => {
    const said = (first: string, third: string) =>
      planFrom(three(`,"source-identity":"${first}"`, '', `,"source-identity":"${third}"`));
    expect((await said('octocat', 'octocat')).plan.trunk.hops).toMatchObject([
      { sourceIdentity: 'octocat' },
      {},
      { sourceIdentity: 'octocat' },
    ]);
    await expect(said('octocat', 'hubot')).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      message: expect.stringMatching(/hop 3 of 3 \(line 1\) another source identity/),
    });
  });
});
