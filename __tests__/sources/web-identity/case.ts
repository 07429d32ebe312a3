import { deniedBy, roleSession, type SourceCase, words } from '../../support/source-case.ts';

const role = 'arn:aws:iam::111111111111:role/first';

/** See SourceCase. */
export const sourceCase: SourceCase = {
  kind: 'web-identity',
  claim: { 'web-identity-token-file': 'token' },
  needs: { 'role-to-assume': role },
  offer: { env: { AWS_WEB_IDENTITY_TOKEN_FILE: '/token', AWS_ROLE_ARN: role } },
  use: { with: { 'web-identity-token-file': 'token' }, files: { token: 'a.b.c' } },
  roles: [role],
  session: () => roleSession(role),
  refusal: deniedBy('AssumeRoleWithWebIdentity'),
  budget: ({ idToken }) => ({
    with: { 'role-to-assume': 'arn:aws:iam::111111111111:role/deploy', 'web-identity-token-file': 'token' },
    files: { 'workspace/token': idToken },
    measured: 209_839,
    without: [words.yaml, words.sso, words.cognito, words.instance],
  }),
};
