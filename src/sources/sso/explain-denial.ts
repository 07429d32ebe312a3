import { CredentialError } from '../../contract/errors.ts';
import type { Aws } from '../../contract/ports.ts';
import type { SsoToken } from '../../formats/sso-token.ts';
import { loginHint, nameOfToken } from './login.ts';
import { describeReachableRoles } from './reachable-roles.ts';
import type { SsoSource } from './settings.ts';

/** What was asked, and who can tell more. */
interface DenialContext {
  readonly source: SsoSource;
  readonly aws: Aws;
}

/** The portal's refusal, with the commands to run, or with the accounts and roles that the token does reach. */
export async function explainDenial(error: unknown, token: SsoToken, { source, aws }: DenialContext): Promise<unknown> {
  if (!(error instanceof CredentialError)) return error;
  const { code, message, cause } = error;
  if (code === 'TOKEN_EXPIRED') {
    const hint = loginHint(source, token);
    return new CredentialError(code, `${message}. ${nameOfToken(source)} is what was sent`, { hint, cause });
  }
  if (code !== 'ACCESS_DENIED') return error;
  const reach = await describeReachableRoles(token.accessToken, source, aws);
  return reach === undefined
    ? error
    : new CredentialError(code, `${message}\n${reach}`, { hint: hintFor(source), cause });
}

function hintFor({ accountId, roleName, profile }: SsoSource): string {
  const settings =
    profile === undefined
      ? '"sso-account-id" and "sso-role-name"'
      : `sso_account_id and sso_role_name of the profile ${profile}`;
  return `Name one of these in ${settings}, or have the permission set ${roleName} assigned in account ${accountId}.`;
}
