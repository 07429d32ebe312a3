import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { cacheFile } from '../../../src/sources/sso/login.ts';
import { memoryAws } from '../../support/memory.ts';
import { memoryRunner } from '../../support/memory-runner.ts';
import { planFrom } from '../../support/plan.ts';

type Texts = Readonly<Record<string, string>>;

/** What botocore makes of a profile. */
interface Resolution {
  readonly documentation: string;
  readonly config: {
    readonly profiles: Readonly<Record<string, Texts>>;
    readonly sso_sessions?: Readonly<Record<string, Texts>>;
  };
  readonly resolves: boolean;
  readonly expectedException?: string;
}

/** What botocore makes of a token at a time. */
interface Refresh {
  readonly documentation: string;
  readonly currentTime: string;
  readonly cachedToken: Texts;
  readonly refreshResponse?: {
    readonly accessToken: string;
    readonly expiresIn: number;
    readonly refreshToken?: string;
  };
  readonly expectedToken?: { readonly token: string };
  readonly expectedTokenWriteback?: Texts;
  readonly expectedException?: string;
}

/** Cases of AWS's own SDKs, beside the project where they are kept. */
const file = fileURLToPath(new URL('../../../../shared/vectors/sso-token/sso-token-cases.json', import.meta.url));
const here = existsSync(file);
if (!here) console.info(`Skipped: there are no vectors at ${file}.`);
const vectors: { readonly resolution: readonly Resolution[]; readonly refresh: readonly Refresh[] } = here
  ? JSON.parse(readFileSync(file, 'utf8'))
  : { resolution: [], refresh: [] };

/** Decided otherwise here: the interface has it that a refresh token which the answer leaves out is kept. */
const keepsRefreshToken: readonly string[] = ['Expired token refresh without new refresh token'];

(here ? describe : describe.skip)('the cases of botocore', () => {
  test('are all there', () => {
    expect([vectors.resolution.length, vectors.refresh.length]).toEqual([6, 8]);
    expect(vectors.refresh.map(({ documentation }) => documentation)).toEqual(
      expect.arrayContaining([...keepsRefreshToken]),
    );
  });

  test.each(vectors.resolution.map((each) => [each.documentation, each] as const))('%s', async (_name, each) => {
    const section =
      (kind: string) =>
      ([name, settings]: readonly [string, Texts]) =>
        [`[${kind} ${name}]`, ...Object.entries(settings).map(([key, value]) => `${key} = ${value}`)].join('\n');
    const { profiles, sso_sessions: sessions = {} } = each.config;
    const config = [
      ...Object.entries(profiles).map(section('profile')),
      ...Object.entries(sessions).map(section('sso-session')),
    ].join('\n');
    // The cases are of tokens, and ask for no role.
    const role = { 'sso-account-id': '111111111111', 'sso-role-name': 'ReadOnly' };
    const planned = planFrom({
      with: { source: 'sso', 'source-profile': 'test', ...role },
      files: { '/home/runner/.aws/config': config },
    });
    if (each.resolves) {
      const { sso_region: region, sso_start_url: startUrl } = sessions.admin ?? {};
      const token = { from: 'cache', path: cacheFile('admin') };
      expect((await planned).plan.trunk.source).toMatchObject({ region, startUrl, sessionName: 'admin', token });
    } else {
      const code = each.expectedException === undefined ? 'NO_SOURCE' : 'INPUT_INVALID';
      await expect(planned).rejects.toMatchObject({ code, message: expect.stringMatching(/profile test/i) });
    }
  });

  test.each(vectors.refresh.map((each) => [each.documentation, each] as const))('%s', async (name, each) => {
    const { cachedToken, refreshResponse, expectedToken, expectedTokenWriteback } = each;
    const aws = memoryAws(refreshResponse === undefined ? {} : { refreshed: refreshResponse });
    const given = {
      'aws-region': 'us-east-1',
      'sso-token': JSON.stringify(cachedToken),
      'sso-account-id': '111111111111',
      'sso-role-name': 'ReadOnly',
      'sso-region': 'us-west-2',
      'output-sso-token': 'true',
    };
    const { job, error } = await memoryRunner().use({ with: given, aws, now: each.currentTime });
    const sent = aws.calls.flatMap((call) => (call.call === 'GetRoleCredentials' ? [call.request.accessToken] : []));
    if (expectedToken === undefined) {
      const code = each.expectedException === 'SSOTokenLoadError' ? 'INPUT_INVALID' : 'TOKEN_EXPIRED';
      expect(error).toMatchObject({ code });
      expect(aws.calls).toEqual([]);
      return;
    }
    expect(error).toBeUndefined();
    expect(sent).toEqual([expectedToken.token]);
    const kept = keepsRefreshToken.includes(name) ? { refreshToken: cachedToken.refreshToken } : {};
    expect(JSON.parse(job.outputs.get('sso-token') ?? '')).toEqual({
      ...(expectedTokenWriteback ?? cachedToken),
      ...kept,
    });
  });
});
