import { keysOf } from '../../support/memory.ts';
import { deniedBy, type SourceCase, userSession, words } from '../../support/source-case.ts';

const identityId = 'us-east-1:5f1e2d3c-0000-4000-8000-000000000001';

/** See SourceCase. */
export const sourceCase: SourceCase = {
  kind: 'cognito',
  claim: { 'cognito-identity-id': identityId },
  use: { with: { 'cognito-identity-id': identityId }, idTokens: ['id-token'] },
  roles: [],
  session: () => userSession(keysOf(`cognito:${identityId}`)),
  refusal: deniedBy('GetCredentialsForIdentity'),
  anonymous: true,
  budget: () => ({
    with: { 'cognito-identity-pool-id': 'us-east-1:11111111-aaaa-4aaa-8aaa-111111111111' },
    measured: 224_340,
    without: [words.yaml, words.sso, words.instance],
  }),
};
