// The least that can be done: ask STS whose the keys are, write the variables. No library, no checks, no masks.
const { appendFileSync } = require('node:fs');
const { field, form, signed } = require('./signed.cjs');

const env = process.env;
const region = env['INPUT_AWS-REGION'];
const keys = { id: env['INPUT_AWS-ACCESS-KEY-ID'], secret: env['INPUT_AWS-SECRET-ACCESS-KEY'] };

signed(env.AWS_ENDPOINT_URL_STS, region, keys, form({ Action: 'GetCallerIdentity' })).then((xml) => {
  field(xml, 'Arn');
  appendFileSync(
    env.GITHUB_ENV,
    `AWS_ACCESS_KEY_ID=${keys.id}
AWS_SECRET_ACCESS_KEY=${keys.secret}
AWS_REGION=${region}
AWS_DEFAULT_REGION=${region}
`,
  );
});
