import type { Assumption } from '../../contract/ports.ts';
import { readClaims } from '../../formats/jwt.ts';

/** What to do where AssumeRoleWithWebIdentity is refused: the conditions that the token at hand would meet. */
export function tokenHint(message: string, token: string): string {
  const { issuer = '', subject = '', audience = '' } = readClaims(token);
  const provider = issuer.replace(/^https?:\/\//, '');
  if (message.includes('audience')) {
    return `Add the client id "${audience}" to the identity provider ${provider} in IAM, or set "audience" to one that is there.`;
  }
  if (message.includes('No OpenIDConnect provider')) {
    return `Create the OpenID Connect identity provider ${issuer} in the IAM of the role's account.`;
  }
  if (subject === '')
    return 'Check that the trust policy of the role allows sts:AssumeRoleWithWebIdentity for this token.';
  const condition = JSON.stringify({ StringEquals: { [`${provider}:aud`]: audience, [`${provider}:sub`]: subject } });
  return `Check that the role exists and that its trust policy allows sts:AssumeRoleWithWebIdentity to this token. A condition that fits it: ${condition}`;
}

/** What to do where AssumeRole is refused: the statement that the role's trust policy lacks. */
export function signerHint(message: string, { hop, roleArn }: Assumption): string {
  if (message.includes('sts:TagSession')) {
    return `Allow sts:TagSession beside sts:AssumeRole in the trust policy of ${roleArn} and in the caller's own policy, or send no session tags: "role-skip-session-tagging: true".`;
  }
  if (message.includes('sts:SetSourceIdentity')) {
    return `Allow sts:SetSourceIdentity beside sts:AssumeRole in the trust policy of ${roleArn} and in the caller's own policy, or leave "source-identity" out; a source identity that an earlier session has stays as it is.`;
  }
  if (message.includes('MultiFactorAuthentication')) {
    return 'Check that "mfa-serial" is the device of the user whose keys sign, and give in "mfa-code" the code that it shows now; each code is good once.';
  }
  const caller = /User: (arn:\S+) is not authorized/.exec(message)?.[1];
  const principal = caller?.replace(/^arn:([\w-]+):sts::(\d{12}):assumed-role\/([^/]+)\/.*$/, 'arn:$1:iam::$2:role/$3');
  const externalId =
    hop.externalId === undefined ? ' If it asks for an external id, give it in "role-external-id".' : '';
  if (principal === undefined) {
    return `Check that the role exists and that its trust policy allows sts:AssumeRole to whoever signs.${externalId}`;
  }
  const statement = JSON.stringify({ Effect: 'Allow', Principal: { AWS: principal }, Action: 'sts:AssumeRole' });
  return `Check that the role exists, that its trust policy holds ${statement}, and that the caller's own policy allows sts:AssumeRole on it.${externalId}`;
}
