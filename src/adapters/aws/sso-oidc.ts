import type { CreateTokenCommandInput, CreateTokenCommandOutput } from '@aws-sdk/client-sso-oidc';
import { CredentialError } from '../../contract/errors.ts';
import type { RefreshedToken, RefreshRequest } from '../../contract/portal.ts';
import { isToken } from '../../formats/sso-token.ts';
import { type CallContext, call } from './call.ts';
import { openCodec, operations } from './protocols/sso-oidc.ts';

const name = 'Refreshing the SSO token (CreateToken)';

/** In seconds; beyond it lies no date that is meant. */
const aCentury = 3_155_760_000;

/** https://docs.aws.amazon.com/singlesignon/latest/OIDCAPIReference/API_CreateToken.html */
export async function createToken(request: RefreshRequest, wire: CallContext): Promise<RefreshedToken> {
  const { region, ...grant } = request;
  const input: CreateTokenCommandInput = { ...grant, grantType: 'refresh_token' };
  const subject = { name, whenDenied: () => 'Log in again with "aws sso login".' };
  const wanted = {
    service: 'sso-oidc',
    region,
    codec: openCodec(),
    schema: operations.createToken,
    input,
    subject,
  } as const;
  const { accessToken, expiresIn, refreshToken } = await call<CreateTokenCommandOutput>(wanted, wire);
  const timed = typeof expiresIn === 'number' && expiresIn > 0 && expiresIn < aCentury;
  if (!isToken(accessToken) || !timed || !(refreshToken === undefined || isToken(refreshToken))) {
    throw new CredentialError('PROTOCOL_ERROR', `${name} got an answer that lacks a field`, {
      hint: 'Check "sso-region" and the endpoint; a proxy or a wrong URL answers like this.',
    });
  }
  return { accessToken, expiresIn, refreshToken };
}
