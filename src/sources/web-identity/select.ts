import { CredentialError, invalidInput } from '../../contract/errors.ts';
import type { Hop } from '../../contract/hop.ts';
import { isSessionName } from '../../roles/hop-settings.ts';
import { type HopPosition, hopOfMachine } from '../../roles/read-roles.ts';
import { checkRole } from '../../roles/role.ts';
import { warnNotSentWithWebIdentity, webIdentityHop } from '../../roles/web-identity.ts';
import { notApplicable, type Selection, type SourceContext } from '../source.ts';

/** A file that holds a web identity token, with which the first role is assumed. */
export interface WebIdentitySource {
  readonly kind: 'web-identity';
  readonly file: string;
  /** What the user knows the file by: the input, or the variable. */
  readonly origin: string;
}

const input = 'web-identity-token-file';
const variable = 'AWS_WEB_IDENTITY_TOKEN_FILE';

/** The token file that an input or the environment names, and the role that it is exchanged for. Throws INPUT_INVALID. */
export function selectTokenFile(context: SourceContext): Selection<WebIdentitySource> {
  const { inputs, env } = context;
  const given = inputs.optional(input);
  const file = given ?? env[variable];
  if (!file)
    return notApplicable(
      `neither "${input}" nor ${variable} is given`,
      `Give the path of the token file in "${input}".`,
    );
  const [first, ...hops] = given === undefined ? ambientRoles(context) : givenRoles(context);
  if (first === undefined) {
    if (given !== undefined)
      throw invalidInput(input, 'is given without a role.', 'Give the role in "role-to-assume".');
    return notApplicable(
      `${variable} is set, but no role is`,
      'Give the role in "role-to-assume", or set AWS_ROLE_ARN.',
    );
  }
  const hop = webIdentityHop(first, inputs);
  const because = given === undefined ? `${variable} is set` : `"${input}" is given`;
  const origin = given === undefined ? variable : `Input "${input}"`;
  const source: WebIdentitySource = { kind: 'web-identity', file, origin };
  return {
    source,
    because,
    hops: [hop, ...hops],
    roleSession: false,
    firstHop: 'web identity',
    warnings: warnNotSentWithWebIdentity(first, hops, inputs),
  };
}

/** A token file given as an input goes with the roles given as inputs; AWS_ROLE_ARN stands in where there are none. */
function givenRoles(context: SourceContext): readonly Hop[] {
  return context.roles.length > 0 ? context.roles : environmentRole(context, 'last');
}

/** The machine's own token file goes with the machine's own role (EKS sets both); the roles given are assumed from there. */
function ambientRoles(context: SourceContext): readonly Hop[] {
  const [own] = environmentRole(context, context.roles.length === 0 ? 'last' : 'before others');
  if (own === undefined || own.role === context.roles[0]?.role) return context.roles;
  return [own, ...context.roles];
}

function environmentRole(context: SourceContext, place: HopPosition): readonly Hop[] {
  const { env, inputs } = context;
  const role = env.AWS_ROLE_ARN;
  if (!role) return [];
  checkRole('AWS_ROLE_ARN', role);
  const sessionName = inputs.optional('role-session-name') ?? (env.AWS_ROLE_SESSION_NAME || 'GitHubActions');
  if (!isSessionName(sessionName)) {
    throw new CredentialError('INPUT_INVALID', 'AWS_ROLE_SESSION_NAME is not a session name that STS takes', {
      hint: 'Use 2 to 64 of the letters, digits and _ + = , . @ - and no spaces.',
    });
  }
  return [hopOfMachine(role, sessionName, place, context)];
}
