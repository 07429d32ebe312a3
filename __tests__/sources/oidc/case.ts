import { deniedBy, roleSession, type SourceCase, words } from '../../support/source-case.ts';

const role = 'arn:aws:iam::111111111111:role/first';

/** See SourceCase. */
export const sourceCase: SourceCase = {
  kind: 'oidc',
  offer: {
    with: { 'role-to-assume': role },
    env: {
      ACTIONS_ID_TOKEN_REQUEST_URL: 'https://token.example/?x=1',
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'request-token',
    },
  },
  use: { idTokens: ['id-token'] },
  roles: [role],
  session: () => roleSession(role),
  refusal: deniedBy('AssumeRoleWithWebIdentity'),
  idToken: 'required',
  budget: () => ({
    with: { 'role-to-assume': 'arn:aws:iam::111111111111:role/deploy' },
    measured: 217_631,
    without: [words.yaml, words.sso, words.cognito, words.instance],
  }),
};
