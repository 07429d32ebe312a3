// The least that can be done: ask the portal for the role's credentials, write the variables. No library, no checks, no masks.
const { appendFileSync } = require('node:fs');
// AWS is reached by https, so that is loaded as it must be; without --tls the emulator speaks http.
const clients = { 'http:': require('node:http'), 'https:': require('node:https') };

const env = process.env;
const query = new URLSearchParams({ role_name: env['INPUT_SSO-ROLE-NAME'], account_id: env['INPUT_SSO-ACCOUNT-ID'] });
const headers = { 'x-amz-sso_bearer_token': env['INPUT_SSO-TOKEN'] };

const url = `${env.AWS_ENDPOINT_URL_SSO}/federation/credentials?${query}`;
clients[new URL(url).protocol].get(url, { headers }, (response) => {
  let text = '';
  response.setEncoding('utf8').on('data', (chunk) => (text += chunk));
  response.on('end', () => {
    const { roleCredentials } = JSON.parse(text);
    const region = env['INPUT_AWS-REGION'];
    appendFileSync(
      env.GITHUB_ENV,
      `AWS_ACCESS_KEY_ID=${roleCredentials.accessKeyId}
AWS_SECRET_ACCESS_KEY=${roleCredentials.secretAccessKey}
AWS_SESSION_TOKEN=${roleCredentials.sessionToken}
AWS_REGION=${region}
AWS_DEFAULT_REGION=${region}
`,
    );
  });
});
