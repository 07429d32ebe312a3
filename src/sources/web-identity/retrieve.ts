import type { Retrieved } from '../../contract/credentials.ts';
import { CredentialError } from '../../contract/errors.ts';
import type { Host } from '../../contract/ports.ts';
import { exchange } from '../../roles/web-identity.ts';
import type { Effects } from '../source.ts';
import { readTokenFile } from '../token-file.ts';
import type { WebIdentitySource } from './select.ts';

/** Exchanges what the file holds now. Throws CredentialError. */
export function retrieveByTokenFile(source: WebIdentitySource, { aws, host }: Effects): Promise<Retrieved> {
  return exchange(source, async () => readToken(source, host), aws);
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
