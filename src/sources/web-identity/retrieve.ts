import type { WebIdentity } from '../../contract/credentials.ts';
import { CredentialError } from '../../contract/errors.ts';
import type { Host } from '../../contract/ports.ts';
import type { Effects } from '../source.ts';
import { readTokenFile } from '../token-file.ts';
import type { WebIdentitySource } from './select.ts';

/** The token is read from the file each time it is needed, because whoever writes the file renews it. */
export function retrieveTokenFile(source: WebIdentitySource, { host }: Effects): WebIdentity {
  return { mintToken: async () => readToken(source, host) };
}

/** Where the kubelet puts service account tokens. */
const projected = /^\/var\/run\/secrets\/[^/]+\/serviceaccount\/token$/;

function readToken({ file, origin }: WebIdentitySource, host: Host): string {
  const unreadable = (problem: string, hint: string, cause?: unknown) =>
    new CredentialError('TOKEN_UNREADABLE', `${origin}: the token file ${file} ${problem}`, { hint, cause });
  const token = readTokenFile(file, host, { projected, unreadable }).trim();
  if (/^[\x21-\x7e]{4,20000}$/.test(token)) return token;
  throw unreadable(
    token === '' ? 'is empty' : 'does not hold one web identity token',
    'Write the token alone into the file, 4 to 20000 characters without blanks or line breaks inside.',
  );
}
