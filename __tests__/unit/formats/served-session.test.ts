import { describe, expect, test } from '@jest/globals';
import {
  documentAt,
  parseSession,
  servedSession,
  sessionDocument,
  untilNote,
} from '../../../src/formats/served-session.ts';

const start = Date.parse('2030-01-01T00:00:00Z');
const after = (seconds: number) => new Date(start + seconds * 1000);
const keys = { accessKeyId: 'ASIAEXAMPLE', secretAccessKey: 'secret/+=', sessionToken: 'token' };
const living = (seconds: number) => servedSession({ ...keys, expiration: after(seconds) }, start);
const secondsTo = (milliseconds: number) => (milliseconds - start) / 1000;

describe('the window and the printed end', () => {
  test.each<[life: number, until: number, printedEnd: number]>([
    // 20 minutes before the end, and one minute early.
    [3600, 2400, 3540],
    [43_200, 42_000, 43_140],
    // Half the life, if that is shorter.
    [900, 450, 840],
    [2400, 1200, 2340],
    // At most a tenth of the life early.
    [600, 300, 540],
    [300, 150, 270],
    [20, 10, 18],
    [0, 0, 0],
  ])('a session of %d s is served for %d s and printed with an end after %d s', (life, until, printedEnd) => {
    const session = living(life);
    expect([secondsTo(session.until), secondsTo(session.printedEnd), secondsTo(session.end)]).toEqual([
      until,
      printedEnd,
      life,
    ]);
  });

  test('a session that does not expire is served for ever, without an Expiration', () => {
    const session = servedSession({ accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'secret' }, start);
    expect(JSON.parse(sessionDocument(session))).toEqual({
      Version: 1,
      AccessKeyId: 'AKIAEXAMPLE',
      SecretAccessKey: 'secret',
      ServedUntil: '9999-12-31T23:59:59Z',
    });
    expect(untilNote(session).split('\n')).toEqual(['253402300799', '253402300799', '9999-12-31T23:59:59Z', '']);
  });
});

test('the document is one line that a credential process may print, and the renewal reads it back', () => {
  const session = living(3600);
  const text = sessionDocument(session);
  expect(text.split('\n')).toHaveLength(2);
  expect(JSON.parse(text)).toEqual({
    Version: 1,
    AccessKeyId: 'ASIAEXAMPLE',
    SecretAccessKey: 'secret/+=',
    SessionToken: 'token',
    Expiration: '2030-01-01T00:59:00Z',
    ExpiresAt: '2030-01-01T01:00:00Z',
    ServedUntil: '2030-01-01T00:40:00Z',
  });
  expect(parseSession(text)).toEqual(session);
});

test('the note for the shell', () => {
  const second = start / 1000;
  expect(untilNote(living(20))).toBe(`${second + 10}\n${second + 20}\n2030-01-01T00:00:20Z\n`);
});

test.each([
  [17, '2030-01-01T00:00:18Z'],
  [18, '2030-01-01T00:00:20Z'],
  [19, '2030-01-01T00:00:20Z'],
])('%d s after the start, when renewal has failed, the printed end is %s', (seconds, expected) => {
  expect(JSON.parse(documentAt(living(20), start + seconds * 1000))).toMatchObject({ Expiration: expected });
});

test.each([
  ['nothing', ''],
  ['no JSON', '{"Version":1,"AccessKeyId":"ASIA'],
  ['a list', '[]'],
  ['no keys', '{"Version":1}'],
  ['a key with a line break', JSON.stringify({ AccessKeyId: 'a\nb', SecretAccessKey: 's' })],
  ['an end that is not a date', JSON.stringify({ AccessKeyId: 'a', SecretAccessKey: 's', ExpiresAt: 'soon' })],
])('%s is not a session', (_what, text) => {
  expect(parseSession(text)).toBeUndefined();
});
