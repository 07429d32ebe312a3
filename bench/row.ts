import { fileURLToPath } from 'node:url';

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
];
