import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { describePlan } from '../../../src/plan/plan.ts';
import { arns, type Given, idToken, keyInputs, planFrom } from '../../support/plan.ts';

const { deploy, target, final } = arns;
const policy = '{"Version":"2012-10-17","Statement":[]}';
const readOnly = 'arn:aws:iam::aws:policy/ReadOnlyAccess';
const serial = 'arn:aws:iam::111111111111:mfa/ci';
const everything = {
  'inline-session-policy': policy,
  'managed-session-policies': `${readOnly}\narn:aws-cn:iam::222222222222:policy/path/Own`,
  'role-external-id': 'octo-external-id',
  'source-identity': 'octocat',
  'mfa-serial': serial,
  'mfa-code': '012345',
  'role-session-name': 'deployment',
  'role-duration-seconds': '30m',
  'custom-tags': '{"Team":"red"}',
  'transitive-tag-keys': 'team\nRepository',
  'special-characters-workaround': 'true',
};
const github = { GITHUB_ACTIONS: 'true', GITHUB_REPOSITORY: 'octo-org/octo-repo', GITHUB_RUN_ID: '1' };

describe('which hop gets what', () => {
  test('names and tags go to every hop, the rest to the last', async () => {
    const masks: string[] = [];
    const { plan, warnings } = await planFrom(
      { with: { ...keyInputs, ...everything, 'role-to-assume': `${deploy}\n${target}` }, env: github },
      masks,
    );
    expect(plan.trunk.hops).toEqual([
      {
        role: deploy,
        label: 'hop 1 of 2',
        sessionName: 'deployment',
        durationSeconds: 3600,
        tags: [
          { key: 'GitHub', value: 'Actions', origin: 'default' },
          { key: 'Repository', value: 'octo-org/octo-repo', origin: 'default' },
          { key: 'RunId', value: '1', origin: 'droppable' },
          { key: 'Team', value: 'red', origin: 'custom' },
        ],
        transitiveTagKeys: ['Repository', 'Team'],
      },
      {
        role: target,
        label: 'hop 2 of 2',
        sessionName: 'deployment',
        durationSeconds: 1800,
        externalId: 'octo-external-id',
        inlinePolicy: policy,
        managedPolicies: [readOnly, 'arn:aws-cn:iam::222222222222:policy/path/Own'],
        sourceIdentity: 'octocat',
        mfa: { serial, code: '012345' },
        specialCharacters: 'avoided',
        // The others are handed down.
        tags: [
          { key: 'GitHub', value: 'Actions', origin: 'default' },
          { key: 'RunId', value: '1', origin: 'droppable' },
        ],
      },
    ]);
    expect(warnings).toEqual([]);
    expect(masks).toContain('012345');
    expect(describePlan(plan)).toBe(
      'static keys → 111111111111/deploy (4 tags) → 222222222222/target (external id, source identity, MFA, session policy, 2 tags)',
    );
    expect(JSON.parse(JSON.stringify(plan))).toEqual(plan);
  });

  test('a call with a token takes policies, and a warning names each thing that it cannot carry', async () => {
    const { plan, warnings } = await planFrom({
      with: { ...everything, 'role-to-assume': deploy },
      env: { ...idToken, ...github },
    });
    expect(plan.trunk.hops).toEqual([
      {
        role: deploy,
        label: 'role-to-assume',
        sessionName: 'deployment',
        durationSeconds: 1800,
        inlinePolicy: policy,
        managedPolicies: [readOnly, 'arn:aws-cn:iam::222222222222:policy/path/Own'],
        specialCharacters: 'avoided',
      },
    ]);
    expect(warnings.map((warning) => /"([\w-]+)" is not sent/.exec(warning)?.[1])).toEqual([
      'role-external-id',
      'source-identity',
      'mfa-serial',
      'custom-tags',
    ]);
    expect(describePlan(plan)).toBe('oidc (audience sts.amazonaws.com) → 111111111111/deploy (session policy)');
  });

  const quiet: readonly (readonly [string, Given])[] = [
    ['tags that tell of the job', { with: { 'role-to-assume': deploy }, env: { ...idToken, ...github } }],
    ['a later hop carries it', { with: { ...everything, 'role-to-assume': `${deploy}\n${target}` }, env: idToken }],
    [
      'the second hop of a chain says the same',
      {
        with: {
          'role-chain': `[{"role-arn":"${deploy}","external-id":"ab","tags":{"a":"b"}},{"role-arn":"${target}","external-id":"ab","tags":{"A":"b"}}]`,
        },
        env: idToken,
      },
    ],
  ];
  test.each(quiet)('no warning: %s', async (_name, given) => {
    expect((await planFrom(given)).warnings).toEqual([]);
  });

  test('in a chain written hop by hop the warning names the first hop’s key', async () => {
    const { warnings } = await planFrom({
      with: {
        'role-chain': `[{"role-arn":"${deploy}","external-id":"ab","tags":{"a":"b"},"source-identity":"me","mfa-serial":"GAHT12345678","mfa-code":"123456"},{"role-arn":"${target}","external-id":"cd","tags":{"a":"c"}}]`,
      },
      env: idToken,
    });
    expect(warnings).toEqual([
      expect.stringMatching(/^The "external-id" of the first hop is not sent: .* external id\.$/),
      expect.stringMatching(/^The "source-identity" of the first hop is not sent: /),
      expect.stringMatching(/^The "mfa-serial" of the first hop is not sent: /),
      expect.stringMatching(/^The "tags" of the first hop is not sent: /),
    ]);
    expect(warnings.join()).not.toContain('123456');
  });

  test('the machine’s own role gets what the last hop gets where it is the last', async () => {
    const irsa = { AWS_WEB_IDENTITY_TOKEN_FILE: '/token', AWS_ROLE_ARN: deploy };
    const asked = { 'inline-session-policy': policy, 'role-duration-seconds': '15m' };
    const alone = await planFrom({ with: asked, env: irsa });
    expect(alone.plan.trunk.hops).toMatchObject([{ inlinePolicy: policy, durationSeconds: 900 }]);
    const before = await planFrom({ with: { ...asked, 'role-to-assume': target }, env: irsa });
    expect(before.plan.trunk.hops).toMatchObject([
      { durationSeconds: 3600 },
      { inlinePolicy: policy, durationSeconds: 900 },
    ]);
    expect(before.plan.trunk.hops[0]).not.toHaveProperty('inlinePolicy', expect.anything());
  });
});

describe('tags', () => {
  const rolesByKeys = { ...keyInputs, 'role-to-assume': `${deploy}\n${target}\n${final}` };

  test('none are sent where tagging is skipped, and a warning names what is ignored', async () => {
    const { plan, warnings } = await planFrom({
      with: { ...rolesByKeys, ...everything, 'role-skip-session-tagging': 'true' },
      env: github,
    });
    for (const hop of plan.trunk.hops) expect([hop.tags, hop.transitiveTagKeys]).toEqual([undefined, undefined]);
    expect(warnings).toEqual([
      'Input "custom-tags" is ignored, because "role-skip-session-tagging" is true.',
      'Input "transitive-tag-keys" is ignored, because "role-skip-session-tagging" is true.',
    ]);
  });

  test('without the job’s variables there is none, as under act', async () => {
    const { plan, warnings } = await planFrom({ with: { ...rolesByKeys, 'transitive-tag-keys': 'Repository' } });
    expect(plan.trunk.hops.flatMap(({ tags = [] }) => tags)).toEqual([]);
    expect(warnings).toEqual([]);
  });

  test('a transitive key that no tag has is not sent, and named', async () => {
    const { plan, warnings } = await planFrom({
      with: { ...rolesByKeys, 'custom-tags': '{"Team":"red"}', 'transitive-tag-keys': 'Team\nTaem' },
    });
    expect(plan.trunk.hops).toMatchObject([{ transitiveTagKeys: ['Team'] }, {}, {}]);
    expect(warnings).toEqual(['Input "transitive-tag-keys" names "Taem", which is the key of no session tag.']);
  });

  test('custom tags and the action’s own are fifty at most', async () => {
    const json = (count: number) =>
      JSON.stringify(Object.fromEntries(Array.from({ length: count }, (_, index) => [`k${index}`, index])));
    const plan = (count: number) => planFrom({ with: { ...rolesByKeys, 'custom-tags': json(count) }, env: github });
    expect((await plan(47)).plan.trunk.hops[0]?.tags).toHaveLength(50);
    await expect(plan(48)).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      message: 'Input "custom-tags" makes 51 session tags in all, and AWS takes 50.',
      hint: expect.stringContaining('3 are the action'),
    });
  });

  test('whatever hands down what, no hop sends a tag that it inherits, nor a transitive key without its tag', async () => {
    const key = fc.constantFrom('Team', 'team', 'Stage', 'Repository', 'Nothing');
    await fc.assert(
      fc.asyncProperty(fc.array(key, { maxLength: 4 }), fc.boolean(), async (keys, tagged) => {
        const { plan } = await planFrom({
          with: {
            ...rolesByKeys,
            'transitive-tag-keys': keys.join('\n'),
            ...(tagged ? { 'custom-tags': '{"Team":"red","Stage":"test"}' } : {}),
          },
          env: github,
        });
        const inherited = new Set<string>();
        for (const { tags = [], transitiveTagKeys = [] } of plan.trunk.hops) {
          const sent = tags.map((tag) => tag.key.toLowerCase());
          expect(sent.filter((one) => inherited.has(one))).toEqual([]);
          expect(transitiveTagKeys.filter((one) => !sent.includes(one.toLowerCase()))).toEqual([]);
          expect(new Set(transitiveTagKeys).size).toBe(transitiveTagKeys.length);
          for (const one of transitiveTagKeys) inherited.add(one.toLowerCase());
        }
      }),
    );
  });
});

describe('a setting is what STS takes, or refused before any request', () => {
  const roles = { ...keyInputs, 'role-to-assume': deploy };
  const long = JSON.stringify({ Statement: 'x'.repeat(2048) });
  const cases: readonly (readonly [input: string, inputs: Readonly<Record<string, string>>])[] = [
    ['inline-session-policy', { 'inline-session-policy': '{"Statement": s3cret}' }],
    ['inline-session-policy', { 'inline-session-policy': '[]' }],
    ['inline-session-policy', { 'inline-session-policy': 'null' }],
    ['inline-session-policy', { 'inline-session-policy': '"text"' }],
    ['inline-session-policy', { 'inline-session-policy': long }],
    ['inline-session-policy', { 'inline-session-policy': '{"Statement":"漢"}' }],
    ['managed-session-policies', { 'managed-session-policies': 'ReadOnlyAccess' }],
    ['managed-session-policies', { 'managed-session-policies': `${readOnly},${readOnly}` }],
    ['managed-session-policies', { 'managed-session-policies': 'arn:aws:iam::aws:role/ReadOnlyAccess' }],
    ['managed-session-policies', { 'managed-session-policies': `${readOnly}\n`.repeat(11) }],
    ['source-identity', { 'source-identity': 'x' }],
    ['source-identity', { 'source-identity': 'has space' }],
    ['source-identity', { 'source-identity': 'x'.repeat(65) }],
    ['mfa-serial', { 'mfa-code': '123456' }],
    ['mfa-code', { 'mfa-serial': serial }],
    ['mfa-code', { 'mfa-serial': serial, 'mfa-code': '12345' }],
    ['mfa-code', { 'mfa-serial': serial, 'mfa-code': '1234567' }],
    ['mfa-code', { 'mfa-serial': serial, 'mfa-code': 's3cret' }],
    ['mfa-serial', { 'mfa-serial': 'arn:aws:iam::111111111111:user/ci', 'mfa-code': '123456' }],
    ['mfa-serial', { 'mfa-serial': 'short', 'mfa-code': '123456' }],
    ['custom-tags', { 'custom-tags': '{"Team": s3cret}' }],
    ['custom-tags', { 'custom-tags': '{"Branch":"s3cret"}' }],
    ['role-skip-session-tagging', { 'role-skip-session-tagging': 'maybe' }],
    ['special-characters-workaround', { 'special-characters-workaround': '1' }],
  ];
  test.each(cases)('%s: %#', async (input, inputs) => {
    const refusal: unknown = await planFrom({ with: { ...roles, ...inputs } }).catch((error: unknown) => error);
    expect(refusal).toMatchObject({
      code: 'INPUT_INVALID',
      message: expect.stringContaining(`Input "${input}"`),
      hint: expect.stringMatching(/\w/),
    });
    expect(String(refusal)).not.toContain('s3cret');
    expect(refusal).not.toHaveProperty('cause', expect.anything());
  });

  test.each([
    ['GAHT12345678', '000000'],
    ['arn:aws-us-gov:iam::444444444444:mfa/path/someone@example.com', '999999'],
  ])('the device %s is taken', async (device, code) => {
    const { plan } = await planFrom({ with: { ...roles, 'mfa-serial': device, 'mfa-code': code } });
    expect(plan.trunk.hops).toMatchObject([{ mfa: { serial: device, code } }]);
  });

  test('a policy of 2048 characters is taken as it is', async () => {
    const exact = `{"Statement":"${'x'.repeat(2048 - 16)}"}`;
    const { plan } = await planFrom({ with: { ...roles, 'inline-session-policy': exact } });
    expect(exact).toHaveLength(2048);
    expect(plan.trunk.hops).toMatchObject([{ inlinePolicy: exact }]);
  });

  test.each([
    ['role-session-name', 'sessionName'],
    ['source-identity', 'sourceIdentity'],
  ])('any %s is sent unaltered, or refused', async (input, field) => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: fc.constantFrom(...'aZ9_+=,.@-: é\n'), maxLength: 70 }), async (name) => {
        const outcome = await planFrom({ with: { ...roles, [input]: name } }).then(
          ({ plan }) => plan.trunk.hops[0],
          () => 'refused',
        );
        const given = name.trim();
        const sound = /^[A-Za-z0-9_+=,.@-]{2,64}$/.test(given);
        if (given === '') expect(outcome).toMatchObject({ sessionName: 'GitHubActions' });
        else if (sound) expect(outcome).toMatchObject({ [field]: given });
        else expect(outcome).toBe('refused');
      }),
    );
  });
});
