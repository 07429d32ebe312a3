import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Emulator } from '../../emulator/contract.ts';
import { startEmulator } from '../../emulator/emulator.ts';
import { type Keys, post, type Refusal, refusal, type Signing, userKeys, webIdentityKeys } from './support/wire.ts';

const now = Date.parse('2030-01-01T12:00:00Z');
const date = '20300101T120000Z';
const form = { Action: 'GetCallerIdentity' };
let emulator: Emulator;
let session: Keys;
beforeAll(async () => {
  emulator = await startEmulator({ now: () => now });
  session = await webIdentityKeys(emulator);
});
afterAll(() => emulator.close());

const invalidToken: Refusal = {
  status: 403,
  code: 'InvalidClientTokenId',
  message: 'The security token included in the request is invalid.',
};
const mismatch = {
  status: 403,
  code: 'SignatureDoesNotMatch',
  message:
    'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.',
};
const notMatching = (message: string) => ({ status: 403, code: 'SignatureDoesNotMatch', message });
const without = (headers: Record<string, string>, name: string) =>
  Object.fromEntries(Object.entries(headers).filter(([key]) => key.toLowerCase() !== name));

describe('keys', () => {
  test.each<[what: string, keys: () => Keys | undefined, answer: Refusal]>([
    [
      'no signature',
      () => undefined,
      { status: 403, code: 'MissingAuthenticationToken', message: 'Request is missing Authentication Token' },
    ],
    ['an unknown key', () => ({ ...userKeys, accessKeyId: 'AKIAUNKNOWN000000000' }), invalidToken],
    ['a wrong secret key', () => ({ ...userKeys, secretAccessKey: 'wrong' }), mismatch],
    ['a user’s key with a session token', () => ({ ...userKeys, sessionToken: 'token' }), invalidToken],
    ['a session’s key without its token', () => ({ ...session, sessionToken: '' }), invalidToken],
    [
      'a session’s key with another token',
      () => ({ ...session, sessionToken: `${session.sessionToken}x` }),
      invalidToken,
    ],
    [
      'a session’s key with another secret',
      () => ({ ...session, secretAccessKey: userKeys.secretAccessKey }),
      mismatch,
    ],
  ])('%s', async (_what, keys, answer) => {
    expect(await refusal(emulator, form, keys(), { date })).toEqual(answer);
  });

  test('the right ones', async () => {
    for (const keys of [userKeys, session]) expect((await post(emulator, form, keys, { date })).status).toBe(200);
  });
});

describe('scope and date', () => {
  test.each<[what: string, signing: Signing, answer: Refusal]>([
    [
      'another service',
      { date, service: 's3' },
      notMatching("Credential should be scoped to correct service: 'sts'. "),
    ],
    [
      'no region',
      { date, region: 'nowhere' },
      notMatching("Credential should be scoped to a valid region, not 'nowhere'. "),
    ],
    [
      'late',
      { date: '20300101T114459Z' },
      notMatching(
        'Signature expired: 20300101T114459Z is now earlier than 20300101T114500Z (20300101T120000Z - 15 min.)',
      ),
    ],
    [
      'early',
      { date: '20300101T121501Z' },
      notMatching(
        'Signature not yet current: 20300101T121501Z is still later than 20300101T121500Z (20300101T120000Z + 15 min.)',
      ),
    ],
    [
      'no date',
      { date: '20300101T120000Z', tamper: (sent) => ({ ...sent, headers: { ...sent.headers, 'x-amz-date': 'noon' } }) },
      { status: 400, code: 'IncompleteSignature', message: "Date must be in ISO-8601 'basic format'. Got 'noon'." },
    ],
  ])('%s', async (_what, signing, answer) => {
    expect(await refusal(emulator, form, userKeys, signing)).toEqual(answer);
  });

  test.each(['20300101T114500Z', '20300101T121500Z'])('%s is just in time', async (moment) => {
    expect((await post(emulator, form, userKeys, { date: moment })).status).toBe(200);
  });
});

describe('what was changed after it was signed', () => {
  test.each<[what: string, tamper: NonNullable<Signing['tamper']>]>([
    ['the body', (sent) => ({ ...sent, body: sent.body.replace('2011-06-15', '2011-06-16') })],
    ['a signed header', (sent) => ({ ...sent, headers: { ...sent.headers, 'content-type': 'text/plain' } })],
    [
      'the date',
      (sent) => ({
        ...sent,
        headers: { ...sent.headers, 'x-amz-date': '20300101T120001Z' },
      }),
    ],
    [
      'the list of signed headers',
      (sent) => ({
        ...sent,
        headers: { ...sent.headers, Authorization: String(sent.headers.Authorization).replace('host;', '') },
      }),
    ],
    [
      'the hash of the body',
      (sent) => ({ ...sent, headers: { ...sent.headers, 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' } }),
    ],
  ])('%s', async (_what, tamper) => {
    expect(await refusal(emulator, form, userKeys, { date, tamper })).toEqual(mismatch);
  });

  test('a header that was not signed may change', async () => {
    const tamper: Signing['tamper'] = (sent) => ({ ...sent, headers: { ...sent.headers, 'x-forwarded-for': '1' } });
    expect((await post(emulator, form, userKeys, { date, tamper })).status).toBe(200);
  });

  test.each(['Basic abc', 'AWS4-HMAC-SHA256 Credential=x', ''])('an Authorization of %j', async (authorization) => {
    const tamper: Signing['tamper'] = (sent) => ({
      ...sent,
      headers: { ...without(sent.headers, 'authorization'), authorization },
    });
    const answer = await refusal(emulator, form, userKeys, { date, tamper });
    expect(answer).toMatchObject({ status: 400, code: 'IncompleteSignature' });
  });
});

test.each([
  [{ Action: 'GetSessionToken' }, 'Could not find operation GetSessionToken for version 2011-06-15'],
  [{}, 'Could not find operation null for version 2011-06-15'],
])('an operation that is not there: %j', async (fields, message) => {
  expect(await refusal(emulator, fields, userKeys, { date })).toEqual({ status: 400, code: 'InvalidAction', message });
});
