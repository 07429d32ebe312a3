import { accounts, roleIn, spokes } from './world.ts';

type Variables = Readonly<Record<string, string>>;

/** The inputs of one use of an action. */
type Use = Variables;

/** A whole job: each use's main, then the posts. It shows what a user sees of it. */
export interface JobRow {
  readonly name: string;
  /** The uses that this action needs. */
  readonly ours: readonly Use[];
  /** The uses that an action needs that has only the inputs of configure-aws-credentials. */
  readonly peers: readonly Use[];
  /** What the job has in its environment before. */
  readonly environment: Variables;
  /** Whether the job has `id-token: write`. */
  readonly idTokens: boolean;
  /** Whether the first use has to fail. The time is then its main's; otherwise it is that of all mains and posts. */
  readonly fails: boolean;
}

const region = { 'aws-region': 'eu-west-1' };

const alike = (...uses: readonly Use[]): Pick<JobRow, 'ours' | 'peers'> => ({ ours: uses, peers: uses });

/** One use for all accounts. */
const oneUse = (roles: Variables, inputs: Variables = {}): Use => ({
  profiles: JSON.stringify(roles),
  ...inputs,
  ...region,
});

const hub = { 'role-to-assume': roleIn('111111111111') };

const profiles = accounts.map((account) => ({
  'role-to-assume': roleIn(account),
  'aws-profile': `account-${account}`,
  ...region,
}));

export const jobRows: readonly JobRow[] = [
  {
    name: 'denied',
    ...alike({ 'role-to-assume': 'arn:aws:iam::111111111111:role/nobody', ...region }),
    environment: {},
    idTokens: true,
    fails: true,
  },
  {
    name: 'no-permission',
    ...alike({ 'role-to-assume': roleIn('111111111111'), ...region }),
    environment: {},
    idTokens: false,
    fails: true,
  },
  // The input `profiles` makes one use of ours; that of an action with the inputs of configure-aws-credentials stays three.
  {
    name: 'three-accounts',
    ours: [oneUse(Object.fromEntries(accounts.map((account) => [`account-${account}`, roleIn(account)])))],
    peers: profiles,
    environment: {},
    idTokens: true,
    fails: false,
  },
  // configure-aws-credentials signs with the hub's session that an earlier use left in the environment.
  {
    name: 'twenty-accounts',
    ours: [oneUse(Object.fromEntries(spokes.map((role, index) => [`account-${index}`, role])), hub)],
    peers: [
      { ...hub, ...region },
      ...spokes.map((role, index) => ({
        'role-to-assume': role,
        'role-chaining': 'true',
        'aws-profile': `account-${index}`,
        ...region,
      })),
    ],
    environment: {},
    idTokens: true,
    fails: false,
  },
  {
    name: 'left-behind',
    ...alike({
      'role-to-assume': roleIn('111111111111'),
      'aws-profile': 'deploy',
      'output-env-credentials': 'true',
      ...region,
    }),
    // What an earlier step of the job set.
    environment: {
      AWS_ACCESS_KEY_ID: 'ASIAIOSFODNN7EXAMPLE',
      AWS_SECRET_ACCESS_KEY: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
      AWS_SESSION_TOKEN: 'IQoJb3JpZ2luX2VjEXAMPLE',
      AWS_REGION: 'us-east-1',
      AWS_DEFAULT_REGION: 'us-east-1',
    },
    idTokens: true,
    fails: false,
  },
];
