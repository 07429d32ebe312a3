import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Emulator } from '../../emulator/contract.ts';
import { startEmulator } from '../../emulator/emulator.ts';
import { refusal, userKeys } from './support/wire.ts';

let emulator: Emulator;
beforeAll(async () => {
  emulator = await startEmulator();
});
afterAll(() => emulator.close());

const form = {
  Action: 'AssumeRole',
  RoleArn: 'arn:aws:iam::111111111111:role/long',
  RoleSessionName: 'session',
};
const failed = (at: string, constraint: string) => `${at} failed to satisfy constraint: Member must ${constraint}`;
const one = (at: string, constraint: string) => `1 validation error detected: ${failed(at, constraint)}`;
const a = (count: number) => 'a'.repeat(count);
const tags = (count: number) =>
  Object.fromEntries(
    Array.from({ length: count }, (_, index) => [
      [`Tags.member.${index + 1}.Key`, `k${index}`],
      [`Tags.member.${index + 1}.Value`, ''],
    ]).flat(),
  );

describe('fields of AssumeRole that are not as STS wants them', () => {
  test.each<[changes: Record<string, string>, message: string]>([
    [{ RoleSessionName: 'a' }, one("Value 'a' at 'roleSessionName'", 'have length greater than or equal to 2')],
    [{ RoleSessionName: a(65) }, one(`Value '${a(65)}' at 'roleSessionName'`, 'have length less than or equal to 64')],
    [
      { RoleSessionName: 'dependabot[bot]' },
      one("Value 'dependabot[bot]' at 'roleSessionName'", 'satisfy regular expression pattern: [\\w+=,.@-]*'),
    ],
    [{ RoleArn: 'deploy' }, one("Value 'deploy' at 'roleArn'", 'have length greater than or equal to 20')],
    [{ DurationSeconds: '899' }, one("Value '899' at 'durationSeconds'", 'have value greater than or equal to 900')],
    [{ DurationSeconds: '43201' }, one("Value '43201' at 'durationSeconds'", 'have value less than or equal to 43200')],
    [{ ExternalId: 'x' }, one("Value 'x' at 'externalId'", 'have length greater than or equal to 2')],
    [{ ExternalId: 'a b' }, one("Value 'a b' at 'externalId'", 'satisfy regular expression pattern: [\\w+=,.@:\\/-]*')],
    [
      { SourceIdentity: 'a/b' },
      one("Value 'a/b' at 'sourceIdentity'", 'satisfy regular expression pattern: [\\w+=,.@-]*'),
    ],
    [{ Policy: a(2049) }, one(`Value '${a(2049)}' at 'policy'`, 'have length less than or equal to 2048')],
    [{ TokenCode: '12345' }, one("Value at 'tokenCode'", 'have length greater than or equal to 6')],
    [{ SerialNumber: 'short' }, one("Value 'short' at 'serialNumber'", 'have length greater than or equal to 9')],
    [
      { 'Tags.member.1.Key': 'a&b', 'Tags.member.1.Value': 'x' },
      one("Value 'a&b' at 'tags.1.member.key'", 'satisfy regular expression pattern: [\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]+'),
    ],
    [
      { 'Tags.member.1.Key': 'ä ö', 'Tags.member.1.Value': a(257) },
      one(`Value '${a(257)}' at 'tags.1.member.value'`, 'have length less than or equal to 256'),
    ],
    [
      { 'Tags.member.1.Key': a(129), 'Tags.member.1.Value': '' },
      one(`Value '${a(129)}' at 'tags.1.member.key'`, 'have length less than or equal to 128'),
    ],
    [tags(51), one("Value at 'tags'", 'have length less than or equal to 50')],
    [
      Object.fromEntries(
        Array.from({ length: 11 }, (_, index) => [
          `PolicyArns.member.${index}.arn`,
          `arn:aws:iam::aws:policy/P${index}`,
        ]),
      ),
      one("Value at 'policyArns'", 'have length less than or equal to 10'),
    ],
    [
      { RoleSessionName: '/', DurationSeconds: '1' },
      `3 validation errors detected: ${[
        failed("Value '/' at 'roleSessionName'", 'have length greater than or equal to 2'),
        failed("Value '/' at 'roleSessionName'", 'satisfy regular expression pattern: [\\w+=,.@-]*'),
        failed("Value '1' at 'durationSeconds'", 'have value greater than or equal to 900'),
      ].join('; ')}`,
    ],
    [{ RoleArn: 'arn:aws:iam::111:role/short-account' }, 'Request ARN is invalid'],
    [{ RoleArn: 'arn:aws:iam::111111111111:user/deploy' }, 'Request ARN is invalid'],
    [{ RoleArn: '111111111111:role/deploy' }, '111111111111:role/deploy is invalid'],
    [
      { 'PolicyArns.member.1.arn': 'arn:aws:iam::aws:role/ReadOnly' },
      'ARN arn:aws:iam::aws:role/ReadOnly is not valid.',
    ],
  ])('%j', async (changes, message) => {
    expect(await refusal(emulator, { ...form, ...changes }, userKeys)).toEqual({
      status: 400,
      code: 'ValidationError',
      message,
    });
  });

  test('a duration that is no number', async () => {
    expect(await refusal(emulator, { ...form, DurationSeconds: '1h' }, userKeys)).toMatchObject({
      code: 'MalformedInput',
    });
  });
});

describe('fields of AssumeRoleWithWebIdentity', () => {
  const web = { Action: 'AssumeRoleWithWebIdentity', RoleArn: form.RoleArn, RoleSessionName: 'session' };
  test.each<[changes: Record<string, string>, message: string]>([
    [{}, one("Value null at 'webIdentityToken'", 'not be null')],
    [{ WebIdentityToken: 'abc' }, one("Value at 'webIdentityToken'", 'have length greater than or equal to 4')],
    [{ WebIdentityToken: a(20_001) }, one("Value at 'webIdentityToken'", 'have length less than or equal to 20000')],
    [
      { WebIdentityToken: 'abcd', RoleSessionName: 'a b' },
      one("Value 'a b' at 'roleSessionName'", 'satisfy regular expression pattern: [\\w+=,.@-]*'),
    ],
  ])('%j', async (changes, message) => {
    expect(await refusal(emulator, { ...web, ...changes })).toEqual({ status: 400, code: 'ValidationError', message });
  });
});

describe('values at the limits pass', () => {
  test.each<Record<string, string>>([
    { RoleSessionName: 'ab' },
    { RoleSessionName: a(64) },
    { DurationSeconds: '900' },
    { DurationSeconds: '7200' },
    { ExternalId: 'a:/=,.@-_' },
    { 'Tags.member.1.Key': 'Ключ ü_.:/=+-@', 'Tags.member.1.Value': '' },
    { Policy: '{"Version":"2012-10-17","Statement":[]}' },
    { 'PolicyArns.member.1.arn': 'arn:aws:iam::aws:policy/job-function/ViewOnlyAccess' },
    tags(50),
  ])('%j', async (changes) => {
    expect(await refusal(emulator, { ...form, ...changes }, userKeys)).toEqual({
      status: 200,
      code: undefined,
      message: undefined,
    });
  });
});

describe('session policies', () => {
  // What is nearly random cannot be packed.
  const unpackable = (seed: number) => createHash('sha512').update(String(seed)).digest('base64url');
  test.each<[what: string, changes: Record<string, string>, code: string, message: string | RegExp]>([
    ['not JSON', { Policy: "{'Version':" }, 'MalformedPolicyDocument', 'This policy contains invalid Json'],
    ['no statement', { Policy: '{"Version":"2012-10-17"}' }, 'MalformedPolicyDocument', 'Syntax errors in policy.'],
    ['a list', { Policy: '[]' }, 'MalformedPolicyDocument', 'Syntax errors in policy.'],
    [
      'tags that are too big together',
      Object.fromEntries(
        Array.from({ length: 50 }, (_, index) => [
          [`Tags.member.${index}.Key`, `key-${index}`],
          [`Tags.member.${index}.Value`, unpackable(index)],
        ]).flat(),
      ),
      'PackedPolicyTooLarge',
      /^Packed size of session tags consumes \d{3}% of allotted space\.$/,
    ],
  ])('%s', async (_what, changes, code, message) => {
    expect(await refusal(emulator, { ...form, ...changes }, userKeys)).toEqual({
      status: 400,
      code,
      message: typeof message === 'string' ? message : expect.stringMatching(message),
    });
  });
});
