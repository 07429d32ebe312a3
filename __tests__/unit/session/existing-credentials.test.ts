import { describe, expect, test } from '@jest/globals';
import { keysOf, memoryAws } from '../../support/memory.ts';
import { memoryRunner } from '../../support/memory-runner.ts';

const role = 'arn:aws:iam::111111111111:role/deploy';
const held = {
  AWS_ACCESS_KEY_ID: 'ASIAHELD',
  AWS_SECRET_ACCESS_KEY: 'secret of held',
  AWS_SESSION_TOKEN: 'token of held',
  AWS_REGION: 'us-east-1',
  AWS_DEFAULT_REGION: 'us-east-1',
};
const idToken = {
  ACTIONS_ID_TOKEN_REQUEST_URL: 'https://token.example/?x=1',
  ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'request-token',
};
const identities = { ASIAHELD: { account: '222222222222', arn: 'arn:aws:sts::222222222222:assumed-role/held/x' } };
const keep = { 'use-existing-credentials': 'true', 'role-to-assume': role };
const idTokens = ['id-token'];

describe('existing credentials that are good', () => {
  test('are kept: nothing is exported, nothing saved, the outputs name them', async () => {
    const runner = memoryRunner({ ...held, ...idToken });
    const aws = memoryAws({ identities });
    const { error, job } = await runner.use({ with: keep, aws, idTokens });
    expect(error).toBeUndefined();
    expect(aws.calls).toEqual([{ call: 'GetCallerIdentity', signedBy: 'ASIAHELD' }]);
    expect([...job.exported, ...job.saved]).toEqual([]);
    expect(Object.fromEntries(job.outputs)).toEqual({
      'aws-account-id': '222222222222',
      'authenticated-arn': 'arn:aws:sts::222222222222:assumed-role/held/x',
      'aws-region': 'us-east-1',
      'credential-source': 'environment',
    });
    expect(job.said.at(-1)).toBe(
      'Kept arn:aws:sts::222222222222:assumed-role/held/x of the environment: region, outputs',
    );
    expect(runner.post().said).toEqual(['Nothing to restore.']);
    expect(runner.env()).toEqual({ ...held, ...idToken });
  });

  test('go to the outputs where those are asked for, with their end', async () => {
    const runner = memoryRunner({ ...held, AWS_CREDENTIAL_EXPIRATION: '2026-01-01T00:30:00Z' });
    const { job } = await runner.use({
      with: { ...keep, 'output-credentials': 'true' },
      aws: memoryAws({ identities }),
    });
    expect(Object.fromEntries(job.outputs)).toMatchObject({
      'aws-access-key-id': 'ASIAHELD',
      'aws-secret-access-key': 'secret of held',
      'aws-session-token': 'token of held',
      'aws-expiration': '2026-01-01T00:30:00.000Z',
    });
    expect(job.masks).toEqual(expect.arrayContaining(['ASIAHELD', 'secret of held', 'token of held']));
    expect(job.said.at(-1)).toContain('until 2026-01-01T00:30:00.000Z');
  });

  test.each(['true', 'false'])(
    'another region is set as asked for, by output-env-credentials: %s, and put back',
    async (env) => {
      const runner = memoryRunner(held);
      await runner.use({
        with: { ...keep, 'aws-region': 'eu-west-1', 'output-env-credentials': env },
        aws: memoryAws({ identities }),
      });
      const region = env === 'true' ? 'eu-west-1' : 'us-east-1';
      expect(runner.env()).toEqual({ ...held, AWS_REGION: region, AWS_DEFAULT_REGION: region });
      runner.post();
      expect(runner.env()).toEqual(held);
    },
  );

  test('are kept in a job that has no other source', async () => {
    const { AWS_SESSION_TOKEN: _token, ...keys } = held;
    const runner = memoryRunner(keys);
    const inputs = { ...keep, 'force-skip-oidc': 'true', source: 'oidc' };
    expect((await runner.use({ with: inputs, aws: memoryAws({ identities }) })).error).toBeUndefined();
  });

  test.each([
    ['2026-01-01T00:10:00Z', '10m'],
    ['2026-01-01T00:00:01Z', ''],
    ['', '3600'],
  ])('that end at %j are long enough for min-remaining-seconds %j', async (end, least) => {
    const runner = memoryRunner({ ...held, ...(end === '' ? {} : { AWS_CREDENTIAL_EXPIRATION: end }) });
    const { job } = await runner.use({
      with: { ...keep, 'min-remaining-seconds': least },
      aws: memoryAws({ identities }),
    });
    expect(job.outputs.get('credential-source')).toBe('environment');
    expect(job.exported.size).toBe(0);
  });

  test('show no account where it is masked', async () => {
    const { job } = await memoryRunner(held).use({
      with: { ...keep, 'mask-aws-account-id': 'true' },
      aws: memoryAws({ identities }),
    });
    expect(job.masks).toEqual(expect.arrayContaining(['222222222222', identities.ASIAHELD.arn]));
  });
});

describe('existing credentials that are not good give way to the plan, with a word why', () => {
  const cases: readonly (readonly [string, object, object, object, string])[] = [
    [
      'there are none',
      { AWS_SECRET_ACCESS_KEY: '' },
      {},
      {},
      'AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not both set',
    ],
    [
      'they have ended',
      { AWS_CREDENTIAL_EXPIRATION: '2025-12-31T23:00:00Z' },
      {},
      {},
      'expired at 2025-12-31T23:00:00Z',
    ],
    ['nobody knows when they end', { AWS_CREDENTIAL_EXPIRATION: 'soon' }, {}, {}, 'is not a date'],
    [
      'they end too soon',
      { AWS_CREDENTIAL_EXPIRATION: '2026-01-01T00:09:59Z' },
      { 'min-remaining-seconds': '10m' },
      {},
      'end in 599 s, and "min-remaining-seconds" asks for 600',
    ],
    [
      'of another account',
      {},
      { 'allowed-account-ids': '111111111111' },
      {},
      'account 222222222222 that "allowed-account-ids"',
    ],
    ['refused by STS', {}, {}, { GetCallerIdentity: 'ACCESS_DENIED' }, 'GetCallerIdentity was refused'],
    ['run out, says STS', {}, {}, { GetCallerIdentity: 'TOKEN_EXPIRED' }, 'GetCallerIdentity was refused'],
  ];
  test.each(cases)('%s', async (_name, env, inputs, refused, reason) => {
    const runner = memoryRunner({ ...held, ...idToken, ...env });
    const { error, job } = await runner.use({
      with: { ...keep, ...inputs },
      aws: memoryAws({ identities, refused }),
      idTokens,
    });
    expect(error).toBeUndefined();
    expect(job.said).toContainEqual(expect.stringMatching(/^The existing credentials are not kept: .*\.$/));
    expect(job.said.find((line) => line.startsWith('The existing'))).toContain(reason);
    expect(runner.env().AWS_ACCESS_KEY_ID).toBe(keysOf(role).accessKeyId);
    expect(job.outputs.get('credential-source')).toBe('oidc');
  });

  test('and the step fails as it would have where there is no plan', async () => {
    const runner = memoryRunner(held);
    const inputs = { ...keep, source: 'oidc', 'allowed-account-ids': '111111111111' };
    const { error } = await runner.use({ with: inputs, aws: memoryAws({ identities }) });
    expect(error).toMatchObject({ code: 'ID_TOKEN_UNAVAILABLE' });
    expect(runner.env()).toEqual(held);
  });
});

describe('keys that never end are not written to the disk on the way', () => {
  const { AWS_SESSION_TOKEN: _token, ...endless } = held;
  const credentials = '/home/runner/.aws/credentials';
  const profile = { ...keep, 'aws-profile': 'ci' };

  test('where a role is asked for, its session goes into the profile, and the keys stay where they are', async () => {
    const runner = memoryRunner({ ...endless, ...idToken });
    const { error, job, aws } = await runner.use({ with: profile, aws: memoryAws({ identities }), idTokens });
    expect(error).toBeUndefined();
    expect(aws.calls.map(({ call }) => call)).toEqual(['AssumeRoleWithWebIdentity']);
    expect(job.said.find((line) => line.startsWith('The existing'))).toMatch(/no session token.*"aws-profile"/);
    expect(runner.disk.list()[credentials]).toContain(`aws_session_token = ${keysOf(role).sessionToken}`);
    expect(runner.disk.list()[credentials]).not.toContain('ASIAHELD');
    expect(runner.env()).toEqual({ ...endless, ...idToken });
    runner.post();
    expect(runner.disk.list()).toEqual({});
  });

  test.each<[string, object]>([
    ['another source that is not there', { source: 'oidc' }],
    ['a role', { source: 'environment' }],
  ])('nor where %s is asked for', async (_name, asked) => {
    const runner = memoryRunner(endless);
    const aws = memoryAws({ identities, refused: { AssumeRole: 'ACCESS_DENIED' } });
    const { error } = await runner.use({ with: { ...profile, ...asked }, aws });
    expect(error).toMatchObject({ code: expect.stringMatching(/^(ID_TOKEN_UNAVAILABLE|ACCESS_DENIED)$/) });
    expect([runner.disk.list(), runner.env()]).toEqual([{}, endless]);
  });

  test('temporary ones are, with their token', async () => {
    const runner = memoryRunner({ ...held, ...idToken });
    const { job } = await runner.use({ with: profile, aws: memoryAws({ identities }), idTokens });
    expect(job.outputs.get('credential-source')).toBe('environment');
    expect(runner.disk.list()[credentials]).toContain('aws_session_token = token of held');
  });

  test('and they are where a profile of them is all that is asked for', async () => {
    const runner = memoryRunner(endless);
    const { 'role-to-assume': _role, ...alone } = profile;
    expect((await runner.use({ with: alone, aws: memoryAws({ identities }) })).error).toBeUndefined();
    expect(runner.disk.list()[credentials]).toContain('aws_access_key_id = ASIAHELD');
    runner.post();
    expect(runner.disk.list()).toEqual({});
  });

  test('without a profile they are kept as ever', async () => {
    const { job } = await memoryRunner({ ...endless, ...idToken }).use({
      with: { ...keep, 'output-credentials': 'true' },
      aws: memoryAws({ identities }),
      idTokens,
    });
    expect(job.outputs.get('aws-access-key-id')).toBe('ASIAHELD');
  });
});

test.each(['SERVICE_UNAVAILABLE', 'TIMED_OUT', 'PROTOCOL_ERROR'] as const)(
  'an STS that cannot tell is %s, not a verdict',
  async (code) => {
    const runner = memoryRunner({ ...held, ...idToken });
    const aws = memoryAws({ identities, refused: { GetCallerIdentity: code } });
    const { error, job } = await runner.use({ with: keep, aws, idTokens });
    expect(error).toMatchObject({ code });
    expect(aws.calls.map(({ call }) => call)).toEqual(['GetCallerIdentity']);
    expect(job.exported.size).toBe(0);
  },
);

test('an invalid value is refused before the existing credentials are looked at', async () => {
  const aws = memoryAws({ identities });
  const { error } = await memoryRunner(held).use({ with: { ...keep, 'role-session-name': 'a b' }, aws });
  expect(error).toMatchObject({ code: 'INPUT_INVALID' });
  expect(aws.calls).toEqual([]);
});

test.each(['false', ''])('use-existing-credentials %j: not even asked about', async (value) => {
  const aws = memoryAws({ identities });
  const { job } = await memoryRunner({ ...held, ...idToken }).use({
    with: { ...keep, 'use-existing-credentials': value, 'min-remaining-seconds': '5m' },
    aws,
    idTokens,
  });
  expect(aws.calls.map(({ call }) => call)).toEqual(['AssumeRoleWithWebIdentity']);
  expect(job.said).toContain(
    'warning: Input "min-remaining-seconds" is ignored, because "use-existing-credentials" is not true.',
  );
});
