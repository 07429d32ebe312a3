import type { Secret } from './examples.ts';

/** Something that goes wrong under act, and what the step logs. */
export interface Trouble {
  readonly about: string;
  readonly workflow: string;
  /** What is in the jobs in addition to the emulator's endpoints; none of it: as on a laptop, where nobody mints ID tokens. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly secrets?: Readonly<Record<string, Secret>>;
  readonly code: string;
  /** The last line. */
  readonly last: RegExp;
}

const nowhere = 'http://127.0.0.1:9/token?api-version=2.0';
const onAct = /^act mints no ID tokens: set AWS_PROFILE .* from its secret file, as docs\/act\.md shows\.$/;
const login = /\baws sso login\b/;

export const troubles: readonly Trouble[] = [
  { about: 'a workflow for GitHub alone', workflow: 'oidc.yml', code: 'NO_SOURCE', last: onAct },
  { about: 'no secret file', workflow: 'local-and-github.yml', code: 'NO_SOURCE', last: onAct },
  {
    about: 'two secrets where one belongs',
    workflow: 'local-and-github.yml',
    secrets: { AWS_SSO_TOKEN: 'ssoToken', AWS_ACCESS_KEY_ID: 'accessKeyId', AWS_SECRET_ACCESS_KEY: 'secretAccessKey' },
    code: 'INPUT_CONFLICT',
    last: /^Keep one of them, or say which to use: "source: /,
  },
  {
    about: 'an emulator that refuses the request token',
    workflow: 'oidc.yml',
    environment: { ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'not-the-one' },
    code: 'ID_TOKEN_UNAVAILABLE',
    last: /^Check that the job has "permissions: id-token: write"/,
  },
  {
    about: 'no emulator where ID tokens should come from',
    workflow: 'oidc.yml',
    environment: { ACTIONS_ID_TOKEN_REQUEST_URL: nowhere, ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'any' },
    code: 'SERVICE_UNAVAILABLE',
    last: /^Run the job again\. If ACTIONS_ID_TOKEN_REQUEST_URL names your own endpoint, as under act, /,
  },
  {
    about: 'no emulator where STS should be',
    workflow: 'keys.yml',
    environment: { AWS_ENDPOINT_URL_STS: nowhere },
    secrets: { AWS_ACCESS_KEY_ID: 'accessKeyId', AWS_SECRET_ACCESS_KEY: 'secretAccessKey' },
    code: 'SERVICE_UNAVAILABLE',
    last: /^Check "aws-region", the endpoint and the network of the runner\.$/,
  },
  {
    about: 'a wrong secret access key',
    workflow: 'keys.yml',
    secrets: { AWS_ACCESS_KEY_ID: 'accessKeyId', AWS_SECRET_ACCESS_KEY: 'wrong' },
    code: 'ACCESS_DENIED',
    last: /^Check the access key ID and secret that sign the request: they may be deleted, .* or not belong together\.$/,
  },
  {
    about: 'half of the keys',
    workflow: 'keys.yml',
    secrets: { AWS_ACCESS_KEY_ID: 'accessKeyId' },
    code: 'INPUT_INVALID',
    last: /^Provide "aws-secret-access-key" too; /,
  },
  {
    about: 'an access token that has run out',
    workflow: 'sso.yml',
    secrets: { SSO_TOKEN: 'expiredSsoToken' },
    code: 'TOKEN_EXPIRED',
    last: login,
  },
  {
    about: 'something else than an access token',
    workflow: 'sso.yml',
    secrets: { SSO_TOKEN: 'wrong' },
    code: 'TOKEN_EXPIRED',
    last: login,
  },
  {
    about: 'a web identity token that has run out',
    workflow: 'token-file.yml',
    secrets: { WEB_IDENTITY_TOKEN: 'expiredIdToken' },
    code: 'TOKEN_EXPIRED',
    last: /^The web identity token has expired; provide a new one\.$/,
  },
  {
    about: 'no sealing key',
    workflow: 'sealed-session.yml',
    secrets: {},
    environment: { ACTIONS_ID_TOKEN_REQUEST_URL: nowhere, ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'any' },
    code: 'INPUT_INVALID',
    last: /^Make one with "openssl rand -base64 32", /,
  },
];
