// The least that can be done: derive the key, open the text, write the variables. No request, no checks, no masks.
const { createDecipheriv, hkdfSync } = require('node:crypto');
const { appendFileSync } = require('node:fs');

const env = process.env;
const bytes = Buffer.from(env['INPUT_SEALED-SESSION'].slice(3), 'base64url');
const key = hkdfSync(
  'sha256',
  env['INPUT_SEALING-KEY'],
  bytes.subarray(0, 16),
  'aws-credential-step sealed session',
  32,
);
const decipher = createDecipheriv('aes-256-gcm', new Uint8Array(key), bytes.subarray(16, 28));
decipher.setAAD(JSON.stringify(['v1', env.GITHUB_SERVER_URL, env.GITHUB_REPOSITORY_ID, env.GITHUB_RUN_ID]));
decipher.setAuthTag(bytes.subarray(-16));
const session = JSON.parse(decipher.update(bytes.subarray(28, -16), undefined, 'utf8') + decipher.final('utf8'));
appendFileSync(
  env.GITHUB_ENV,
  `AWS_ACCESS_KEY_ID=${session.accessKeyId}
AWS_SECRET_ACCESS_KEY=${session.secretAccessKey}
AWS_SESSION_TOKEN=${session.sessionToken}
AWS_REGION=${session.region}
AWS_DEFAULT_REGION=${session.region}
`,
);
