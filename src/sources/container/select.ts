import { CredentialError } from '../../contract/errors.ts';
import { parseHttpUrl } from '../../formats/patterns.ts';
import { notApplicable, type Selection, type SourceContext } from '../source.ts';

/** The container's credentials endpoint: ECS, EKS Pod Identity or another. */
export interface ContainerSource {
  readonly kind: 'container';
  /** Its path may itself be a secret. */
  readonly url: string;
  /** The variable that names it. */
  readonly origin: string;
  /** The variable with the token or its file; read with each request, because the token is renewed. */
  readonly token?: 'AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE' | 'AWS_CONTAINER_AUTHORIZATION_TOKEN' | undefined;
}

const relative = 'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI';
const full = 'AWS_CONTAINER_CREDENTIALS_FULL_URI';
/** The variables of the token; the first that is set is used. */
export const tokens = ['AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE', 'AWS_CONTAINER_AUTHORIZATION_TOKEN'] as const;

/** The credentials endpoint that the environment names. Throws INPUT_INVALID. */
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
  // AWS endpoints return a role's session; others may return any credentials.
  return {
    source,
    because: `${origin} is set`,
    hops: roles,
    roleSession: awsAgents.includes(new URL(url).hostname),
    mayBeEmpty: true,
  };
}

/** The addresses of ECS and EKS Pod Identity. */
const awsAgents: readonly string[] = ['169.254.170.2', '169.254.170.23', '[fd00:ec2::23]'];

function relativeUrl(path: string): string {
  // Without the slash, the path could change the host.
  if (/^\/[\x21-\x7e]*$/.test(path)) return new URL(`http://169.254.170.2${path}`).href;
  throw invalidVariable(relative, 'is not a path', 'Do not change it: ECS sets it to a path that begins with /.');
}

function fullUrl(text: string): string {
  const url = parseHttpUrl(text);
  if (url === undefined)
    throw invalidVariable(full, 'is not an http or https URL', 'Write a full URL, including the host.');
  if (url.username !== '' || url.password !== '') {
    throw invalidVariable(
      full,
      'contains a user name or a password',
      `Set the token that the endpoint requires in ${tokens[1]}.`,
    );
  }
  if (url.protocol === 'https:' || isLocal(url.hostname)) return url.href;
  throw invalidVariable(
    full,
    `uses http for ${url.hostname}, which is not this machine`,
    'Only loopback addresses, localhost, 169.254.170.2, 169.254.170.23 and [fd00:ec2::23] may use http; use https.',
  );
}

function isLocal(hostname: string): boolean {
  return awsAgents.includes(hostname) || /^(localhost|\[::1\]|127(\.\d{1,3}){3})$/.test(hostname);
}

function invalidVariable(variable: string, problem: string, hint: string): CredentialError {
  return new CredentialError('INPUT_INVALID', `${variable} ${problem}`, { hint });
}
