import { fileURLToPath } from 'node:url';
import { githubVariables } from '../emulator/runner/github.ts';
import { seal } from '../src/formats/seal.ts';

/** One way to get credentials, for which everybody's times are taken. Another action runs too where it has the inputs. */
export interface Row {
  readonly name: string;
  readonly inputs: Readonly<Record<string, string>>;
  /** The script without any library that makes the same requests. */
  readonly baseline: string;
}

const region = { 'aws-region': 'eu-west-1' };

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

/** Those that run where no row is named. */
export const usual = { near: ['oidc', 'sso', 'sealed'], onALine: ['oidc', 'chain', 'sso', 'keys'] } as const;

export const rows: readonly Row[] = [
  {
    name: 'oidc',
    inputs: {
      'role-to-assume': 'arn:aws:iam::111111111111:role/deploy',
      'role-session-name': 'bench',
      ...region,
    },
    baseline: baseline('oidc'),
  },
  {
    name: 'chain',
    inputs: {
      'role-chain': JSON.stringify([
        { 'role-arn': 'arn:aws:iam::111111111111:role/deploy' },
        { 'role-arn': 'arn:aws:iam::222222222222:role/target' },
        { 'role-arn': 'arn:aws:iam::333333333333:role/final' },
      ]),
      'role-session-name': 'bench',
      ...region,
    },
    baseline: baseline('chain'),
  },
  {
    name: 'sso',
    inputs: {
      // The good token of the emulator's world.
      'sso-token': 'aoaAAAAAGexampleTokenOfOctocatThatIsGoodForAsLongAsTheEmulatorRuns0123456789abcdef',
      'sso-account-id': '111111111111',
      'sso-role-name': 'ReadOnly',
      'sso-region': 'us-east-1',
      ...region,
    },
    baseline: baseline('sso'),
  },
  {
    name: 'keys',
    inputs: {
      'aws-access-key-id': 'AKIAIOSFODNN7EXAMPLE',
      'aws-secret-access-key': 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
      ...region,
    },
    baseline: baseline('keys'),
  },
  {
    name: 'sealed',
    inputs: { 'sealed-session': sealedSession(), 'sealing-key': sealingKey },
    baseline: baseline('sealed'),
  },
];
