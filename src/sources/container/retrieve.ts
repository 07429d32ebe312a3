import type { Retrieved } from '../../contract/credentials.ts';
import { CredentialError } from '../../contract/errors.ts';
import type { Host } from '../../contract/ports.ts';
import type { Effects } from '../source.ts';
import { readTokenFile } from '../token-file.ts';
import { type ContainerSource, tokens } from './select.ts';

/** The endpoint's credentials. Throws CredentialError. */
export async function retrieveContainer(
  { url, origin, token }: ContainerSource,
  { aws, host }: Effects,
): Promise<Retrieved> {
  if (token === undefined) return aws.getContainerCredentials({ url, origin });
  return aws.getContainerCredentials({ url, origin, authorization: readToken(token, host) });
}

/** The folder of files that the kubelet projects into a pod. */
const projected = /^\/var\/run\/secrets\//;

function readToken(variable: (typeof tokens)[number], host: Host): string {
  const place = variable === tokens[0] ? `the token file ${host.env[variable]}` : 'the token';
  const unreadable = (problem: string, hint: string, cause?: unknown) =>
    new CredentialError('TOKEN_UNREADABLE', `${variable}: ${place} ${problem}`, { hint, cause });
  const token =
    variable === tokens[0]
      ? readTokenFile(host.env[variable] ?? '', host, { projected, unreadable })
      : (host.secret(variable) ?? '');
  if (token === '') throw unreadable('is empty', 'Set it to the token that the endpoint requires.');
  if (/^[\x20-\x7e]+$/.test(token)) return token;
  const problem = /[\r\n]/.test(token) ? 'contains a line break' : 'contains a character that is not valid in a header';
  throw unreadable(problem, 'Write only the token, without a line break at the end (printf, not echo).');
}
