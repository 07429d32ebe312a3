import type { Logins } from '../../contract/ports.ts';
import { readClaims } from '../../formats/jwt.ts';
import type { ErrorRule } from './translate-error.ts';

const fromPool = 'Check "cognito-identity-pool-id" or "cognito-identity-id"';

/** What an error of Cognito's identity pools means; undefined where it means the same as everywhere. */
export function cognitoRule(name: string, message: string, logins: Logins): ErrorRule | undefined {
  switch (name) {
    case 'NotAuthorizedException':
      return notAuthorized(message, logins);
    case 'ResourceNotFoundException':
      return { code: 'ACCESS_DENIED', hint: `${fromPool}: there is no such pool or identity, or it has been deleted.` };
    case 'InvalidIdentityPoolConfigurationException':
      return { code: 'ROLE_INVALID', hint: trustHint(logins) };
    case 'ResourceConflictException':
      return {
        code: 'ACCESS_DENIED',
        hint: 'A login belongs to one identity: give one of "cognito-logins", or leave "cognito-identity-id" out.',
      };
    case 'InvalidParameterException':
      return { code: 'INPUT_INVALID', hint: parameterHint(message) };
    default:
      return undefined;
  }
}

/** https://docs.aws.amazon.com/cognito/latest/developerguide/authentication-flow.html */
function notAuthorized(message: string, logins: Logins): ErrorRule {
  const given = Object.entries(logins);
  const [provider = '', token = ''] = given[0] ?? [];
  if (/token expired/i.test(message)) {
    return { code: 'TOKEN_EXPIRED', hint: `The token of ${provider} has ended: give a fresh one.` };
  }
  const denied = (hint: string): ErrorRule => ({ code: 'ACCESS_DENIED', hint });
  if (given.length === 0 || /^Unauthenticated access/.test(message)) {
    return denied('Give "cognito-logins" or leave it out, for the job\'s own ID token; or let the pool take guests.');
  }
  const { issuer = '', audience = '' } = readClaims(token);
  if (/issuer/i.test(message)) {
    return denied(`Name the provider in "cognito-logins" as its issuer, without https://; the token is of ${issuer}.`);
  }
  if (/audience/i.test(message)) {
    return denied(
      `Add the client id "${audience}" to the identity provider ${provider} in IAM, or set "audience" to one that is there.`,
    );
  }
  if (/is forbidden/.test(message)) {
    return denied('The identity of "cognito-identity-id" is of other logins: give those, or the pool instead.');
  }
  const names = given.map(([key]) => key).join(', ');
  return denied(
    `Check that the pool takes ${names} as an identity provider, and that the provider in IAM has the client id "${audience}".`,
  );
}

function trustHint(logins: Logins): string {
  const amr = Object.keys(logins).length === 0 ? 'unauthenticated' : 'authenticated';
  const condition = JSON.stringify({ 'ForAnyValue:StringLike': { 'cognito-identity.amazonaws.com:amr': amr } });
  return `Check that the pool has a role for ${amr} identities, and that its trust policy allows sts:AssumeRoleWithWebIdentity (and sts:TagSession, where the pool maps claims) to cognito-identity.amazonaws.com, with the pool as "cognito-identity.amazonaws.com:aud". A condition that fits: ${condition}`;
}

function parameterHint(message: string): string {
  if (/RoleMappings/.test(message)) return 'The pool chooses roles by rules: leave out "cognito-flow: basic".';
  if (/classic/.test(message)) return 'Allow the basic (classic) flow in the pool, or leave out "cognito-flow: basic".';
  return 'Check "cognito-identity-pool-id", "cognito-logins", "cognito-role-arn" and "cognito-account-id".';
}
