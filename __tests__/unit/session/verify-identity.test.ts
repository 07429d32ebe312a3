import { describe, expect, test } from '@jest/globals';
import { memoryRunner } from '../../support/memory-runner.ts';

const keys = { 'aws-access-key-id': 'AKIAGIVEN', 'aws-secret-access-key': 'given-secret' };
const given = { 'aws-region': 'us-east-1', 'verify-identity': 'false', ...keys };

describe('verify-identity: false', () => {
  test('delivers keys that nobody was asked about, with empty account outputs', async () => {
    const runner = memoryRunner();
    const { error, job, aws } = await runner.use({ with: { ...given, 'mask-aws-account-id': 'true' } });
    expect(error).toBeUndefined();
    expect(aws.calls).toEqual([]);
    expect(Object.fromEntries(job.outputs)).toEqual({
      'aws-account-id': '',
      'authenticated-arn': '',
      'aws-region': 'us-east-1',
      'credential-source': 'static',
    });
    expect(runner.env().AWS_ACCESS_KEY_ID).toBe('AKIAGIVEN');
    expect(job.said.at(-1)).toBe('Delivered credentials: environment variables, outputs');
  });

  test.each([
    ['ACCOUNT_NOT_ALLOWED', { 'allowed-account-ids': '111111111111' }, '"allowed-account-ids"'],
    ['INPUT_CONFLICT', { 'use-existing-credentials': 'true' }, '"use-existing-credentials"'],
    ['INPUT_CONFLICT', { 'role-to-assume': 'bare' }, 'role name without an ARN'],
    ['INPUT_INVALID', { 'verify-identity': 'no' }, '"verify-identity"'],
  ])('%s: %j', async (code, more, message) => {
    const runner = memoryRunner();
    const { error, aws } = await runner.use({ with: { ...given, ...more } });
    expect(error).toMatchObject({ code, message: expect.stringContaining(message) });
    expect([aws.calls, runner.env()]).toEqual([[], {}]);
  });

  test('an allow-list holds where a role’s answer names the account', async () => {
    const role = { 'role-to-assume': 'arn:aws:iam::111111111111:role/x', 'allowed-account-ids': '111111111111' };
    const { error, job } = await memoryRunner().use({ with: { ...given, ...role } });
    expect([error, job.outputs.get('aws-account-id')]).toEqual([undefined, '111111111111']);
  });
});
