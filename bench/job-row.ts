import { accounts, roleIn } from './world.ts';

type Variables = Readonly<Record<string, string>>;

/** The inputs of one use of an action. */
type Use = Variables;

/** A whole job: each use's main, then the posts. It shows what a user sees of it. */
export interface JobRow {
  readonly name: string;
  /** The uses that this action needs. */
  readonly ours: readonly Use[];
  /** The uses that an action needs that only has the incumbent's inputs. */
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
  // An input for several profiles makes one use of ours; that of an action with the incumbent's inputs stays three.
  {
    name: 'three-accounts',
    ours: profiles,
    peers: profiles,
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
