import { anyClient, type SourceCase, userSession, words } from '../../support/source-case.ts';

const claim = { 'aws-access-key-id': 'AKIAGIVEN', 'aws-secret-access-key': 'given-secret' };

/** See SourceCase. */
export const sourceCase: SourceCase = {
  kind: 'static',
  claim,
  secrets: ['AKIAGIVEN', 'given-secret'],
  use: { with: claim },
  roles: [],
  session: () => userSession({ accessKeyId: 'AKIAGIVEN', secretAccessKey: 'given-secret' }),
  anonymous: true,
  budget: () => ({
    with: { 'aws-access-key-id': 'AKIAEXAMPLE', 'aws-secret-access-key': 'a-secret-access-key' },
    measured: 64_778,
    without: [words.yaml, ...anyClient, words.instance],
  }),
};
