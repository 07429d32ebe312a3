import { describe, expect, test } from '@jest/globals';
import { composeConfig, profilesFromDefault, withoutDefault } from '../../../src/formats/job-config.ts';

const ours = { region: 'eu-west-1', credential_process: 'sh -c \'"/x/credentials"\'' };
const section = ['[default]', 'region = eu-west-1', 'credential_process = sh -c \'"/x/credentials"\''];
const lines = (...texts: readonly string[]) => texts.map((text) => `${text}\n`).join('');

describe('the config file of the job', () => {
  test.each<[what: string, text: string, composed: string]>([
    ['an empty file', '', lines(...section)],
    [
      'a file without [default]',
      lines('[profile x]', 'output = text'),
      lines('[profile x]', 'output = text', ...section),
    ],
    ['a last line without its end', '[profile x]\noutput = text', lines('[profile x]', 'output = text', ...section)],
    [
      'settings that do not say where credentials come from',
      lines('# mine', '[default]', 'output = json', 'retry_mode=standard', '', '[profile x]', 'role_arn = r'),
      lines('# mine', ...section, 'output = json', 'retry_mode = standard', '', '[profile x]', 'role_arn = r'),
    ],
    [
      'settings that do',
      lines(
        '[default]',
        'region = us-east-1',
        'aws_access_key_id = AKIA',
        'AWS_SECRET_ACCESS_KEY = s',
        'aws_session_token = t',
        'role_arn = r',
        'source_profile = x',
        'credential_source = Environment',
        'web_identity_token_file = /t',
        'credential_process = other',
        'sso_session = s',
        'sso_account_id = 1',
        'login_session = l',
        'output = text',
      ),
      lines(...section, 'output = text'),
    ],
    [
      'a setting with lines of its own, between others',
      lines('[default]', 's3 =', '  max_concurrent_requests = 20', '  addressing_style = path', 'output = text'),
      lines(...section, 's3 = ', '  max_concurrent_requests = 20', '  addressing_style = path', 'output = text'),
    ],
    [
      'a section that is indented',
      lines('  [default]', '  output = text', '  s3 =', '    use_fips = true', '  [profile x]', '  output = json'),
      lines(
        '  [default]',
        '  region = eu-west-1',
        `  ${section[2]}`,
        '  output = text',
        '  s3 = ',
        '    use_fips = true',
        '  [profile x]',
        '  output = json',
      ),
    ],
    [
      '[default] twice, and once by the other name',
      lines('[default]', 'output = text', '[profile x]', 'a = b', '[profile default]', 'cli_pager =', 'sso_region = r'),
      lines(
        ...section,
        'output = text',
        'cli_pager = ',
        '[profile x]',
        'a = b',
        ...section,
        'output = text',
        'cli_pager = ',
      ),
    ],
    [
      'a continued secret, which goes with its key',
      lines('[default]', 'aws_secret_access_key =', '  s', 'output = text'),
      lines(...section, 'output = text'),
    ],
  ])('%s', (_what, text, composed) => {
    expect(composeConfig(text, ours)).toBe(composed);
  });

  test('line ends of Windows stay, and so does every other byte', () => {
    const text = '\uFEFF; é\r\n[profile a]\r\n\r\nx = y  \r\n[default]\r\naws_access_key_id = A\r\n\r\n[b]\r\n';
    const composed = `\uFEFF; é\r\n[profile a]\r\n\r\nx = y  \r\n${section.join('\r\n')}\r\n\r\n[b]\r\n`;
    expect(composeConfig(text, ours)).toBe(composed);
  });
});

test.each<[what: string, text: string, copied: string | undefined]>([
  ['an empty file', '', undefined],
  ['a file without [default]', '[x]\naws_access_key_id = A\n', undefined],
  ['[default] alone', '[default]\naws_access_key_id = A\n', ''],
  [
    '[default] between others',
    '# 1\n[a]\nk = v\n\n[default]\naws_access_key_id = A\naws_secret_access_key = B\n\n# 2\n[b]\nk = v',
    '# 1\n[a]\nk = v\n\n\n# 2\n[b]\nk = v',
  ],
  ['[default] twice', '[default]\na = 1\n[b]\nk = v\n[default]\nb = 2\n', '[b]\nk = v\n'],
])('the credentials file of the job: %s', (_what, text, copied) => {
  expect(withoutDefault(text)).toBe(copied);
});

test('the profiles that start from [default]', () => {
  const text = lines(
    '[profile a]',
    'source_profile = default',
    '[profile b]',
    'source_profile = a',
    '[profile c]',
    'SOURCE_PROFILE=default',
    '[default]',
    'source_profile = default',
  );
  expect(profilesFromDefault(text)).toEqual(['a', 'c']);
});
