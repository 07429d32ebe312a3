import { CredentialError, invalidInput } from '../../contract/errors.ts';
import type { Hop } from '../../contract/hop.ts';
import { isSessionName } from '../../roles/hop-settings.ts';
import { type HopPosition, hopOfMachine } from '../../roles/read-roles.ts';
import { checkRole } from '../../roles/role.ts';
import { warnNotSentWithWebIdentity, webIdentityHop } from '../../roles/web-identity.ts';
import { firstRole, hasRolesAfter, notApplicable, type Selection, type SourceContext } from '../source.ts';

/** A file that holds a web identity token, with which the first role is assumed. */
export interface WebIdentitySource {
  readonly kind: 'web-identity';
  readonly file: string;
  /** The input or variable that names the file. */
  readonly origin: string;
}

const input = 'web-identity-token-file';
const variable = 'AWS_WEB_IDENTITY_TOKEN_FILE';

/** The token file that an input or the environment names, and the role to assume with it. Throws INPUT_INVALID. */
export function selectTokenFile(context: SourceContext): Selection<WebIdentitySource> {
  const { inputs, env, branches = [] } = context;
  const given = inputs.optional(input);
  const file = given ?? env[variable];
  if (!file)
    return notApplicable(
      `neither "${input}" nor ${variable} is given`,
      `Provide the path of the token file in "${input}".`,
    );
  const roles = given === undefined ? ambientRoles(context) : givenRoles(context);
  const [, ...hops] = roles;
  const first = firstRole({ ...context, roles });
  if (first === undefined) {
    if (given !== undefined)
      throw invalidInput(input, 'is given without a role.', 'Provide the role in "role-to-assume".');
    return notApplicable(
      `${variable} is set, but no role is`,
      'Provide the role in "role-to-assume", or set AWS_ROLE_ARN.',
    );
  }
  const hop = webIdentityHop(first, inputs);
  const because = given === undefined ? `${variable} is set` : `"${input}" is given`;
  const origin = given === undefined ? variable : `Input "${input}"`;
  const source: WebIdentitySource = { kind: 'web-identity', file, origin };
  return {
    source,
    because,
    hops: roles.length === 0 ? [] : [hop, ...hops],
    roleSession: false,
    firstHop: 'web identity',
    warnings: roles.length === 0 ? [] : warnNotSentWithWebIdentity(first, [...hops, ...branches.flat()], inputs),
  };
}

/** The roles of the inputs, for a token file given as an input; AWS_ROLE_ARN if there are none. */
function givenRoles(context: SourceContext): readonly Hop[] {
  return hasRolesAfter(context) ? context.roles : environmentRole(context, 'last');
}

/** The role of the environment, for a token file of the environment (EKS sets both); then the roles of the inputs. */
function ambientRoles(context: SourceContext): readonly Hop[] {
  const [own] = environmentRole(context, hasRolesAfter(context) ? 'before others' : 'last');
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
    throw new CredentialError('INPUT_INVALID', 'AWS_ROLE_SESSION_NAME is not a session name that STS accepts', {
      hint: 'Use 2 to 64 of the letters, digits and _ + = , . @ - and no spaces.',
    });
  }
  return [hopOfMachine(role, sessionName, place, context)];
}
