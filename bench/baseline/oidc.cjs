// The least that can be done: ask for the ID token, exchange it, write the variables. No library, no checks, no masks.
const { appendFileSync } = require('node:fs');
// AWS and GitHub are reached by https, so that is loaded as it must be; without --tls the emulator speaks http.
const clients = { 'http:': require('node:http'), 'https:': require('node:https') };
const clientOf = (url) => clients[new URL(url).protocol];

const env = process.env;
const read = (response, done) => {
  let text = '';
  response.setEncoding('utf8').on('data', (chunk) => (text += chunk));
  response.on('end', () => done(text));
};
const field = (xml, name) => new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)[1];

const exchange = (token) => {
  const body = new URLSearchParams({
    Action: 'AssumeRoleWithWebIdentity',
    Version: '2011-06-15',
    RoleArn: env['INPUT_ROLE-TO-ASSUME'],
    RoleSessionName: env['INPUT_ROLE-SESSION-NAME'],
    WebIdentityToken: token,
  }).toString();
  const headers = { 'content-type': 'application/x-www-form-urlencoded', 'content-length': Buffer.byteLength(body) };
  const url = `${env.AWS_ENDPOINT_URL_STS}/`;
  const post = clientOf(url).request(url, { method: 'POST', headers }, (response) => read(response, deliver));
  post.end(body);
};

const deliver = (xml) => {
  const region = env['INPUT_AWS-REGION'];
  appendFileSync(
    env.GITHUB_ENV,
    `AWS_ACCESS_KEY_ID=${field(xml, 'AccessKeyId')}
AWS_SECRET_ACCESS_KEY=${field(xml, 'SecretAccessKey')}
AWS_SESSION_TOKEN=${field(xml, 'SessionToken')}
AWS_REGION=${region}
AWS_DEFAULT_REGION=${region}
`,
  );
};

const authorization = `Bearer ${env.ACTIONS_ID_TOKEN_REQUEST_TOKEN}`;
const tokenUrl = `${env.ACTIONS_ID_TOKEN_REQUEST_URL}&audience=sts.amazonaws.com`;
clientOf(tokenUrl).get(tokenUrl, { headers: { authorization } }, (response) =>
  read(response, (text) => exchange(JSON.parse(text).value)),
);
