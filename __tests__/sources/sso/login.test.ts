import { createHash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { cacheFile, loginHint } from '../../../src/sources/sso/login.ts';
import type { SsoSource } from '../../../src/sources/sso/settings.ts';

const url = 'https://x.awsapps.com/start';
const source: SsoSource = {
  kind: 'sso',
  token: { from: 'input', text: 'bare-token' },
  accountId: '111111111111',
  roleName: 'ReadOnly',
  region: 'eu-west-1',
};
const sha1 = (text: string) => createHash('sha1').update(text).digest('hex');
const store = (login: string, name: string) =>
  `Log in again and store the new token in the secret behind "sso-token", here NAME: aws sso login${login} && gh secret set NAME < ~/.aws/sso/cache/${name}.json`;

test('the CLI names its file by the session, as its own tests have it', () => {
  // https://github.com/boto/botocore/blob/develop/tests/unit/test_tokens.py
  expect(cacheFile('admin')).toBe('~/.aws/sso/cache/d033e22ae348aeb5660fc2140aec35850c4da997.json');
});

describe('the commands that get a new token', () => {
  test.each<[string, Partial<SsoSource>, string | RegExp]>([
    ['by start URL', { startUrl: url }, store('', sha1(url))],
    ['by session', { startUrl: url, sessionName: 'team' }, store(' --sso-session team', sha1('team'))],
    ['by profile', { startUrl: url, profile: 'dev' }, store(' --profile dev', sha1(url))],
    [
      'by profile and session',
      { startUrl: url, sessionName: 'team', profile: 'dev' },
      store(' --profile dev', sha1('team')),
    ],
    ['of a strange profile', { startUrl: url, profile: "it's $(me)" }, store(` --profile 'it'\\''s $(me)'`, sha1(url))],
    [
      'where nothing is known',
      {},
      /: aws sso login && gh secret set NAME < ~\/\.aws\/sso\/cache\/HASH\.json \(HASH is/,
    ],
    [
      'on this machine',
      { token: { from: 'cache', path: '~/.aws/sso/cache/x.json' }, profile: 'dev' },
      'Log in on this machine: aws sso login --profile dev',
    ],
  ])('%s', (_name, settings, hint) => {
    const wanted = typeof hint === 'string' ? hint : expect.stringMatching(hint);
    expect(loginHint({ ...source, ...settings })).toEqual(wanted);
  });

  test('a token that can be refreshed is of a session, whose name only its owner knows', () => {
    const token = { accessToken: 'a-token', refreshToken: 'a-refresh' };
    expect(loginHint({ ...source, startUrl: url }, token)).toBe(
      `${store('', sha1(url))} (with an sso-session, the file is named by the SHA-1 of its name)`,
    );
    expect(loginHint({ ...source, startUrl: url, sessionName: 'team' }, token)).not.toContain('instead');
  });
});
