import { GetRoleCredentialsCommand, SSOClient } from '@aws-sdk/client-sso';
import type { Credentials } from '../../credentials.ts';
import { CredentialError } from '../../errors.ts';
import type { RoleCredentialsRequest } from '../../ports.ts';
import { clientSettings, type Transport } from './client-settings.ts';
import { translate } from './translate.ts';

export { openTransport } from './client-settings.ts';

/** https://docs.aws.amazon.com/singlesignon/latest/PortalAPIReference/API_GetRoleCredentials.html */
export async function getRoleCredentials(request: RoleCredentialsRequest, transport: Transport): Promise<Credentials> {
  const { region, accessToken, accountId, roleName } = request;
  const name = `The role ${roleName} of account ${accountId} in IAM Identity Center`;
  const client = new SSOClient(clientSettings({ service: 'sso', region, name }, transport));
  const { roleCredentials } = await client
    .send(new GetRoleCredentialsCommand({ accessToken, accountId, roleName }))
    .catch((error: unknown) => {
      throw translate(error, { name, whenDenied: () => whenDenied(request) });
    });
  const { accessKeyId, secretAccessKey, sessionToken, expiration } = roleCredentials ?? {};
  if (!accessKeyId || !secretAccessKey || !sessionToken || !expiration) {
    throw new CredentialError('PROTOCOL_ERROR', `${name} got an answer that lacks a field`, {
      hint: 'Check "sso-region" and the endpoint; a proxy or a wrong URL answers like this.',
    });
  }
  // The portal counts in milliseconds since the epoch.
  return { accessKeyId, secretAccessKey, sessionToken, expiration: new Date(expiration) };
}

function whenDenied({ accountId, roleName }: RoleCredentialsRequest): string {
  return `Check that the person who logged in is assigned the permission set ${roleName} in account ${accountId} ("sso-role-name", "sso-account-id").`;
}
