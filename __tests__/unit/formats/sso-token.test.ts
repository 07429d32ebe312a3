import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { NotAToken, parseSsoToken } from '../../../src/formats/sso-token.ts';

describe('what is a token', () => {
  test.each([
    ['aoaAAAAAGX:MGUCMQ', { accessToken: 'aoaAAAAAGX:MGUCMQ' }],
    ['{"accessToken":"cachedtoken"}', { accessToken: 'cachedtoken' }],
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
  ])('%s', (text, token) => expect(parseSsoToken(text)).toEqual(token));
});

describe('what is none', () => {
  test.each([
    ['two words', 'is not an access token'],
    ['a\nb', 'is not an access token'],
    ['~/.aws/sso/cache/0123.json', 'is a path'],
    ['/root/token', 'is a path'],
    ['C:\\Users\\x\\token', 'is a path'],
    ['{"accessToken":', 'is not a JSON object'],
    ['{"clientId":"i","clientSecret":"s","expiresAt":"2026-01-01T00:00:00Z"}', 'client registration'],
    ['{"expiresAt":"2026-01-01T00:00:00Z"}', 'no usable "accessToken"'],
    ['{"accessToken":"two words"}', 'no usable "accessToken"'],
    ['{"accessToken":"t0ken","expiresAt":"tomorrow"}', '"expiresAt"'],
    ['{"accessToken":"t0ken","expiresAt":17}', '"expiresAt"'],
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
