import {
  CognitoIdentityClient,
  GetCredentialsForIdentityCommand,
  GetIdCommand,
  GetOpenIdTokenCommand,
} from '@aws-sdk/client-cognito-identity';
import type { Credentials } from '../../credentials.ts';
import { CredentialError } from '../../errors.ts';
import type { CognitoIdentity, CognitoPool, Logins } from '../../ports.ts';
import { clientSettings, type Transport } from './client-settings.ts';
import { cognitoRule } from './cognito-rules.ts';
import { handedOut, isKey } from './handed-out.ts';
import { type Subject, translate } from './translate.ts';

/** https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_GetId.html */
export async function getCognitoId(
  { region, pool, accountId, logins }: CognitoPool,
  transport: Transport,
): Promise<string> {
  const subject = subjectOf(`Asking the Cognito identity pool ${pool} for an identity (GetId)`, logins);
  const command = new GetIdCommand({ IdentityPoolId: pool, AccountId: accountId, Logins: sent(logins) });
  const { IdentityId: identity } = await answer(open(subject, region, transport).send(command), subject, logins);
  return isKey(identity) ? identity : incomplete(subject);
}

/** https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_GetCredentialsForIdentity.html */
export async function getCognitoCredentials(
  { region, identity, logins }: CognitoIdentity,
  roleArn: string | undefined,
  transport: Transport,
): Promise<Credentials> {
  const subject = subjectOf('Asking Cognito for the credentials of the identity (GetCredentialsForIdentity)', logins);
  const command = new GetCredentialsForIdentityCommand({
    IdentityId: identity,
    Logins: sent(logins),
    CustomRoleArn: roleArn,
  });
  const { Credentials: wire } = await answer(open(subject, region, transport).send(command), subject, logins);
  const { AccessKeyId, SecretKey, SessionToken, Expiration } = wire ?? {};
  return handedOut(
    { accessKeyId: AccessKeyId, secretAccessKey: SecretKey, sessionToken: SessionToken, expiration: Expiration },
    subject.name,
  );
}

/** https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_GetOpenIdToken.html */
export async function getCognitoToken(
  { region, identity, logins }: CognitoIdentity,
  transport: Transport,
): Promise<string> {
  const subject = subjectOf('Asking Cognito for a token of the identity (GetOpenIdToken)', logins);
  const command = new GetOpenIdTokenCommand({ IdentityId: identity, Logins: sent(logins) });
  const { Token: token } = await answer(open(subject, region, transport).send(command), subject, logins);
  return isKey(token) ? token : incomplete(subject);
}

function subjectOf(name: string, logins: Logins): Subject {
  return {
    name,
    whenDenied: () => 'Check that the identity pool is of this region and open to this network.',
    ruleFor: (error, message) => cognitoRule(error, message, logins),
  };
}

function open({ name }: Subject, region: string, transport: Transport): CognitoIdentityClient {
  return new CognitoIdentityClient(clientSettings({ service: 'cognito-identity', region, name }, transport));
}

/** A guest is one for whom no login is sent at all. */
function sent(logins: Logins): Record<string, string> | undefined {
  return Object.keys(logins).length === 0 ? undefined : { ...logins };
}

async function answer<T>(asked: Promise<T>, subject: Subject, logins: Logins): Promise<T> {
  try {
    return await asked;
  } catch (error) {
    throw withoutTokens(translate(error, subject), logins);
  }
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
