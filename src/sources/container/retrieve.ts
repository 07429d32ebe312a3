import type { Retrieved } from '../../contract/credentials.ts';
import { CredentialError } from '../../contract/errors.ts';
import type { Host } from '../../contract/ports.ts';
import type { Effects } from '../source.ts';
import { readTokenFile } from '../token-file.ts';
import { type ContainerSource, tokens } from './select.ts';

/** Asks the endpoint. Throws CredentialError. */
export async function retrieveContainer(
  { url, origin, token }: ContainerSource,
  { aws, host }: Effects,
): Promise<Retrieved> {
  if (token === undefined) return aws.getContainerCredentials({ url, origin });
  return aws.getContainerCredentials({ url, origin, authorization: readToken(token, host) });
}

/** Where the kubelet puts what it projects into a pod. */
const projected = /^\/var\/run\/secrets\//;

function readToken(variable: (typeof tokens)[number], host: Host): string {
  const place = variable === tokens[0] ? `the token file ${host.env[variable]}` : 'the token';
  const unreadable = (problem: string, hint: string, cause?: unknown) =>
    new CredentialError('TOKEN_UNREADABLE', `${variable}: ${place} ${problem}`, { hint, cause });
  const token =
    variable === tokens[0]
      ? readTokenFile(host.env[variable] ?? '', host, { projected, unreadable })
      : (host.secret(variable) ?? '');
  if (token === '') throw unreadable('is empty', 'Put the token there that the endpoint asks for.');
  if (/^[\x20-\x7e]+$/.test(token)) return token;
  const problem = /[\r\n]/.test(token) ? 'holds a line break' : 'holds a character that no header can carry';
  throw unreadable(problem, 'Write the token alone, without a line break at its end either (printf, not echo).');
}
