import { keysOf } from '../../support/memory.ts';
import { type SourceCase, userSession, words } from '../../support/source-case.ts';

const config = '/home/runner/.aws/config';
const keys = 'aws_access_key_id = AKIAEXAMPLE\naws_secret_access_key = a-secret-access-key\n';

/** See SourceCase. */
export const sourceCase: SourceCase = {
  kind: 'profile',
  claim: { 'source-profile': 'keys' },
  offer: { env: { AWS_PROFILE: 'keys' } },
  files: { [config]: `[profile keys]\n${keys}` },
  secrets: ['AKIAEXAMPLE', 'a-secret-access-key'],
  use: {
    with: { 'source-profile': 'vended' },
    sharedFiles: { [config]: '[profile vended]\ncredential_process = vend\n' },
    processes: { vend: { credentials: keysOf('vend') } },
  },
  roles: [],
  session: () => userSession(keysOf('vend')),
  refusal: { use: { processes: {} }, code: 'TOKEN_UNREADABLE' },
  anonymous: true,
  budget: () => ({
    with: { 'source-profile': 'dev' },
    files: { 'home/.aws/credentials': `[dev]\n${keys}` },
    measured: 105_663,
    without: [words.yaml, words.sso, words.cognito, words.sts, words.instance],
  }),
};
