import { createHash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import type { CredentialError } from '../../../src/contract/errors.ts';
import { resolvePlan } from '../../../src/session/resolve.ts';
import { memoryAws, memoryHost, memoryJob } from '../../support/memory.ts';
import { type Given, planFrom } from '../../support/plan.ts';

type Texts = Readonly<Record<string, string>>;

const url = 'https://x.awsapps.com/start';
const sha1 = (text: string) => createHash('sha1').update(text).digest('hex');
const cache = (name: string) => `~/.aws/sso/cache/${sha1(name)}.json`;
const session = `[sso-session team]\nsso_region = eu-west-1\nsso_start_url = ${url}\n`;
const role = 'sso_account_id = 111111111111\nsso_role_name = ReadOnly\n';
const legacy = `[profile dev]\n${role}sso_region = eu-west-1\nsso_start_url = ${url}\n`;

const given = (config: string, inputs: Texts = {}): Given => ({
  with: { 'source-profile': 'dev', ...inputs },
  files: { '/home/runner/.aws/config': config },
});
const refusalOf = (asked: Given): Promise<CredentialError> =>
  planFrom(asked).then(
    () => Promise.reject(new Error('no refusal')),
    (error) => error,
  );

const own = { accountId: '111111111111', roleName: 'ReadOnly', region: 'eu-west-1', startUrl: url, profile: 'dev' };

describe('from a profile, the token from the cache of the CLI', () => {
  test.each<[string, string, object, Texts]>([
    ['legacy', legacy, { ...own, token: { from: 'cache', path: cache(url) } }, {}],
    [
      'with a session',
      `${session}[profile dev]\n${role}sso_session = team`,
      { ...own, sessionName: 'team', token: { from: 'cache', path: cache('team') } },
      {},
    ],
    [
      'with a session beside settings of its own, which do not count',
      `${session}[profile dev]\n${role}sso_session = team\nsso_region = us-east-1\nsso_start_url = https://old`,
      { ...own, sessionName: 'team', token: { from: 'cache', path: cache('team') } },
      {},
    ],
    [
      'with what the inputs say before it',
      legacy,
      { ...own, roleName: 'Admin', token: { from: 'cache', path: cache(url) } },
      { 'sso-role-name': 'Admin' },
    ],
  ])('%s', async (_name, config, source, inputs) => {
    for (const asked of ['sso', 'auto']) {
      const { plan } = await planFrom(given(config, { source: asked, ...inputs }));
      const found = plan.trunk.source.kind === 'profile' ? plan.trunk.source.base : plan.trunk.source;
      expect(found).toEqual({ kind: 'sso', ...source });
    }
  });

  test.each<[string, string, Texts, string, RegExp]>([
    [
      'all that is missing is named at once',
      '[profile dev]\nsso_role_name = ReadOnly',
      {},
      'INPUT_INVALID',
      /Profile dev in .*config: "sso_account_id" is missing, and so are "sso_region", "sso_start_url"\./,
    ],
    ['junk', legacy.replace('111111111111', '1234'), {}, 'INPUT_INVALID', /Profile dev .*"sso_account_id" is not an/],
    ['no URL', legacy.replace(url, 'x'), {}, 'INPUT_INVALID', /"sso_start_url" is not a URL/],
    [
      'a session that is not there',
      `[profile dev]\n${role}sso_session = team`,
      {},
      'INPUT_INVALID',
      /"sso_session" names \[sso-session team\], which is not in/,
    ],
    [
      'half a session',
      `[sso-session team]\nsso_region = eu-west-1\n[profile dev]\n${role}sso_session = team`,
      {},
      'INPUT_INVALID',
      /"sso_session" names \[sso-session team\], which lacks "sso_start_url"/,
    ],
    ['no SSO settings', '[profile dev]\nregion = eu-west-1', { source: 'sso' }, 'NO_SOURCE', /has no SSO settings/],
    [
      'no such profile',
      '',
      { source: 'sso' },
      'NO_SOURCE',
      /"source-profile" names the profile dev, which is in neither/,
    ],
    [
      'no such profile, with a token',
      '',
      { 'sso-token': 'bare-token' },
      'INPUT_INVALID',
      /Input "source-profile" names the profile dev, which is in neither/,
    ],
  ])('%s', async (_name, config, inputs, code, message) => {
    expect(await refusalOf(given(config, inputs))).toMatchObject({
      code,
      message: expect.stringMatching(message),
      hint: expect.stringMatching(/\w/),
    });
  });
});

describe('from a profile, the token from the input', () => {
  test('inputs before the profile, the profile before the token', async () => {
    const token =
      '{"accessToken":"a-token","expiresAt":"2026-02-01T00:00:00Z","region":"us-west-2","startUrl":"https://t"}';
    const { plan } = await planFrom(given(legacy, { 'sso-token': token, 'sso-account-id': '222222222222' }));
    expect(plan.trunk.source).toEqual({
      kind: 'sso',
      ...own,
      accountId: '222222222222',
      token: { from: 'input', text: token },
    });
  });

  test('a profile that says less leaves the rest to the token', async () => {
    const token =
      '{"accessToken":"a-token","expiresAt":"2026-02-01T00:00:00Z","region":"us-west-2","startUrl":"https://t"}';
    const { plan } = await planFrom(given(`[profile dev]\n${role}`, { 'sso-token': token }));
    expect(plan.trunk.source).toMatchObject({ region: 'us-west-2', startUrl: 'https://t' });
  });

  test('what neither says is named', async () => {
    expect(await refusalOf(given('[profile dev]\nregion = us-east-1', { 'sso-token': 'bare-token' }))).toMatchObject({
      code: 'INPUT_INVALID',
      message:
        'Input "sso-token" is given without "sso-account-id", "sso-role-name", "sso-region", and the profile dev does not say them either',
    });
  });

  test('another start URL is no login of the session', async () => {
    const config = `${session}[profile dev]\n${role}sso_session = team`;
    const inputs = { 'sso-token': 'bare-token', 'sso-start-url': 'https://other' };
    const { plan } = await planFrom(given(config, inputs));
    expect(plan.trunk.source).toMatchObject({ startUrl: 'https://other' });
    expect(plan.trunk.source).not.toHaveProperty('sessionName');
  });

  test.each([
    ['sso-start-url', { 'sso-token': 'bare-token', 'sso-start-url': 'not a url' }],
    ['sso-token', { 'sso-token': '{"accessToken":"a-token","expiresAt":"2026-02-01T00:00:00Z","startUrl":"x"}' }],
  ])('junk in %s', async (input, inputs) => {
    const all = { 'sso-account-id': '111111111111', 'sso-role-name': 'R', 'sso-region': 'eu-west-1', ...inputs };
    expect(await refusalOf({ with: all })).toMatchObject({
      code: 'INPUT_INVALID',
      message: expect.stringContaining(`"${input}"`),
    });
  });

  test('the profile’s region and endpoints come with it', async () => {
    const config = `${legacy}region = ap-south-1\nendpoint_url = http://all.local`;
    const asked = given(config, { 'sso-token': 'bare-token', 'aws-region': '' });
    expect(await planFrom(asked)).toMatchObject({
      plan: { trunk: { region: 'ap-south-1' } },
      endpoints: { sso: 'http://all.local', 'sso-oidc': 'http://all.local' },
    });
  });
});

describe('the cache on disk', () => {
  const path = cache(url).replace('~', '/home/runner');
  const cached = { accessToken: 'cached-token', expiresAt: '2026-02-01T00:00:00Z', refreshToken: 'cached-refresh' };

  async function use(files: Texts, asked = given(legacy)) {
    const { plan } = await planFrom(asked);
    const job = memoryJob();
    const host = memoryHost(job, { files });
    const aws = memoryAws({ refreshed: { accessToken: 'new-token', expiresIn: 3600, refreshToken: 'new-refresh' } });
    const said: string[] = [];
    const log = { info: (line: string) => void said.push(line), warn: (line: string) => void said.push(line) };
    const session = await resolvePlan(plan, { aws, host, log }).catch((error: unknown) => error);
    return { session, job, aws, host, said };
  }

  test('is read when the token is asked for, and each secret in it masked by itself', async () => {
    // As the SDK for JavaScript writes it: a mask of the whole would also be one of each brace.
    const { session, job, host } = await use({ [path]: JSON.stringify(cached, null, 2) });
    expect(session).toMatchObject({ ssoToken: JSON.stringify(cached) });
    expect(host.opened).toEqual([path]);
    expect(job.masks).toEqual(['cached-token', 'cached-refresh']);
  });

  test('is refreshed in memory, and left as it is', async () => {
    const ended = { ...cached, expiresAt: '2025-01-01T00:00:00UTC', clientId: 'c', clientSecret: 's3cret' };
    const { aws, said, host } = await use({ [path]: JSON.stringify(ended) });
    expect(aws.calls.map(({ call }) => call)).toEqual(['CreateToken', 'GetRoleCredentials']);
    expect(said.join('\n')).toMatch(/SSO token in ~\/\.aws\/sso\/cache\/.* was refreshed.*The file is left as it is/);
    expect(host.opened).toEqual([path]);
  });

  test.each<[string, Texts, string, RegExp]>([
    ['nobody is logged in', {}, 'NO_SOURCE', /no SSO token to be read in ~\/\.aws\/sso\/cache\/\w{40}\.json: ENOENT/],
    ['no JSON', { [path]: '{"accessToken": "half-a-tok' }, 'TOKEN_UNREADABLE', /starts like JSON but is not/],
    ['another file', { [path]: '{"clientId":"c"}' }, 'TOKEN_UNREADABLE', /client registration/],
    [
      'ended',
      { [path]: JSON.stringify({ ...cached, expiresAt: '2025-01-01T00:00:00Z' }) },
      'TOKEN_EXPIRED',
      /ended at/,
    ],
  ])('%s', async (_name, files, code, message) => {
    const { session, aws } = await use(files);
    expect(session).toMatchObject({
      code,
      message: expect.stringMatching(message),
      hint: 'Log in on this machine: aws sso login --profile dev',
    });
    expect(String(session)).not.toContain('half-a-tok');
    expect(aws.calls).toEqual([]);
  });
});
