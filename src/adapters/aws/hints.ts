import type { Assumption } from '../../contract/ports.ts';
import { readClaims } from '../../formats/jwt.ts';

/** The hint if AssumeRoleWithWebIdentity is refused: the conditions that this token meets. */
export function tokenHint(message: string, token: string): string {
  const { issuer = '', subject = '', audience = '' } = readClaims(token);
  const provider = issuer.replace(/^https?:\/\//, '');
  if (message.includes('audience')) {
    return `Add the client ID "${audience}" to the identity provider ${provider} in IAM, or set "audience" to one that it lists.`;
  }
  if (message.includes('No OpenIDConnect provider')) {
    return `Create the OpenID Connect identity provider ${issuer} in IAM in the role's account.`;
  }
  if (subject === '')
    return 'Check that the trust policy of the role allows sts:AssumeRoleWithWebIdentity for this token.';
  const condition = JSON.stringify({ StringEquals: { [`${provider}:aud`]: audience, [`${provider}:sub`]: subject } });
  return `Check that the role exists and that its trust policy allows sts:AssumeRoleWithWebIdentity to this token. A condition that matches it: ${condition}`;
}

/** The hint if AssumeRole is refused: the statement that the role's trust policy needs. */
export function signerHint(message: string, { hop, roleArn }: Assumption): string {
  if (message.includes('sts:TagSession')) {
    return `Allow sts:TagSession in addition to sts:AssumeRole in the trust policy of ${roleArn} and in the caller's own policy, or send no session tags: "role-skip-session-tagging: true".`;
  }
  if (message.includes('sts:SetSourceIdentity')) {
    return `Allow sts:SetSourceIdentity in addition to sts:AssumeRole in the trust policy of ${roleArn} and in the caller's own policy, or omit "source-identity"; the source identity of an earlier session cannot be changed.`;
  }
  if (message.includes('MultiFactorAuthentication')) {
    return 'Check that "mfa-serial" is the device of the user whose keys sign the request, and provide its current code in "mfa-code"; each code can be used once.';
  }
  const caller = /User: (arn:\S+) is not authorized/.exec(message)?.[1];
  const principal = caller?.replace(/^arn:([\w-]+):sts::(\d{12}):assumed-role\/([^/]+)\/.*$/, 'arn:$1:iam::$2:role/$3');
  const externalId =
    hop.externalId === undefined ? ' If it requires an external ID, provide it in "role-external-id".' : '';
  if (principal === undefined) {
    return `Check that the role exists and that its trust policy allows sts:AssumeRole to the caller.${externalId}`;
  }
  const statement = JSON.stringify({ Effect: 'Allow', Principal: { AWS: principal }, Action: 'sts:AssumeRole' });
  return `Check that the role exists, that its trust policy contains ${statement}, and that the caller's own policy allows sts:AssumeRole on it.${externalId}`;
}
