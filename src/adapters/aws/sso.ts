import {
  GetRoleCredentialsCommand,
  ListAccountRolesCommand,
  ListAccountsCommand,
  SSOClient,
} from '@aws-sdk/client-sso';
import type { Credentials } from '../../credentials.ts';
import type { Page, PortalAccount, PortalRequest } from '../../portal.ts';
import type { RoleCredentialsRequest } from '../../ports.ts';
import { clientSettings, type Transport } from './client-settings.ts';
import { handedOut } from './handed-out.ts';
import { type Subject, translate } from './translate.ts';

/** https://docs.aws.amazon.com/singlesignon/latest/PortalAPIReference/API_GetRoleCredentials.html */
export async function getRoleCredentials(request: RoleCredentialsRequest, transport: Transport): Promise<Credentials> {
  const { region, accessToken, accountId, roleName } = request;
  const name = `The role ${roleName} of account ${accountId} in IAM Identity Center`;
  const subject = { name, whenDenied: () => whenDenied(request) };
  const client = open(name, region, transport);
  const sent = client.send(new GetRoleCredentialsCommand({ accessToken, accountId, roleName }));
  const { roleCredentials } = await answer(sent, subject);
  const { accessKeyId, secretAccessKey, sessionToken, expiration } = roleCredentials ?? {};
  // The portal counts in milliseconds since the epoch.
  const end = expiration && new Date(expiration);
  return handedOut({ accessKeyId, secretAccessKey, sessionToken, expiration: end }, name);
}

/** https://docs.aws.amazon.com/singlesignon/latest/PortalAPIReference/API_ListAccounts.html */
export async function listAccounts(request: PortalRequest, transport: Transport): Promise<Page<PortalAccount>> {
  const { region, ...fields } = request;
  const client = open(accountList.name, region, transport);
  const sent = client.send(new ListAccountsCommand({ ...fields, maxResults: 100 }));
  const { accountList: accounts = [], nextToken } = await answer(sent, accountList);
  return page(
    accounts.flatMap(({ accountId, accountName = '' }) => (accountId ? [{ id: accountId, name: accountName }] : [])),
    nextToken,
  );
}

/** https://docs.aws.amazon.com/singlesignon/latest/PortalAPIReference/API_ListAccountRoles.html */
export async function listAccountRoles(
  request: PortalRequest & { readonly accountId: string },
  transport: Transport,
): Promise<Page<string>> {
  const { region, ...fields } = request;
  const client = open(roleList.name, region, transport);
  const sent = client.send(new ListAccountRolesCommand({ ...fields, maxResults: 100 }));
  const { roleList: roles = [], nextToken } = await answer(sent, roleList);
  return page(
    roles.flatMap(({ roleName }) => roleName ?? []),
    nextToken,
  );
}

const accountList = listed('accounts');
const roleList = listed('roles');

function listed(what: string): Subject {
  const name = `The list of ${what} that the SSO token reaches`;
  return { name, whenDenied: () => 'Check the permission sets of the person who logged in.' };
}

function page<T>(items: readonly T[], nextToken: string | undefined): Page<T> {
  return nextToken ? { items, nextToken } : { items };
}

function open(name: string, region: string, transport: Transport): SSOClient {
  return new SSOClient(clientSettings({ service: 'sso', region, name }, transport));
}

async function answer<T>(sent: Promise<T>, subject: Subject): Promise<T> {
  return sent.catch((error: unknown) => {
    throw translate(error, subject);
  });
}

function whenDenied({ accountId, roleName }: RoleCredentialsRequest): string {
  return `Check that the person who logged in is assigned the permission set ${roleName} in account ${accountId} ("sso-role-name", "sso-account-id").`;
}
