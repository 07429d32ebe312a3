import { anyClient, type SourceCase, userSession, words } from '../../support/source-case.ts';

const keys = { AWS_ACCESS_KEY_ID: 'AKIAENVIRONMENT', AWS_SECRET_ACCESS_KEY: 'environment-secret' };

/** See SourceCase. */
export const sourceCase: SourceCase = {
  kind: 'environment',
  claim: { 'role-chaining': 'true' },
  needs: { 'role-to-assume': 'arn:aws:iam::111111111111:role/first' },
  offer: { env: keys },
  secrets: Object.values(keys),
  use: {},
  held: 'required',
  roles: [],
  session: ({ AWS_ACCESS_KEY_ID = '', AWS_SECRET_ACCESS_KEY = '', AWS_SESSION_TOKEN = '', ...held }) =>
    userSession({
      accessKeyId: AWS_ACCESS_KEY_ID,
      secretAccessKey: AWS_SECRET_ACCESS_KEY,
      sessionToken: AWS_SESSION_TOKEN,
      expiration: new Date(held.AWS_CREDENTIAL_EXPIRATION ?? ''),
    }),
  refusal: { use: { now: '2026-01-02T00:00:00Z' }, code: 'TOKEN_EXPIRED' },
  anonymous: true,
  budget: () => ({
    with: { source: 'environment' },
    environment: { AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE', AWS_SECRET_ACCESS_KEY: 'a-secret-access-key' },
    measured: 64_778,
    without: [words.yaml, ...anyClient, words.instance],
  }),
};
