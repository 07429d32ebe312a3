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
import type { RequestSubject } from './translate-error.ts';

/** https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_GetId.html */
export async function getCognitoId(
  { region, pool, accountId, logins }: CognitoPool,
  context: CallContext,
): Promise<string> {
  const subject = subjectOf(`Getting an identity from the Cognito identity pool ${pool} (GetId)`, logins);
  const input: GetIdCommandInput = { IdentityPoolId: pool, AccountId: accountId, Logins: sent(logins) };
  const wanted = { ...cognitoCall(region), schema: operations.getId, input, subject };
  const { IdentityId: identity } = await redacted(call<GetIdCommandOutput>(wanted, context), logins);
  return isKey(identity) ? identity : incomplete(subject);
}

/** https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_GetCredentialsForIdentity.html */
export async function getCognitoCredentials(
  { region, identity, logins }: CognitoIdentity,
  roleArn: string | undefined,
  context: CallContext,
): Promise<Credentials> {
  const subject = subjectOf('Getting the credentials of the identity from Cognito (GetCredentialsForIdentity)', logins);
  const input: GetCredentialsForIdentityCommandInput = {
    IdentityId: identity,
    Logins: sent(logins),
    CustomRoleArn: roleArn,
  };
  const wanted = { ...cognitoCall(region), schema: operations.getCredentialsForIdentity, input, subject };
  const response = call<GetCredentialsForIdentityCommandOutput>(wanted, context);
  const { Credentials: given } = await redacted(response, logins);
  const { AccessKeyId, SecretKey, SessionToken, Expiration } = given ?? {};
  return parseSessionCredentials(
    { accessKeyId: AccessKeyId, secretAccessKey: SecretKey, sessionToken: SessionToken, expiration: Expiration },
    subject.name,
  );
}

/** https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_GetOpenIdToken.html */
export async function getCognitoToken(
  { region, identity, logins }: CognitoIdentity,
  context: CallContext,
): Promise<string> {
  const subject = subjectOf('Getting a token of the identity from Cognito (GetOpenIdToken)', logins);
  const input: GetOpenIdTokenCommandInput = { IdentityId: identity, Logins: sent(logins) };
  const wanted = { ...cognitoCall(region), schema: operations.getOpenIdToken, input, subject };
  const { Token: token } = await redacted(call<GetOpenIdTokenCommandOutput>(wanted, context), logins);
  return isKey(token) ? token : incomplete(subject);
}

function subjectOf(name: string, logins: Logins): RequestSubject {
  return {
    name,
    whenDenied: () => 'Check that the identity pool is in this region and allows this network.',
    ruleFor: (error, message) => cognitoRule(error, message, logins),
  };
}

/** The parameters of every Cognito call. */
function cognitoCall(region: string) {
  return { service: 'cognito-identity', region, codec: openCodec() } as const;
}

/** A guest identity is requested by sending no logins at all. */
function sent(logins: Logins): Record<string, string> | undefined {
  return Object.keys(logins).length === 0 ? undefined : { ...logins };
}

async function redacted<T>(response: Promise<T>, logins: Logins): Promise<T> {
  return response.catch((error: unknown) => {
    throw error instanceof CredentialError ? withoutTokens(error, logins) : error;
  });
}

/** AWS may quote a token in its refusal; the cause is dropped then, because it contains the token too. */
function withoutTokens(error: CredentialError, logins: Logins): CredentialError {
  const { code, message, hint } = error;
  const quoted = Object.values(logins).filter((token) => message.includes(token));
  if (quoted.length === 0) return error;
  const clean = quoted.reduce((rest, token) => rest.replaceAll(token, '***'), message);
  return new CredentialError(code, clean, { hint });
}

function incomplete({ name }: RequestSubject): never {
  throw new CredentialError('PROTOCOL_ERROR', `${name} returned an incomplete response`, {
    hint: 'Check the endpoint URL: a proxy or another service answered.',
  });
}
