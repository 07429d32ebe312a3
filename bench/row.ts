import { fileURLToPath } from 'node:url';
import { githubVariables } from '../emulator/runner/github.ts';
import { seal } from '../src/formats/seal.ts';

/** One way to get credentials, for which everybody's times are taken. */
export interface Row {
  readonly name: string;
  readonly inputs: Readonly<Record<string, string>>;
  readonly environment: Readonly<Record<string, string>>;
  /** The script without any library that makes the same requests. */
  readonly baseline: string;
  /** Whether another action can be asked to do the same. */
  readonly peers: boolean;
}

const baseline = (name: string): string => fileURLToPath(new URL(`./baseline/${name}.cjs`, import.meta.url));

/** What bare Node takes is the same in every row. */
export const nothing = baseline('nothing');

const sealingKey = 'the sealing key of the bench, which seals nothing of anyone';

/** A session as an earlier job of the run that the track plays would have sealed it, as large as a real one. */
function sealedSession(): string {
  const session = {
    accessKeyId: 'ASIAIOSFODNN7EXAMPLE',
    secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
    sessionToken: 'IQoJb3JpZ2luX2VjEXAMPLE'.repeat(40),
    expiration: new Date(Date.now() + 12 * 3_600_000).toISOString(),
    account: '111111111111',
    arn: 'arn:aws:sts::111111111111:assumed-role/deploy/bench',
    region: 'eu-west-1',
    job: 'seal',
  };
  const {
    GITHUB_SERVER_URL: server = '',
    GITHUB_REPOSITORY_ID: repository = '',
    GITHUB_RUN_ID: run = '',
  } = githubVariables;
  return seal(session, { key: sealingKey, server, repository, run });
}

export const rows: readonly Row[] = [
  {
    name: 'oidc',
    inputs: {
      'role-to-assume': 'arn:aws:iam::111111111111:role/deploy',
      'role-session-name': 'bench',
      'aws-region': 'eu-west-1',
    },
    environment: {},
    baseline: baseline('oidc'),
    peers: true,
  },
  {
    name: 'sso',
    inputs: {
      // The good token of the emulator's world.
      'sso-token': 'aoaAAAAAGexampleTokenOfOctocatThatIsGoodForAsLongAsTheEmulatorRuns0123456789abcdef',
      'sso-account-id': '111111111111',
      'sso-role-name': 'ReadOnly',
      'sso-region': 'us-east-1',
      'aws-region': 'eu-west-1',
    },
    environment: {},
    baseline: baseline('sso'),
    peers: false,
  },
  {
    name: 'sealed',
    inputs: { 'sealed-session': sealedSession(), 'sealing-key': sealingKey },
    environment: {},
    baseline: baseline('sealed'),
    peers: false,
  },
];
