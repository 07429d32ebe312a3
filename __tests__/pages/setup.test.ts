import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import type { Emulator, JobDescription } from '../../emulator/contract.ts';
import { startEmulator } from '../../emulator/emulator.ts';
import { claimsOf } from '../../emulator/github/claims.ts';
import { readWorld } from '../../emulator/world/world.ts';
import { blockOf, blocksOf, permissions, trust } from './support/setup-page.ts';

type Job = Partial<JobDescription>;

const immutable = { subject_form: 'immutable' } as const;
const stranger = { repository: 'stranger/octo-repo', repository_owner: 'stranger', repository_owner_id: '98' };
const sister = { repository: 'octo-org/other', repository_id: '75' };
const pull = { event_name: 'pull_request', ref: 'refs/pull/7/merge' };
const production = { environment: 'production' };
const called = (file: string): Job => ({ job_workflow_ref: `octo-org/${file}` });

/** What the page says of each policy: the jobs that it lets in, in both forms of the subject, and those that it keeps out. */
const policies: readonly (readonly [section: string, lets: readonly Job[], keeps: Readonly<Record<string, Job>>])[] = [
  [
    'A branch',
    [{}, immutable],
    {
      'another branch': { ref: 'refs/heads/other' },
      'a branch whose name goes on': { ref: 'refs/heads/main2' },
      'a tag': { ref: 'refs/tags/main' },
      'a pull request': pull,
      'an environment': production,
      'a fork': stranger,
      'a fork with ids': { ...stranger, ...immutable },
    },
  ],
  [
    'An environment',
    [production, { ...production, ...immutable }, { ...production, ref: 'refs/heads/other' }],
    {
      'no environment': {},
      'another environment': { environment: 'staging' },
      'a name with a colon': { environment: 'production:eu' },
      'another repository': { ...production, ...sister },
      'a fork': { ...production, ...stranger },
    },
  ],
  [
    'A tag',
    [{ ref: 'refs/tags/v1' }, { ref: 'refs/tags/v1.2.3', ...immutable }],
    {
      'a branch of that name': { ref: 'refs/heads/v1' },
      'another tag': { ref: 'refs/tags/x1' },
      'a pull request': pull,
      'another repository': { ref: 'refs/tags/v1', ...sister },
    },
  ],
  [
    'A pull request',
    [pull, { ...pull, ...immutable }],
    {
      'a push to main': {},
      'a pull request that names an environment': { ...pull, ...production },
      'another repository': { ...pull, ...sister },
      'a fork': { ...pull, ...stranger },
    },
  ],
  [
    'A reusable workflow',
    [{}, { ...sister }, { ...sister, ...immutable }, { ref: 'refs/heads/other' }],
    {
      'the file on another branch': called('octo-repo/.github/workflows/deploy.yml@refs/heads/other'),
      "a caller's file": { ...sister, ...called('other/.github/workflows/deploy.yml@refs/heads/main') },
      'another file': called('octo-repo/.github/workflows/test.yml@refs/heads/main'),
      'a stranger who calls the file': stranger,
      'a stranger with ids': { ...stranger, ...immutable },
    },
  ],
  [
    'An immutable subject',
    [immutable],
    {
      'the form by name': {},
      'another repository of that name': { ...immutable, repository_id: '75' },
      'another owner of that name': { ...immutable, repository_owner_id: '66' },
      'another branch': { ...immutable, ref: 'refs/heads/other' },
    },
  ],
];

const roleOf = (section: string): string =>
  `arn:aws:iam::111111111111:role/${section.toLowerCase().replaceAll(' ', '-')}`;

describe('docs/setup.md: which jobs each trust policy lets in', () => {
  let emulator: Emulator;
  beforeAll(async () => {
    const roles = policies.map(([section]) => [roleOf(section), { trust: JSON.parse(blockOf(section, 'json')) }]);
    emulator = await startEmulator({ world: { roles: Object.fromEntries(roles) } });
  });
  afterAll(() => emulator.close());

  /** The status with which the emulated STS answers a job that asks for a role by its token. */
  async function answer(section: string, job: Job, audience = 'sts.amazonaws.com'): Promise<number> {
    const body = new URLSearchParams({
      Action: 'AssumeRoleWithWebIdentity',
      Version: '2011-06-15',
      RoleArn: roleOf(section),
      RoleSessionName: 'on-the-page',
      WebIdentityToken: await emulator.idToken({ audience, claims: claimsOf(readWorld({}, job).job) }),
    });
    return (await fetch(emulator.environment.AWS_ENDPOINT_URL_STS ?? '', { method: 'POST', body })).status;
  }

  test.each(policies.flatMap(([section, lets]) => lets.map((job) => [section, job] as const)))(
    '%s: lets in %j',
    async (section, job) => {
      expect(await answer(section, job)).toBe(200);
    },
  );

  test.each(
    policies.flatMap(([section, , keeps]) => Object.entries(keeps).map(([what, job]) => [section, what, job] as const)),
  )('%s: keeps out %s', async (section, _what, job) => {
    expect(await answer(section, job)).toBe(403);
  });

  test.each(policies.map(([section, [job = {}]]) => [section, job] as const))(
    '%s: keeps out a token for another audience',
    async (section, job) => {
      expect(await answer(section, job, 'cognito-identity.amazonaws.com')).toBe(403);
    },
  );
});

describe('docs/setup.md: the template of CloudFormation', () => {
  const provider = 'arn:aws:iam::111111111111:oidc-provider/token.actions.githubusercontent.com';

  /** What CloudFormation makes of the template with its defaults, in account 111111111111, with and without the provider. */
  function resources(providerExists: boolean) {
    const text = blockOf('By CloudFormation', 'yml');
    const { Parameters: parameters } = parse(text, { logLevel: 'silent' });
    const defaultOf = (name: string) => {
      if (name === 'Provider') return provider;
      const { Type: type, Default: value } = parameters[name];
      return type === 'CommaDelimitedList' ? value.split(',') : value;
    };
    const pseudo = (value: string) =>
      value
        .replace(/\$\{AWS::Partition\}/g, 'aws')
        .replace(/\$\{AWS::AccountId\}/g, '111111111111')
        .replace(/\$\{(\w+)\}/g, (_match, name) => defaultOf(name));
    const scalar = (tag: string, resolve: (value: string) => unknown) => ({ tag, resolve });
    const choose = {
      tag: '!If',
      collection: 'seq' as const,
      resolve: (list: { toJSON(): readonly unknown[] }) => list.toJSON()[providerExists ? 2 : 1],
    };
    const equals = { tag: '!Equals', collection: 'seq' as const };
    const tags = [
      scalar('!Ref', defaultOf),
      scalar('!Sub', pseudo),
      scalar('!GetAtt', (value) => value),
      choose,
      equals,
    ];
    return parse(text, { customTags: tags }).Resources;
  }

  test.each([false, true])('comes to the policies of the page; the provider is there: %s', (exists) => {
    const { Properties: role } = resources(exists).Role;
    expect(role.AssumeRolePolicyDocument).toEqual(trust);
    expect(role.Policies).toEqual([{ PolicyName: 'upload', PolicyDocument: permissions }]);
    expect(role.RoleName).toBe('deploy');
  });
});

describe('docs/setup.md: all that a reader copies', () => {
  test('is one command a line, which a POSIX shell and PowerShell read alike', () => {
    const sections = [
      '1. The provider and the role',
      'By the AWS CLI',
      'By CloudFormation',
      '3. Check',
      'Take it all down',
    ];
    const lines = sections.flatMap((section) => blocksOf(section, 'sh')).flatMap((block) => block.trim().split('\n'));
    expect(lines.length).toBeGreaterThan(9);
    expect(lines.filter((line) => !/^aws [^\\`$|&;<>]+$/.test(line))).toEqual([]);
  });

  test('has no administrator and no thumbprint', () => {
    const blocks = ['By the AWS CLI', 'By CloudFormation', 'By Terraform', 'By the CDK'].flatMap((section) =>
      ['sh', 'json', 'yml', 'hcl', 'ts'].flatMap((language) => blocksOf(section, language)),
    );
    expect(blocks).toHaveLength(8);
    expect(blocks.filter((block) => /AdministratorAccess|thumbprint|"\*"|'\*'/i.test(block))).toEqual([]);
  });
});
