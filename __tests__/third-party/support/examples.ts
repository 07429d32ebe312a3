/** What a test can put behind a secret's name: what the emulator accepts, and what it does not. */
export type Secret =
  | 'sealingKey'
  | 'ssoToken'
  | 'accessKeyId'
  | 'secretAccessKey'
  | 'idToken'
  | 'wrong'
  | 'expiredSsoToken'
  | 'expiredIdToken';

/** An example, what act is given for it, and what must come of it. */
export interface Example {
  readonly file: string;
  /** Where it runs, as far as the step can tell. */
  readonly where: 'as on GitHub' | 'as on a laptop' | 'as on AWS';
  /** What act's secret file holds. */
  readonly secrets?: Readonly<Record<string, Secret>>;
  /** What the workflow's own steps say in each job, then what each post undid, the last use first. */
  readonly jobs: Readonly<Record<string, readonly string[]>>;
  /** Every request, sorted. */
  readonly requests: readonly string[];
  /** Variables that the workflow sets by itself, and that stay. */
  readonly sets?: readonly string[];
}

const restored =
  'Restored AWS_DEFAULT_REGION, AWS_REGION, AWS_SESSION_TOKEN, AWS_SECRET_ACCESS_KEY, AWS_ACCESS_KEY_ID.';
const removed = (profile: string) =>
  `Removed [profile ${profile}] of ~/.aws/config, [${profile}] of ~/.aws/credentials.`;
const removedAll = (...profiles: readonly string[]) =>
  `Removed ${profiles.map((name) => `[profile ${name}]`).join(', ')} of ~/.aws/config, ${profiles.map((name) => `[${name}]`).join(', ')} of ~/.aws/credentials.`;
const session = (account: string, role: string, name = 'GitHubActions') =>
  `arn:aws:sts::${account}:assumed-role/${role}/${name}`;

const token = ['AssumeRoleWithWebIdentity 200', 'IdToken 200'] as const;
const hops = (count: number): readonly string[] => Array.from({ length: count }, () => 'AssumeRole 200');
const twice = (requests: readonly string[]) => [...requests, ...requests].sort();

const onGithub = { where: 'as on GitHub' } as const;
const onAws = { where: 'as on AWS' } as const;
const onLaptop = { where: 'as on a laptop' } as const;
const keys = { AWS_ACCESS_KEY_ID: 'accessKeyId', AWS_SECRET_ACCESS_KEY: 'secretAccessKey' } as const;
const sealing = { SEALING_KEY: 'sealingKey' } as const;
const leg = (account: string, region: string) => [
  `Rolling out to ${region} as ${session(account, 'rollout', 'rollout-1')}`,
  restored,
];
const fromAnywhere = (source: string) => ({
  deploy: [`Deploying as ${session('111111111111', 'from-anywhere')}, from ${source}`, restored],
});

export const examples: readonly Example[] = [
  { ...onGithub, file: 'oidc.yml', jobs: { deploy: ['Deploying to us-east-1', restored] }, requests: token },
  {
    ...onGithub,
    file: 'chain-of-roles.yml',
    jobs: { deploy: [`Deploying to us-east-1 as ${session('333333333333', 'final')}`, restored] },
    requests: [...hops(2), ...token],
  },
  {
    ...onLaptop,
    file: 'sso.yml',
    secrets: { SSO_TOKEN: 'ssoToken' },
    jobs: { look: ['Looking at us-east-1', restored] },
    requests: ['GetRoleCredentials 200'],
  },
  {
    ...onLaptop,
    file: 'keys.yml',
    secrets: keys,
    jobs: { deploy: ['Deploying to us-east-1', restored] },
    requests: ['AssumeRole 200', 'GetCallerIdentity 200'],
  },
  {
    ...onGithub,
    file: 'second-role-later.yml',
    jobs: { deploy: ['Publishing in us-east-1', 'Deploying to eu-west-1', restored, restored] },
    requests: [...hops(1), ...token],
  },
  {
    ...onLaptop,
    file: 'token-file.yml',
    secrets: { WEB_IDENTITY_TOKEN: 'idToken' },
    jobs: { deploy: ['Deploying to us-east-1', restored] },
    requests: ['AssumeRoleWithWebIdentity 200'],
  },
  {
    ...onAws,
    file: 'container.yml',
    jobs: { deploy: [`Deploying as ${session('222222222222', 'for-machines')}`, restored] },
    requests: ['AssumeRole 200', 'PodCredentials 200'],
  },
  {
    ...onAws,
    file: 'instance.yml',
    jobs: { deploy: [`Deploying as ${session('222222222222', 'for-machines')}`, restored] },
    requests: ['AssumeRole 200', 'InstanceCredentials 200', 'InstanceRole 200', 'MetadataToken 200'],
  },
  {
    ...onLaptop,
    file: 'process.yml',
    secrets: keys,
    jobs: { deploy: [`Deploying as ${session('111111111111', 'for-user')}`, restored] },
    requests: hops(1),
  },
  {
    ...onGithub,
    file: 'cognito.yml',
    jobs: { deploy: [`Deploying as ${session('222222222222', 'for-pool')}`, restored] },
    requests: [...hops(1), 'GetCredentialsForIdentity 200', 'GetId 200', 'IdToken 200'],
  },
  {
    ...onGithub,
    file: 'write-profile.yml',
    jobs: {
      deploy: [
        '[profile deploy]',
        'region = eu-central-1',
        'The job itself has no keys and no profile',
        removed('deploy'),
      ],
    },
    requests: token,
  },
  {
    ...onGithub,
    file: 'self-hosted.yml',
    sets: ['AWS_CONFIG_FILE', 'AWS_SHARED_CREDENTIALS_FILE'],
    jobs: {
      deploy: ['[profile deploy]', 'Removed [profile deploy] of ~/ci/config, [deploy] of ~/ci/credentials.'],
    },
    requests: token,
  },
  {
    ...onGithub,
    file: 'two-accounts.yml',
    jobs: {
      copy: [
        ...['[profile staging]', 'region = us-east-1', '[profile production]', 'region = eu-central-1'],
        'Deploying from 222222222222 to 333333333333',
        ...[removed('production'), removed('staging')],
      ],
    },
    requests: twice([...hops(1), ...token]),
  },
  {
    ...onGithub,
    file: 'many-accounts.yml',
    jobs: {
      deploy: [
        ...['[profile staging]', '[profile production]', '[profile audit]'],
        `Production is the account 333333333333, by ${session('333333333333', 'rollout')}`,
        removedAll('hub', 'audit', 'production', 'staging'),
      ],
    },
    requests: [...hops(4), ...token],
  },
  {
    ...onGithub,
    file: 'accounts-without-hub.yml',
    jobs: {
      deploy: [
        ...['[profile commercial]', 'region = us-east-1', '[profile govcloud]', 'region = us-gov-west-1'],
        removedAll('govcloud', 'commercial'),
      ],
    },
    requests: ['AssumeRoleWithWebIdentity 200', ...token],
  },
  {
    ...onGithub,
    file: 'sealed-session.yml',
    secrets: sealing,
    jobs: {
      authorize: ['Nothing to restore.'],
      deploy: [`Deploying to us-east-1 as ${session('222222222222', 'target')}`, restored],
    },
    requests: [...hops(1), ...token],
  },
  {
    ...onGithub,
    file: 'sealed-matrix.yml',
    secrets: sealing,
    jobs: {
      authorize: ['Nothing to restore.'],
      'roll-out-1': leg('111111111111', 'us-east-1'),
      'roll-out-2': leg('222222222222', 'us-east-1'),
      'roll-out-3': leg('333333333333', 'eu-central-1'),
      'roll-out-4': leg('666666666666', 'us-east-1'),
      'roll-out-5': leg('777777777777', 'us-east-1'),
    },
    requests: [...hops(5), ...token],
  },
  {
    ...onGithub,
    file: 'sealed-reusable.yml',
    secrets: sealing,
    jobs: {
      authorize: ['Nothing to restore.'],
      deploy: [`Deploying to eu-west-1 as ${session('111111111111', 'deploy')}`, restored],
    },
    requests: token,
  },
  {
    ...onGithub,
    file: 'unset.yml',
    jobs: { build: ['Fetching from us-east-1', 'Building with no credentials in no region', restored, restored] },
    requests: token,
  },
  {
    ...onGithub,
    file: 'allowed-accounts.yml',
    jobs: { deploy: ['Deploying as arn:aws:sts::***:assumed-role/deploy/GitHubActions', restored] },
    requests: token,
  },
  {
    ...onGithub,
    file: 'composite.yml',
    jobs: {
      deploy: ['Deploying to eu-west-1', `Deployed as ${session('222222222222', 'target')}`, ...[restored, restored]],
    },
    requests: [...hops(1), ...token],
  },
  { ...onGithub, file: 'local-and-github.yml', jobs: fromAnywhere('oidc'), requests: token },
  {
    ...onLaptop,
    file: 'local-and-github.yml',
    secrets: { AWS_SSO_TOKEN: 'ssoToken' },
    jobs: fromAnywhere('sso'),
    requests: ['AssumeRole 200', 'GetRoleCredentials 200'],
  },
  {
    ...onLaptop,
    file: 'local-and-github.yml',
    secrets: keys,
    jobs: fromAnywhere('static'),
    requests: hops(1),
  },
  {
    ...onGithub,
    file: 'list-of-sources.yml',
    jobs: fromAnywhere('oidc'),
    requests: token,
  },
  {
    ...onLaptop,
    file: 'read-profile.yml',
    secrets: keys,
    jobs: { deploy: [`Deploying to us-east-1 as ${session('111111111111', 'for-user', 'by-profile')}`, restored] },
    requests: hops(1),
  },
  { ...onGithub, file: 'forks.yml', jobs: { check: ['Checked in us-east-1', restored] }, requests: token },
];
