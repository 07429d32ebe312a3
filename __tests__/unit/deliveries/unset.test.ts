import { describe, expect, test } from '@jest/globals';
import { keysOf, memoryAws } from '../../support/memory.ts';
import { memoryRunner } from '../../support/memory-runner.ts';

const role = 'arn:aws:iam::111111111111:role/deploy';
const held = {
  AWS_ACCESS_KEY_ID: 'AKIAHELD',
  AWS_SECRET_ACCESS_KEY: 'secret of held',
  AWS_REGION: 'us-east-1',
  AWS_PROFILE: 'someone',
};
const blank = { AWS_PROFILE: 'someone' };
const idToken = {
  ACTIONS_ID_TOKEN_REQUEST_URL: 'https://token.example/?x=1',
  ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'request-token',
};
const unset = { 'unset-current-credentials': 'true' };

describe('alone', () => {
  test('blanks what is there and nothing else, asks AWS nothing, and post puts it back', async () => {
    const runner = memoryRunner(held);
    const { error, job, aws } = await runner.use({ with: unset });
    expect(error).toBeUndefined();
    expect(aws.calls).toEqual([]);
    expect([...job.exported.keys()]).toEqual(['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_REGION']);
    expect(job.said).toContain('Blanked AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_REGION.');
    expect(job.masks).toContain('secret of held');
    expect(runner.env()).toEqual(blank);
    expect(runner.post().said.at(-1)).toBe('Restored AWS_REGION, AWS_SECRET_ACCESS_KEY, AWS_ACCESS_KEY_ID.');
    expect(runner.env()).toEqual(held);
  });

  test('records how to put them back before the first is blanked', async () => {
    const { job } = await memoryRunner(held).use({ with: unset });
    const first = (start: string) => job.said.findIndex((line) => line.startsWith(start));
    expect(first('state')).toBeLessThan(first('export'));
  });

  test('has nothing to do where nothing is there', async () => {
    const { error, job } = await memoryRunner().use({ with: unset });
    expect(error).toBeUndefined();
    expect([...job.exported, ...job.saved]).toEqual([]);
  });

  test('takes a stale expiration with its keys', async () => {
    const runner = memoryRunner({ AWS_CREDENTIAL_EXPIRATION: '2025-01-01T00:00:00Z' });
    await runner.use({ with: unset });
    expect(runner.env()).toEqual({});
  });

  test('still sets the region that it is given, and post puts back the one before', async () => {
    const runner = memoryRunner(held);
    await runner.use({ with: { ...unset, 'aws-region': 'eu-west-1' } });
    expect(runner.env()).toEqual({ ...blank, AWS_REGION: 'eu-west-1', AWS_DEFAULT_REGION: 'eu-west-1' });
    runner.post();
    expect(runner.env()).toEqual(held);
  });

  test('leaves the machine’s own token file to the steps that follow', async () => {
    const irsa = { AWS_WEB_IDENTITY_TOKEN_FILE: '/token', AWS_ROLE_ARN: role };
    const runner = memoryRunner({ ...held, ...irsa });
    const { error, aws } = await runner.use({ with: unset });
    expect(error).toBeUndefined();
    expect(aws.calls).toEqual([]);
    expect(runner.env()).toEqual({ ...blank, ...irsa });
  });

  test('is for good without clean-up', async () => {
    const runner = memoryRunner(held);
    await runner.use({ with: { ...unset, cleanup: 'false' } });
    runner.post();
    expect(runner.env()).toEqual(blank);
  });
});

describe('at once, also where the step then fails', () => {
  const failures: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
    ['INPUT_INVALID', { 'role-to-assume': 'not a role' }],
    ['INPUT_INVALID', { 'role-to-assume': role, 'mask-aws-account-id': 'maybe' }],
    ['INPUT_INVALID', { 'aws-region': 'nowhere!' }],
    ['INPUT_INVALID', { cleanup: 'maybe' }],
    ['INPUT_INVALID', { cleanup: 'maybe', 'role-to-assume': role }],
    ['INPUT_INVALID', { 'translate-env-variables': 'maybe' }],
    ['NO_SOURCE', { 'role-to-assume': role }],
    ['INPUT_CONFLICT', { 'aws-access-key-id': 'AKIA', 'aws-secret-access-key': 's', 'sso-token': 'token' }],
  ];
  test.each(failures)('%s: %j', async (code, inputs) => {
    const runner = memoryRunner(held);
    const { error, aws } = await runner.use({ with: { ...unset, ...inputs } });
    expect(error).toMatchObject({ code });
    expect(aws.calls).toEqual([]);
    expect(runner.env()).toEqual(blank);
    runner.post();
    expect(runner.env()).toEqual(held);
  });

  test('what cannot be blanked is an error, and post puts back what was', async () => {
    const runner = memoryRunner(held);
    const { error } = await runner.use({ with: unset, full: ['export AWS_SECRET_ACCESS_KEY'] });
    expect(error).toMatchObject({ code: 'DELIVERY_FAILED', message: expect.stringContaining('ENOSPC') });
    expect(runner.env()).not.toHaveProperty('AWS_ACCESS_KEY_ID');
    runner.post();
    expect(runner.env()).toEqual(held);
  });

  test('what cannot be put back later is not blanked', async () => {
    const runner = memoryRunner(held);
    const { error } = await runner.use({ with: unset, full: ['state undo'] });
    expect(error).toMatchObject({ code: 'DELIVERY_FAILED' });
    expect(runner.env()).toEqual(held);
  });
});

describe('together with other inputs', () => {
  test('keys that are blanked are no source', async () => {
    const { error } = await memoryRunner(held).use({ with: { ...unset, 'role-to-assume': role } });
    expect(error).toMatchObject({
      code: 'NO_SOURCE',
      message: expect.stringContaining('environment: "unset-current-credentials" blanks the keys that are set'),
    });
  });

  test.each([{ 'role-chaining': 'true' }, { source: 'environment' }, { source: 'sso, environment' }])(
    '%j: they are read first, then blanked',
    async (asked) => {
      const runner = memoryRunner(held);
      const aws = memoryAws({ refused: { AssumeRole: 'ACCESS_DENIED' } });
      const inputs = { ...unset, ...asked, 'role-to-assume': role };
      expect((await runner.use({ with: inputs, aws })).error).toMatchObject({ code: 'ACCESS_DENIED' });
      expect(aws.calls).toMatchObject([{ call: 'AssumeRole', signedBy: 'AKIAHELD' }]);
      expect(runner.env()).toEqual(blank);
    },
  );

  test('the region that the job has is read before it is blanked', async () => {
    const runner = memoryRunner({ ...held, ...idToken });
    await runner.use({ with: { ...unset, 'role-to-assume': role }, idTokens: ['id-token'] });
    expect(runner.env()).toMatchObject({ AWS_ACCESS_KEY_ID: keysOf(role).accessKeyId, AWS_REGION: 'us-east-1' });
  });

  test('use-existing-credentials gives way, with a warning', async () => {
    const runner = memoryRunner({ ...held, ...idToken });
    const inputs = { ...unset, 'use-existing-credentials': 'true', 'role-to-assume': role };
    const { job, aws } = await runner.use({ with: inputs, idTokens: ['id-token'] });
    expect(aws.calls.map(({ call }) => call)).toEqual(['AssumeRoleWithWebIdentity']);
    expect(job.said).toContain(
      'warning: Input "use-existing-credentials" is ignored, because "unset-current-credentials" is true.',
    );
  });

  test('what post cannot put back is named as that, and not as changed by something else', async () => {
    const runner = memoryRunner({ ...held, ...idToken });
    await runner.use({ with: { ...unset, 'role-to-assume': role }, idTokens: ['id-token'] });
    const { said } = runner.post(['export AWS_ACCESS_KEY_ID']);
    expect(said).toContainEqual(expect.stringMatching(/^warning: .*could not be restored.*: AWS_ACCESS_KEY_ID\.$/));
    expect(said.join()).not.toContain('Left alone');
  });

  test('a step-level variable that hides ours is put back all the same', async () => {
    const runner = memoryRunner({ ...held, ...idToken });
    await runner.use({ with: { ...unset, 'role-to-assume': role }, idTokens: ['id-token'] });
    // In post, the step's own `env:` shows what main saw at first.
    runner.set(held);
    expect(runner.post().said.at(-1)).toMatch(/^Restored /);
    expect(runner.env()).toEqual({ ...held, ...idToken });
  });
});
