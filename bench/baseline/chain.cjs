// The least that can be done: ask for the ID token, exchange it, assume each further role by the one before, write the variables.
const { appendFileSync } = require('node:fs');
const { ask, field, form, signed } = require('./signed.cjs');

const env = process.env;
const endpoint = env.AWS_ENDPOINT_URL_STS;
const region = env['INPUT_AWS-REGION'];
const [first, ...others] = JSON.parse(env['INPUT_ROLE-CHAIN']).map((hop) => hop['role-arn']);
const session = { RoleSessionName: env['INPUT_ROLE-SESSION-NAME'] };
const credentials = (xml) => ({
  id: field(xml, 'AccessKeyId'),
  secret: field(xml, 'SecretAccessKey'),
  token: field(xml, 'SessionToken'),
});

const run = async () => {
  const tokenUrl = `${env.ACTIONS_ID_TOKEN_REQUEST_URL}&audience=sts.amazonaws.com`;
  const authorization = `Bearer ${env.ACTIONS_ID_TOKEN_REQUEST_TOKEN}`;
  const { value } = JSON.parse(await ask(tokenUrl, { authorization }));
  const exchange = { Action: 'AssumeRoleWithWebIdentity', RoleArn: first, WebIdentityToken: value, ...session };
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  let keys = credentials(await ask(`${endpoint}/`, headers, form(exchange)));
  for (const role of others) {
    const body = form({ Action: 'AssumeRole', RoleArn: role, ...session });
    keys = credentials(await signed(endpoint, region, keys, body));
  }
  appendFileSync(
    env.GITHUB_ENV,
    `AWS_ACCESS_KEY_ID=${keys.id}
AWS_SECRET_ACCESS_KEY=${keys.secret}
AWS_SESSION_TOKEN=${keys.token}
AWS_REGION=${region}
AWS_DEFAULT_REGION=${region}
`,
  );
};

run();
