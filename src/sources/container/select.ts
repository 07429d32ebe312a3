import type { Retrieved } from '../../contract/credentials.ts';
import { CredentialError } from '../../contract/errors.ts';
import type { Host } from '../../contract/ports.ts';
import { absent, type Effects, type Offer, type Wish } from '../source.ts';
import { readTokenFile } from '../token-file.ts';

/** A credentials endpoint that the container was given: ECS, EKS Pod Identity or another. */
export interface ContainerSource {
  readonly kind: 'container';
  /** Its path may itself be a secret. */
  readonly url: string;
  /** The variable that names it. */
  readonly origin: string;
  /** The variable that holds the token, or names its file; read when it is sent, for it is renewed. */
  readonly token?: 'AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE' | 'AWS_CONTAINER_AUTHORIZATION_TOKEN';
}

const relative = 'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI';
const full = 'AWS_CONTAINER_CREDENTIALS_FULL_URI';
const tokens = ['AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE', 'AWS_CONTAINER_AUTHORIZATION_TOKEN'] as const;

/** What the environment says of a credentials endpoint. Throws INPUT_INVALID. */
export function offerContainer({ env, roles }: Wish): Offer<ContainerSource> {
  const origin = [relative, full].find((name) => env[name]);
  if (origin === undefined) {
    return absent(
      `neither ${relative} nor ${full} is set`,
      'Run the job in an ECS task or an EKS pod that has a role.',
    );
  }
  const url = origin === relative ? relativeUrl(env[relative] ?? '') : fullUrl(env[full] ?? '');
  const token = tokens.find((name) => env[name]);
  const source: ContainerSource = { kind: 'container', url, origin, ...(token === undefined ? {} : { token }) };
  // Those of AWS hand out sessions of a role; any other may hand out whatever it likes.
  return {
    source,
    because: `${origin} is set`,
    hops: roles,
    roleSession: agents.includes(new URL(url).hostname),
    standing: 'uncertain',
  };
}

/** Where ECS and EKS Pod Identity answer. */
const agents: readonly string[] = ['169.254.170.2', '169.254.170.23', '[fd00:ec2::23]'];

function relativeUrl(path: string): string {
  // Without the slash, what follows could name another host.
  if (/^\/[\x21-\x7e]*$/.test(path)) return new URL(`http://169.254.170.2${path}`).href;
  throw refused(relative, 'is not a path', 'Leave it as ECS sets it: a path that begins with /.');
}

function fullUrl(text: string): string {
  const url = /^https?:\/\/[\x21-\x7e]+$/i.test(text) && URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined) throw refused(full, 'is not an http or https URL', 'Write a whole URL, its host included.');
  if (url.username !== '' || url.password !== '') {
    throw refused(full, 'holds a user or a password', `Put what the endpoint asks for into ${tokens[1]}.`);
  }
  if (url.protocol === 'https:' || isLocal(url.hostname)) return url.href;
  throw refused(
    full,
    `asks for http to ${url.hostname}, which is not this machine`,
    'By http only loopback addresses, localhost, 169.254.170.2, 169.254.170.23 and [fd00:ec2::23] are asked; use https.',
  );
}

function isLocal(hostname: string): boolean {
  return agents.includes(hostname) || /^(localhost|\[::1\]|127(\.\d{1,3}){3})$/.test(hostname);
}

function refused(variable: string, problem: string, hint: string): CredentialError {
  return new CredentialError('INPUT_INVALID', `${variable} ${problem}`, { hint });
}

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
