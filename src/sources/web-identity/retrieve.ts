import type { WebIdentity } from '../../contract/credentials.ts';
import { CredentialError } from '../../contract/errors.ts';
import type { Host } from '../../contract/ports.ts';
import type { Effects } from '../source.ts';
import { readTokenFile } from '../token-file.ts';
import type { WebIdentitySource } from './select.ts';

/** Reads the file each time the token is needed, because the token is renewed there. */
export function retrieveTokenFile(source: WebIdentitySource, { host }: Effects): WebIdentity {
  return { mintToken: async () => readToken(source, host) };
}

/** The path of service account tokens that the kubelet projects. */
const projected = /^\/var\/run\/secrets\/[^/]+\/serviceaccount\/token$/;

function readToken({ file, origin }: WebIdentitySource, host: Host): string {
  const unreadable = (problem: string, hint: string, cause?: unknown) =>
    new CredentialError('TOKEN_UNREADABLE', `${origin}: the token file ${file} ${problem}`, { hint, cause });
  const token = readTokenFile(file, host, { projected, unreadable }).trim();
  if (/^[\x21-\x7e]{4,20000}$/.test(token)) return token;
  throw unreadable(
    token === '' ? 'is empty' : 'does not contain a web identity token',
    'Write only the token into the file: 4 to 20000 characters without spaces or line breaks.',
  );
}
