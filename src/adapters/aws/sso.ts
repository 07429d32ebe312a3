import type {
  GetRoleCredentialsCommandInput,
  GetRoleCredentialsCommandOutput,
  ListAccountRolesCommandInput,
  ListAccountRolesCommandOutput,
  ListAccountsCommandInput,
  ListAccountsCommandOutput,
} from '@aws-sdk/client-sso';
import type { Credentials } from '../../contract/credentials.ts';
import type { Page, PortalAccount, PortalRequest } from '../../contract/portal.ts';
import type { RoleCredentialsRequest } from '../../contract/ports.ts';
import { type CallContext, call } from './call.ts';
import { openCodec, operations } from './protocols/sso.ts';
import { parseSessionCredentials } from './session-credentials.ts';
import type { RequestSubject } from './translate-error.ts';

/** https://docs.aws.amazon.com/singlesignon/latest/PortalAPIReference/API_GetRoleCredentials.html */
export async function getRoleCredentials(request: RoleCredentialsRequest, context: CallContext): Promise<Credentials> {
  const { region, accessToken, accountId, roleName } = request;
  const name = `The role ${roleName} of account ${accountId} in IAM Identity Center`;
  const subject = { name, whenDenied: () => whenDenied(request) };
  const input: GetRoleCredentialsCommandInput = { accessToken, accountId, roleName };
  const wanted = { ...ssoCall(region), schema: operations.getRoleCredentials, input, subject };
  const { roleCredentials } = await call<GetRoleCredentialsCommandOutput>(wanted, context);
  const { accessKeyId, secretAccessKey, sessionToken, expiration } = roleCredentials ?? {};
  // The portal returns milliseconds since the epoch.
  const expires = expiration && new Date(typeof expiration === 'number' ? expiration : Number.NaN);
  return parseSessionCredentials({ accessKeyId, secretAccessKey, sessionToken, expiration: expires }, name);
}

/** https://docs.aws.amazon.com/singlesignon/latest/PortalAPIReference/API_ListAccounts.html */
export async function listAccounts(request: PortalRequest, context: CallContext): Promise<Page<PortalAccount>> {
  const { region, ...fields } = request;
  const input: ListAccountsCommandInput = { ...fields, maxResults: 100 };
  const wanted = { ...ssoCall(region), schema: operations.listAccounts, input, subject: accountList };
  const { accountList: accounts = [], nextToken } = await call<ListAccountsCommandOutput>(wanted, context);
  return page(
    accounts.flatMap(({ accountId, accountName = '' }) => (accountId ? [{ id: accountId, name: accountName }] : [])),
    nextToken,
  );
}

/** https://docs.aws.amazon.com/singlesignon/latest/PortalAPIReference/API_ListAccountRoles.html */
export async function listAccountRoles(
  request: PortalRequest & { readonly accountId: string },
  context: CallContext,
): Promise<Page<string>> {
  const { region, ...fields } = request;
  const input: ListAccountRolesCommandInput = { ...fields, maxResults: 100 };
  const wanted = { ...ssoCall(region), schema: operations.listAccountRoles, input, subject: roleList };
  const { roleList: roles = [], nextToken } = await call<ListAccountRolesCommandOutput>(wanted, context);
  return page(
    roles.flatMap(({ roleName }) => roleName ?? []),
    nextToken,
  );
}

const accountList = listed('accounts');
const roleList = listed('roles');

function listed(what: string): RequestSubject {
  const name = `The list of ${what} that the SSO token has access to`;
  return { name, whenDenied: () => 'Check the permission sets of the person who logged in.' };
}

function page<T>(items: readonly T[], nextToken: string | undefined): Page<T> {
  return nextToken ? { items, nextToken } : { items };
}

/** The parameters of every portal call. */
function ssoCall(region: string) {
  return { service: 'sso', region, codec: openCodec() } as const;
}

function whenDenied({ accountId, roleName }: RoleCredentialsRequest): string {
  return `Check that the person who logged in is assigned the permission set ${roleName} in account ${accountId} ("sso-role-name", "sso-account-id").`;
}
