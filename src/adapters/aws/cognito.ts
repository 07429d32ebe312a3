import type {
  GetCredentialsForIdentityCommandInput,
  GetCredentialsForIdentityCommandOutput,
  GetIdCommandInput,
  GetIdCommandOutput,
  GetOpenIdTokenCommandInput,
  GetOpenIdTokenCommandOutput,
} from '@aws-sdk/client-cognito-identity';
import type { Credentials } from '../../contract/credentials.ts';
import { CredentialError } from '../../contract/errors.ts';
import type { CognitoIdentity, CognitoPool, Logins } from '../../contract/ports.ts';
import { isKey } from '../../formats/patterns.ts';
import { type CallContext, call } from './call.ts';
import { cognitoRule } from './cognito-errors.ts';
import { openCodec, operations } from './protocols/cognito-identity.ts';
import { parseSessionCredentials } from './session-credentials.ts';
import type { Subject } from './translate-error.ts';

/** https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_GetId.html */
export async function getCognitoId(
  { region, pool, accountId, logins }: CognitoPool,
  wire: CallContext,
): Promise<string> {
  const subject = subjectOf(`Asking the Cognito identity pool ${pool} for an identity (GetId)`, logins);
  const input: GetIdCommandInput = { IdentityPoolId: pool, AccountId: accountId, Logins: sent(logins) };
  const wanted = { ...cognitoCall(region), schema: operations.getId, input, subject };
  const { IdentityId: identity } = await answer(call<GetIdCommandOutput>(wanted, wire), logins);
  return isKey(identity) ? identity : incomplete(subject);
}

/** https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_GetCredentialsForIdentity.html */
export async function getCognitoCredentials(
  { region, identity, logins }: CognitoIdentity,
  roleArn: string | undefined,
  wire: CallContext,
): Promise<Credentials> {
  const subject = subjectOf('Asking Cognito for the credentials of the identity (GetCredentialsForIdentity)', logins);
  const input: GetCredentialsForIdentityCommandInput = {
    IdentityId: identity,
    Logins: sent(logins),
    CustomRoleArn: roleArn,
  };
  const wanted = { ...cognitoCall(region), schema: operations.getCredentialsForIdentity, input, subject };
  const asked = call<GetCredentialsForIdentityCommandOutput>(wanted, wire);
  const { Credentials: given } = await answer(asked, logins);
  const { AccessKeyId, SecretKey, SessionToken, Expiration } = given ?? {};
  return parseSessionCredentials(
    { accessKeyId: AccessKeyId, secretAccessKey: SecretKey, sessionToken: SessionToken, expiration: Expiration },
    subject.name,
  );
}

/** https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_GetOpenIdToken.html */
export async function getCognitoToken(
  { region, identity, logins }: CognitoIdentity,
  wire: CallContext,
): Promise<string> {
  const subject = subjectOf('Asking Cognito for a token of the identity (GetOpenIdToken)', logins);
  const input: GetOpenIdTokenCommandInput = { IdentityId: identity, Logins: sent(logins) };
  const wanted = { ...cognitoCall(region), schema: operations.getOpenIdToken, input, subject };
  const { Token: token } = await answer(call<GetOpenIdTokenCommandOutput>(wanted, wire), logins);
  return isKey(token) ? token : incomplete(subject);
}

function subjectOf(name: string, logins: Logins): Subject {
  return {
    name,
    whenDenied: () => 'Check that the identity pool is of this region and open to this network.',
    ruleFor: (error, message) => cognitoRule(error, message, logins),
  };
}

/** What every call of Cognito is made with. */
function cognitoCall(region: string) {
  return { service: 'cognito-identity', region, codec: openCodec() } as const;
}

/** A guest is one for whom no login is sent at all. */
function sent(logins: Logins): Record<string, string> | undefined {
  return Object.keys(logins).length === 0 ? undefined : { ...logins };
}

async function answer<T>(asked: Promise<T>, logins: Logins): Promise<T> {
  return asked.catch((error: unknown) => {
    throw error instanceof CredentialError ? withoutTokens(error, logins) : error;
  });
}

/** AWS quotes in its refusal what does not fit; the cause would then hold a token too. */
function withoutTokens(error: CredentialError, logins: Logins): CredentialError {
  const { code, message, hint } = error;
  const quoted = Object.values(logins).filter((token) => message.includes(token));
  if (quoted.length === 0) return error;
  const clean = quoted.reduce((rest, token) => rest.replaceAll(token, '***'), message);
  return new CredentialError(code, clean, { hint });
}

function incomplete({ name }: Subject): never {
  throw new CredentialError('PROTOCOL_ERROR', `${name} got an answer that lacks a field`, {
    hint: 'Check the endpoint; a proxy or a wrong URL answers like this.',
  });
}
