import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { NotAToken, parseSsoToken, secretsInSsoToken, writeSsoToken } from '../../../src/formats/sso-token.ts';

describe('what is a token', () => {
  test.each([
    ['aoaAAAAAGX:MGUCMQ', { accessToken: 'aoaAAAAAGX:MGUCMQ' }],
    [
      '{"accessToken":"t0ken","expiresAt":"2026-01-01T00:00:00UTC","region":"eu-west-1","startUrl":"https://x.awsapps.com/start"}',
      {
        accessToken: 't0ken',
        expiresAt: '2026-01-01T00:00:00.000Z',
        region: 'eu-west-1',
        startUrl: 'https://x.awsapps.com/start',
      },
    ],
    [
      '{"accessToken":"t0ken","expiresAt":"2026-01-01T00:00:00Z"}',
      { accessToken: 't0ken', expiresAt: '2026-01-01T00:00:00.000Z' },
    ],
    [
      '{"accessToken":"t0ken","expiresAt":"2026-01-01T02:00:00+02:00","refreshToken":null,"region":"","other":1}',
      { accessToken: 't0ken', expiresAt: '2026-01-01T00:00:00.000Z' },
    ],
    [
      '{"accessToken":"t0ken","expiresAt":"2026-01-01T00:00:00","refreshToken":"r","clientId":"i","clientSecret":"s","registrationExpiresAt":"2026-03-01T00:00:00UTC"}',
      {
        accessToken: 't0ken',
        expiresAt: '2026-01-01T00:00:00.000Z',
        refreshToken: 'r',
        clientId: 'i',
        clientSecret: 's',
        registrationExpiresAt: '2026-03-01T00:00:00.000Z',
      },
    ],
  ])('%s', (text, token) => expect(parseSsoToken(text)).toEqual(token));
});

describe('a token as a text again', () => {
  const given = `{
  "startUrl": "https://x.awsapps.com/start",
  "accessToken": "t0ken",
  "expiresAt": "2026-01-01T00:00:00UTC",
  "refreshToken": "r3fresh",
  "clientSecret": "s3cret",
  "notOurs": [1]
}`;
  const renewal = { accessToken: 'new', expiresAt: '2026-01-01T08:00:00Z' };

  test('is the same, on one line', () => {
    expect(writeSsoToken(given)).toBe(JSON.stringify(JSON.parse(given)));
    expect(writeSsoToken('bare')).toBe('bare');
  });

  test('keeps what a renewal leaves out', () => {
    expect(JSON.parse(writeSsoToken(given, renewal))).toEqual({ ...JSON.parse(given), ...renewal });
    expect(JSON.parse(writeSsoToken(given, { ...renewal, refreshToken: 'next' }))).toMatchObject({
      refreshToken: 'next',
      notOurs: [1],
    });
  });

  test('and every secret in it is known', () => {
    expect(secretsInSsoToken(given)).toEqual(['t0ken', 'r3fresh', 's3cret']);
    expect(secretsInSsoToken('bare')).toEqual(['bare']);
    expect(secretsInSsoToken('{"half')).toEqual(['{"half']);
  });
});

describe('an invalid token', () => {
  test.each([
    ['two words', 'is not an access token'],
    ['a\nb', 'is not an access token'],
    ['null', 'is what tools print'],
    ['None', 'is what tools print'],
    ['~/.aws/sso/cache/0123.json', 'is a path'],
    ['/root/token', 'is a path'],
    ['C:\\Users\\x\\token', 'is a path'],
    ['{"accessToken":', 'is not a JSON object'],
    ['{"clientId":"i","clientSecret":"s","expiresAt":"2026-01-01T00:00:00Z"}', 'client registration'],
    ['{"expiresAt":"2026-01-01T00:00:00Z"}', 'no usable "accessToken"'],
    ['{"accessToken":"two words"}', 'no usable "accessToken"'],
    ['{"accessToken":"t0ken","expiresAt":"tomorrow"}', '"expiresAt"'],
    ['{"accessToken":"t0ken","expiresAt":17}', '"expiresAt"'],
    ['{"accessToken":"t0ken"}', 'no "expiresAt"'],
    ['{"accessToken":"t0ken","expiresAt":null}', 'no "expiresAt"'],
    [
      '{"accessToken":"t0ken","expiresAt":"2026-01-01T00:00:00Z","registrationExpiresAt":"x"}',
      '"registrationExpiresAt"',
    ],
  ])('%s', (text, message) => expect(() => parseSsoToken(text)).toThrow(message));

  test('no message quotes the text', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 12 }), (text) => {
        for (const candidate of [text, `{${text}`, JSON.stringify({ accessToken: `${text} x`, clientId: text })]) {
          try {
            parseSsoToken(candidate);
          } catch (error) {
            if (!(error instanceof NotAToken) || error.message.includes(text) || error.cause !== undefined)
              return false;
          }
        }
        return true;
      }),
    );
  });
});
