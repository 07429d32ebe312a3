import { CreateTokenCommand, SSOOIDCClient } from '@aws-sdk/client-sso-oidc';
import { CredentialError } from '../../errors.ts';
import { isToken } from '../../formats/sso-token.ts';
import type { RefreshedToken, RefreshRequest } from '../../portal.ts';
import { clientSettings, type Transport } from './client-settings.ts';
import { translate } from './translate.ts';

const name = 'Refreshing the SSO token (CreateToken)';

/** In seconds; beyond it lies no date that is meant. */
const aCentury = 3_155_760_000;

/** https://docs.aws.amazon.com/singlesignon/latest/OIDCAPIReference/API_CreateToken.html */
export async function createToken(request: RefreshRequest, transport: Transport): Promise<RefreshedToken> {
  const { region, ...grant } = request;
  const client = new SSOOIDCClient(clientSettings({ service: 'sso-oidc', region, name }, transport));
  const { accessToken, expiresIn, refreshToken } = await client
    .send(new CreateTokenCommand({ ...grant, grantType: 'refresh_token' }))
    .catch((error: unknown) => {
      throw translate(worded(error), { name, whenDenied: () => 'Log in again with "aws sso login".' });
    });
  const timed = typeof expiresIn === 'number' && expiresIn > 0 && expiresIn < aCentury;
  if (!isToken(accessToken) || !timed || !(refreshToken === undefined || isToken(refreshToken))) {
    throw new CredentialError('PROTOCOL_ERROR', `${name} got an answer that lacks a field`, {
      hint: 'Check "sso-region" and the endpoint; a proxy or a wrong URL answers like this.',
    });
  }
  return { accessToken, expiresIn, ...(refreshToken === undefined ? {} : { refreshToken }) };
}

/** OAuth puts its words into a field of its own, where the SDK does not look for a message. */
function worded(error: unknown): unknown {
  if (!(error instanceof Error) || !('error_description' in error)) return error;
  const { error_description: description } = error;
  return typeof description === 'string' ? Object.assign(error, { message: description }) : error;
}
