import type { Logins } from '../../contract/ports.ts';
import { readClaims } from '../../formats/jwt.ts';
import type { ErrorRule } from './translate-error.ts';

const fromPool = 'Check "cognito-identity-pool-id" or "cognito-identity-id"';

/** The rule for an error of Cognito identity pools; undefined if the general rules apply. */
export function cognitoRule(name: string, message: string, logins: Logins): ErrorRule | undefined {
  switch (name) {
    case 'NotAuthorizedException':
      return notAuthorized(message, logins);
    case 'ResourceNotFoundException':
      return { code: 'ACCESS_DENIED', hint: `${fromPool}: the pool or identity does not exist or was deleted.` };
    case 'InvalidIdentityPoolConfigurationException':
      return { code: 'ROLE_INVALID', hint: trustHint(logins) };
    case 'ResourceConflictException':
      return {
        code: 'ACCESS_DENIED',
        hint: 'A login belongs to one identity: provide one of "cognito-logins", or omit "cognito-identity-id".',
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
    return { code: 'TOKEN_EXPIRED', hint: `The token of ${provider} has expired; provide a new one.` };
  }
  const denied = (hint: string): ErrorRule => ({ code: 'ACCESS_DENIED', hint });
  if (given.length === 0 || /^Unauthenticated access/.test(message)) {
    return denied(
      'Provide "cognito-logins", or omit it to use the ID token of the job; or enable guest access in the pool.',
    );
  }
  const { issuer = '', audience = '' } = readClaims(token);
  if (/issuer/i.test(message)) {
    return denied(
      `In "cognito-logins", name the provider by its issuer, without https://. The issuer of the token is ${issuer}.`,
    );
  }
  if (/audience/i.test(message)) {
    return denied(
      `Add the client ID "${audience}" to the identity provider ${provider} in IAM, or set "audience" to one that it lists.`,
    );
  }
  if (/is forbidden/.test(message)) {
    return denied('The identity in "cognito-identity-id" belongs to other logins: provide those, or the pool instead.');
  }
  const names = given.map(([key]) => key).join(', ');
  return denied(
    `Check that the pool accepts ${names} as an identity provider, and that the provider in IAM lists the client ID "${audience}".`,
  );
}

function trustHint(logins: Logins): string {
  const amr = Object.keys(logins).length === 0 ? 'unauthenticated' : 'authenticated';
  const condition = JSON.stringify({ 'ForAnyValue:StringLike': { 'cognito-identity.amazonaws.com:amr': amr } });
  return `Check that the pool has a role for ${amr} identities, and that its trust policy allows sts:AssumeRoleWithWebIdentity (and sts:TagSession if the pool maps claims) to cognito-identity.amazonaws.com, with the pool as "cognito-identity.amazonaws.com:aud". A condition that matches: ${condition}`;
}

function parameterHint(message: string): string {
  if (/RoleMappings/.test(message)) return 'The pool chooses roles by rules: omit "cognito-flow: basic".';
  if (/classic/.test(message)) return 'Allow the basic (classic) flow in the pool, or omit "cognito-flow: basic".';
  return 'Check "cognito-identity-pool-id", "cognito-logins", "cognito-role-arn" and "cognito-account-id".';
}
