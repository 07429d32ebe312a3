import { CredentialError } from '../../contract/errors.ts';
import { parseHttpUrl } from '../../formats/patterns.ts';
import { notApplicable, type Selection, type SourceContext } from '../source.ts';

/** A credentials endpoint that the container was given: ECS, EKS Pod Identity or another. */
export interface ContainerSource {
  readonly kind: 'container';
  /** Its path may itself be a secret. */
  readonly url: string;
  /** The variable that names it. */
  readonly origin: string;
  /** The variable that holds the token, or names its file; read when it is sent, for it is renewed. */
  readonly token?: 'AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE' | 'AWS_CONTAINER_AUTHORIZATION_TOKEN' | undefined;
}

const relative = 'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI';
const full = 'AWS_CONTAINER_CREDENTIALS_FULL_URI';
/** The variables of the token, the first that is set wins. */
export const tokens = ['AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE', 'AWS_CONTAINER_AUTHORIZATION_TOKEN'] as const;

/** What the environment says of a credentials endpoint. Throws INPUT_INVALID. */
export function selectContainer({ env, roles }: SourceContext): Selection<ContainerSource> {
  const origin = [relative, full].find((name) => env[name]);
  if (origin === undefined) {
    return notApplicable(
      `neither ${relative} nor ${full} is set`,
      'Run the job in an ECS task or an EKS pod that has a role.',
    );
  }
  const url = origin === relative ? relativeUrl(env[relative] ?? '') : fullUrl(env[full] ?? '');
  const token = tokens.find((name) => env[name]);
  const source: ContainerSource = { kind: 'container', url, origin, token };
  // Those of AWS hand out sessions of a role; any other may hand out whatever it likes.
  return {
    source,
    because: `${origin} is set`,
    hops: roles,
    roleSession: awsAgents.includes(new URL(url).hostname),
    mayBeEmpty: true,
  };
}

/** Where ECS and EKS Pod Identity answer. */
const awsAgents: readonly string[] = ['169.254.170.2', '169.254.170.23', '[fd00:ec2::23]'];

function relativeUrl(path: string): string {
  // Without the slash, what follows could name another host.
  if (/^\/[\x21-\x7e]*$/.test(path)) return new URL(`http://169.254.170.2${path}`).href;
  throw invalidVariable(relative, 'is not a path', 'Leave it as ECS sets it: a path that begins with /.');
}

function fullUrl(text: string): string {
  const url = parseHttpUrl(text);
  if (url === undefined)
    throw invalidVariable(full, 'is not an http or https URL', 'Write a whole URL, its host included.');
  if (url.username !== '' || url.password !== '') {
    throw invalidVariable(full, 'holds a user or a password', `Put what the endpoint asks for into ${tokens[1]}.`);
  }
  if (url.protocol === 'https:' || isLocal(url.hostname)) return url.href;
  throw invalidVariable(
    full,
    `asks for http to ${url.hostname}, which is not this machine`,
    'By http only loopback addresses, localhost, 169.254.170.2, 169.254.170.23 and [fd00:ec2::23] are asked; use https.',
  );
}

function isLocal(hostname: string): boolean {
  return awsAgents.includes(hostname) || /^(localhost|\[::1\]|127(\.\d{1,3}){3})$/.test(hostname);
}

function invalidVariable(variable: string, problem: string, hint: string): CredentialError {
  return new CredentialError('INPUT_INVALID', `${variable} ${problem}`, { hint });
}
