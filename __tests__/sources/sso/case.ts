import { keysOf } from '../../support/memory.ts';
import { deniedBy, type SourceCase, words } from '../../support/source-case.ts';

const settings = { 'sso-account-id': '333333333333', 'sso-role-name': 'ReadOnly', 'sso-region': 'eu-west-1' };
const claim = { 'sso-token': 'an-access-token', ...settings };

/** See SourceCase. */
export const sourceCase: SourceCase = {
  kind: 'sso',
  claim,
  secrets: ['an-access-token'],
  use: { with: claim },
  roles: [],
  session: () => ({
    credentials: keysOf('sso:333333333333/ReadOnly'),
    identity: { account: '333333333333' },
    region: 'us-east-1',
  }),
  refusal: deniedBy('GetRoleCredentials'),
  budget: ({ world }) => ({
    with: {
      'sso-token': world.sso.accessToken,
      'sso-account-id': '111111111111',
      'sso-role-name': 'ReadOnly',
      'sso-region': 'us-east-1',
    },
    measured: 121_695,
    without: [words.yaml, words.cognito, words.sts, words.instance],
  }),
};
