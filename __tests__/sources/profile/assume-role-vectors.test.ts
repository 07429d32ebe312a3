import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { resolvePlan } from '../../../src/session/resolve.ts';
import { keysOf, memoryAws, memoryHost, memoryJob } from '../../support/memory.ts';
import { type Given, planFrom } from '../../support/plan.ts';

type Texts = Readonly<Record<string, string>>;

/** One case of AWS's SDK for Rust: profiles, and the chain that they stand for, or that they stand for none. */
interface Vector {
  readonly docs: string;
  readonly input: {
    readonly profiles: Readonly<Record<string, Texts>>;
    readonly sso_sessions?: Readonly<Record<string, Texts>>;
    readonly selected_profile: string;
  };
  readonly output:
    | { readonly ProfileChain: readonly Readonly<Record<string, Texts | string>>[] }
    | { readonly Error: string };
}

const file = fileURLToPath(new URL('../../../../shared/vectors/assume-role/assume-role-tests.json', import.meta.url));
const vectors: readonly Vector[] = existsSync(file) ? JSON.parse(lawful(readFileSync(file, 'utf8'))) : [];

/** Some accounts and roles in the cases are none that AWS would take, where that is not what the case is about. */
function lawful(text: string): string {
  return text
    .replaceAll('arn:aws:iam::123456789:role/', 'arn:aws:iam::123456789012:role/')
    .replaceAll('"arn:foo"', '"arn:aws:iam::123456789012:role/foo"')
    .replaceAll('"sso_account_id": "0123"', '"sso_account_id": "000000000123"');
}

/** What the profiles alone do not say, where a case leaves it out: it asks for a token, and we for credentials. */
const beside: Readonly<Record<string, Texts>> = {
  'SSO token profile selected': { 'sso-account-id': '000000000123', 'sso-role-name': 'testrole' },
};

function asked({ docs, input: { profiles, sso_sessions: sessions = {}, selected_profile: name } }: Vector): Given {
  const section =
    (kind: string) =>
    ([title, settings]: readonly [string, Texts]) =>
      [`[${kind} ${title}]`, ...Object.entries(settings).map(([key, value]) => `${key} = ${value}`)].join('\n');
  const config = [
    ...Object.entries(profiles).map(section('profile')),
    ...Object.entries(sessions).map(section('sso-session')),
  ];
  return {
    with: { 'source-profile': name, ...beside[docs] },
    env: { RUNNER_ENVIRONMENT: 'self-hosted' },
    files: { '/home/runner/.aws/config': config.join('\n') },
  };
}

const token = 'a.token.of.a.web.identity';

/** The logins that the CLI has kept, each with its own name in the token. */
const logins = Object.fromEntries(
  ['foo', 'https://foo.bar'].map((login) => [
    `/home/runner/.aws/sso/cache/${createHash('sha1').update(login).digest('hex')}.json`,
    JSON.stringify({ accessToken: `token:${login}`, expiresAt: '2026-01-01T08:00:00Z' }),
  ]),
);

/** Resolves the plan against services that hand out keys that show whose they are, and reads the chain off the keys that sign. */
async function chainOf(given: Given): Promise<readonly object[]> {
  const { plan } = await planFrom(given);
  const aws = memoryAws();
  const host = memoryHost(memoryJob(), { files: { '/var/token.jwt': token, ...logins } });
  const { credentials } = await resolvePlan(plan, { aws, host });
  const chain: object[] = [];
  let holder: string | undefined;
  for (const call of aws.calls) {
    if (call.call === 'GetRoleCredentials') {
      const { accountId, roleName, region, accessToken } = call.request;
      chain.push({ Sso: { account: accountId, role: roleName, region, login: accessToken } });
      holder = keysOf(`sso:${accountId}/${roleName}`).accessKeyId;
    } else if (call.call === 'InstanceCredentials') {
      chain.push({ NamedSource: 'Ec2InstanceMetadata' });
      holder = keysOf('instance').accessKeyId;
    } else if (call.call === 'AssumeRoleWithWebIdentity') {
      expect(call.token).toBe(token);
      chain.push({ WebIdentityToken: { ...role(call.assumption), web_identity_token_file: '/var/token.jwt' } });
      holder = keysOf(call.assumption.roleArn).accessKeyId;
    } else if (call.call === 'AssumeRole') {
      if (holder === undefined) chain.push({ AccessKey: call.signedBy });
      else expect(call.signedBy).toBe(holder);
      chain.push({ AssumeRole: role(call.assumption) });
      holder = keysOf(call.assumption.roleArn).accessKeyId;
    }
  }
  if (chain.length > 0) expect(credentials.accessKeyId).toBe(holder);
  return chain;
}

function role({
  roleArn,
  hop: { sessionName, externalId },
}: {
  readonly roleArn: string;
  readonly hop: { readonly sessionName: string; readonly externalId?: string | undefined };
}): object {
  return {
    role_arn: roleArn,
    ...(sessionName === 'GitHubActions' ? {} : { role_session_name: sessionName }),
    ...(externalId === undefined ? {} : { external_id: externalId }),
  };
}

/** The chain that a case asks for, as far as keys that sign and requests can show it. */
function shown(chain: readonly Readonly<Record<string, Texts | string>>[]): readonly object[] {
  return chain.map((link) => {
    const { AccessKey: keys, Sso: sso } = link;
    if (typeof keys === 'object') return { AccessKey: keys.access_key_id };
    if (typeof sso !== 'object') return link;
    const { sso_account_id: account = '000000000123', sso_role_name: role = 'testrole', sso_region: region } = sso;
    return { Sso: { account, role, region, login: `token:${sso.sso_session ?? sso.sso_start_url}` } };
  });
}

describe('the profiles of AWS’s SDK for Rust', () => {
  if (vectors.length === 0) {
    console.info(`Skipped: there are no vectors at ${file}.`);
    test.skip('are not here', () => {});
    return;
  }
  test('are all there', () => expect(vectors).toHaveLength(28));
  test.each(vectors.map((vector, index) => [index + 1, vector.docs, vector] as const))(
    '%i: %s',
    async (_number, _docs, vector) => {
      if ('ProfileChain' in vector.output) {
        expect(await chainOf(asked(vector))).toEqual(shown(vector.output.ProfileChain));
      } else {
        await expect(planFrom(asked(vector))).rejects.toMatchObject({
          code: expect.stringMatching(/^(INPUT_INVALID|NO_SOURCE)$/),
          message: expect.stringMatching(/\b[Pp]rofile [AB]\b/),
          hint: expect.stringMatching(/\w/),
        });
      }
    },
  );
});
