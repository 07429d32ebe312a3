import {
  type AssumedRoleUser,
  AssumeRoleCommand,
  type AssumeRoleCommandInput,
  AssumeRoleWithWebIdentityCommand,
  GetCallerIdentityCommand,
  STSClient,
  type Credentials as WireCredentials,
} from '@aws-sdk/client-sts';
import type { Credentials, Identity, Retrieved } from '../../credentials.ts';
import { CredentialError } from '../../errors.ts';
import type { Assumption } from '../../ports.ts';
import type { Tag } from '../../tags.ts';
import { readWireError } from '../wire-error.ts';
import { clientSettings, type Transport } from './client-settings.ts';
import { handedOut } from './handed-out.ts';
import { signerHint, tokenHint } from './hints.ts';
import { type Subject, translate } from './translate.ts';

/** https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html */
export async function assumeRoleWithWebIdentity(
  assumption: Assumption,
  token: string,
  transport: Transport,
): Promise<Retrieved> {
  const subject = { name: nameOf(assumption), whenDenied: (message: string) => tokenHint(message, token) };
  const client = open(subject, assumption.region, transport);
  const command = new AssumeRoleWithWebIdentityCommand({ ...roleFields(assumption), WebIdentityToken: token });
  return retrievedFrom(await answer(client.send(command), subject), subject);
}

/** https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html */
export async function assumeRole(
  assumption: Assumption,
  signer: Credentials,
  transport: Transport,
): Promise<Retrieved> {
  const subject = { name: nameOf(assumption), whenDenied: (message: string) => signerHint(message, assumption) };
  const { tags = [] } = assumption.hop;
  const send = (sent: readonly Tag[]) =>
    open(subject, assumption.region, { ...transport, signer }).send(
      new AssumeRoleCommand(signedFields(assumption, sent)),
    );
  const kept = tags.filter(({ standing }) => standing !== 'droppable');
  // No retry of the same: a smaller request, made once.
  const sent = send(tags).catch((error: unknown) => {
    if (kept.length === tags.length || !isPackedPolicyTooLarge(error)) throw error;
    const left = tags.filter(({ standing }) => standing === 'droppable').map(({ key }) => key);
    transport.say(`${subject.name}: AWS finds the session tags too large; try 2 goes without ${left.join(', ')}`);
    return send(kept);
  });
  return retrievedFrom(await answer(sent, subject), subject);
}

/** https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html */
export async function getCallerIdentity(region: string, signer: Credentials, transport: Transport): Promise<Identity> {
  const subject = {
    name: 'Asking STS whose credentials these are (GetCallerIdentity)',
    whenDenied: () => 'Check that the credentials are valid and that no policy denies sts:GetCallerIdentity to them.',
  };
  const client = open(subject, region, { ...transport, signer });
  const { Account: account, Arn: arn } = await answer(client.send(new GetCallerIdentityCommand({})), subject);
  if (account === undefined || arn === undefined) throw incomplete(subject);
  return { account, arn };
}

function isPackedPolicyTooLarge(error: unknown): boolean {
  return readWireError(error).name.startsWith('PackedPolicyTooLarge');
}

function open({ name }: Subject, region: string, transport: Transport & { readonly signer?: Credentials }): STSClient {
  const { network, signer } = transport;
  const settings = clientSettings({ service: 'sts', region, name }, transport);
  const client = new STSClient(signer === undefined ? settings : { ...settings, credentials: signer });
  // Between the body and the signature, which then covers them too.
  client.middlewareStack.add(
    (next) => (args) => {
      if (hasHeaders(args.request)) Object.assign(args.request.headers, Object.fromEntries(network.stsHeaders ?? []));
      return next(args);
    },
    { step: 'build', name: 'stsHeaders' },
  );
  return client;
}

function hasHeaders(request: unknown): request is { readonly headers: object } {
  return typeof request === 'object' && request !== null && 'headers' in request && typeof request.headers === 'object';
}

async function answer<T>(sent: Promise<T>, subject: Subject): Promise<T> {
  try {
    return await sent;
  } catch (error) {
    throw translate(error, subject);
  }
}

function nameOf({ hop, roleArn }: Assumption): string {
  return hop.label.startsWith('hop') ? `H${hop.label.slice(1)} (${roleArn})` : `The role ${roleArn} (${hop.label})`;
}

/** What both calls take; the SDK leaves out what is undefined. */
function roleFields({ hop, roleArn }: Assumption) {
  return {
    RoleArn: roleArn,
    RoleSessionName: hop.sessionName,
    DurationSeconds: hop.durationSeconds,
    Policy: hop.inlinePolicy,
    PolicyArns: hop.managedPolicies?.map((arn) => ({ arn })),
  };
}

/** What AssumeRole alone takes; a transitive key must be of a tag that is sent. */
function signedFields(assumption: Assumption, tags: readonly Tag[]): AssumeRoleCommandInput {
  const { externalId, sourceIdentity, mfa, transitiveTagKeys = [] } = assumption.hop;
  const keys = transitiveTagKeys.filter((key) => tags.some((tag) => tag.key === key));
  return {
    ...roleFields(assumption),
    ExternalId: externalId,
    SourceIdentity: sourceIdentity,
    SerialNumber: mfa?.serial,
    TokenCode: mfa?.code,
    Tags: tags.length === 0 ? undefined : tags.map(({ key, value }) => ({ Key: key, Value: value })),
    TransitiveTagKeys: keys.length === 0 ? undefined : keys,
  };
}

interface AssumedRole {
  readonly Credentials?: WireCredentials | undefined;
  readonly AssumedRoleUser?: AssumedRoleUser | undefined;
}

function retrievedFrom({ Credentials: wire, AssumedRoleUser: user }: AssumedRole, subject: Subject): Retrieved {
  const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = wire ?? {};
  const credentials = handedOut(
    { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken, expiration: Expiration },
    subject.name,
  );
  const arn = user?.Arn;
  const account = arn?.split(':')[4];
  if (!arn || !account) throw incomplete(subject);
  return { credentials, identity: { account, arn } };
}

function incomplete({ name }: Subject): CredentialError {
  return new CredentialError('PROTOCOL_ERROR', `${name} got an answer from STS that lacks a field`, {
    hint: 'Check that the endpoint is STS; a proxy or a wrong URL answers like this.',
  });
}
