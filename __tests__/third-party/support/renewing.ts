// Replaces the action's own renewal, with what that is made of: the folder, the lock, the story; only the requests are made here.
import { appendFileSync } from 'node:fs';
import aws4 from 'aws4';
import { openJobFolder } from '../../../src/adapters/machine/job-folder.ts';
import type { Session } from '../../../src/contract/credentials.ts';
import { renewalCommand } from '../../../src/renewal/command.ts';
import type { SavedPlan } from '../../../src/renewal/saved-plan.ts';

interface Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

const [, , , ...words] = process.argv;

async function ask(url: string, form: Readonly<Record<string, string>>, signer?: Keys): Promise<Session> {
  const { host, pathname } = new URL(url);
  const body = new URLSearchParams({ Version: '2011-06-15', RoleSessionName: 'renewed', ...form }).toString();
  const plain = { host, 'content-type': 'application/x-www-form-urlencoded' };
  const request = { method: 'POST', path: pathname, headers: plain, body, service: 'sts', region: 'us-east-1' };
  const headers = signer === undefined ? plain : aws4.sign(request, signer).headers;
  const response = await fetch(url, { method: 'POST', headers, body });
  const xml = await response.text();
  const text = (name: string): string => new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1] ?? '';
  if (!response.ok) throw new Error(`${text('Code')}: ${text('Message')}`);
  return {
    credentials: {
      accessKeyId: text('AccessKeyId'),
      secretAccessKey: text('SecretAccessKey'),
      sessionToken: text('SessionToken'),
      expiration: new Date(text('Expiration')),
    },
    identity: { account: text('Arn').split(':')[4] ?? '' },
    region: 'us-east-1',
  };
}

/** The ID token, the first role, and each role from the one before. */
async function resolve({ fields }: SavedPlan): Promise<Session> {
  const [sts, tokenUrl, requestToken] = ['sts', 'tokenUrl', 'requestToken'].map((name) => String(fields.get(name)));
  const [first = '', ...others] = String(fields.get('roles')).split(' ');
  const answer = await fetch(`${tokenUrl}&audience=sts.amazonaws.com`, {
    headers: { authorization: `Bearer ${requestToken}` },
  });
  const { value }: { readonly value: string } = JSON.parse(await answer.text());
  const url = `${sts}/`;
  let session = await ask(url, { Action: 'AssumeRoleWithWebIdentity', RoleArn: first, WebIdentityToken: value });
  for (const RoleArn of others) {
    const { sessionToken = '', ...keys } = session.credentials;
    session = await ask(url, { Action: 'AssumeRole', RoleArn }, { ...keys, sessionToken });
  }
  appendFileSync(String(fields.get('log')), `${session.credentials.accessKeyId}\n`);
  return session;
}

void renewalCommand(words, {
  open: (path) => openJobFolder(path, String(process.pid)),
  now: Date.now,
  resolve,
  print: (text) => void process.stdout.write(text),
  complain: (text) => void process.stderr.write(text),
}).then((code) => {
  process.exitCode = code;
});
