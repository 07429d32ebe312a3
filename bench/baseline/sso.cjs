// The least that can be done: ask the portal for the role's credentials, write the variables. No library, no checks, no masks.
const { appendFileSync } = require('node:fs');
const { get } = require('node:http');

const env = process.env;
const query = new URLSearchParams({ role_name: env['INPUT_SSO-ROLE-NAME'], account_id: env['INPUT_SSO-ACCOUNT-ID'] });
const headers = { 'x-amz-sso_bearer_token': env['INPUT_SSO-TOKEN'] };

get(`${env.AWS_ENDPOINT_URL_SSO}/federation/credentials?${query}`, { headers }, (response) => {
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
