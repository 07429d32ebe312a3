import type {
  AssumedRoleUser,
  AssumeRoleCommandInput,
  AssumeRoleCommandOutput,
  AssumeRoleWithWebIdentityCommandInput,
  AssumeRoleWithWebIdentityCommandOutput,
  GetCallerIdentityCommandOutput,
  Credentials as WireCredentials,
} from '@aws-sdk/client-sts';
import type { Credentials, Identity, Retrieved } from '../../contract/credentials.ts';
import { CredentialError } from '../../contract/errors.ts';
import type { Tag } from '../../contract/hop.ts';
import type { Assumption } from '../../contract/ports.ts';
import { readWireError } from '../http/wire-error.ts';
import { type Call, type CallContext, call } from './call.ts';
import { signerHint, tokenHint } from './hints.ts';
import { openCodec, operations } from './protocols/sts.ts';
import { parseSessionCredentials } from './session-credentials.ts';
import type { RequestSubject } from './translate-error.ts';

/** https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html */
export async function assumeRoleWithWebIdentity(
  assumption: Assumption,
  token: string,
  context: CallContext,
): Promise<Retrieved> {
  const subject = subjectOf(assumption, (message) => tokenHint(message, token));
  const input: AssumeRoleWithWebIdentityCommandInput = { ...roleFields(assumption), WebIdentityToken: token };
  const wanted = { ...stsCall(assumption.region, context), schema: operations.assumeRoleWithWebIdentity, input };
  return retrievedFrom(await call<AssumeRoleWithWebIdentityCommandOutput>({ ...wanted, subject }, context), subject);
}

/** https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html */
export async function assumeRole(
  assumption: Assumption,
  signer: Credentials,
  context: CallContext,
): Promise<Retrieved> {
  const subject = subjectOf(assumption, (message) => signerHint(message, assumption));
  const { tags = [] } = assumption.hop;
  const wanted = { ...stsCall(assumption.region, context), schema: operations.assumeRole, signer, subject };
  const send = (sent: readonly Tag[]) =>
    call<AssumeRoleCommandOutput>({ ...wanted, input: signedFields(assumption, sent) }, context);
  const kept = tags.filter(({ origin }) => origin !== 'droppable');
  // Not a retry: a smaller request, made once.
  const sent = send(tags).catch((error: unknown) => {
    if (kept.length === tags.length || !isPackedPolicyTooLarge(error)) throw error;
    const dropped = tags.filter(({ origin }) => origin === 'droppable').map(({ key }) => key);
    context.log(
      `${subject.logName ?? subject.name}: the session tags are too large for AWS; retrying without ${dropped.join(', ')}`,
    );
    return send(kept);
  });
  return retrievedFrom(await sent, subject);
}

/** https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html */
export async function getCallerIdentity(region: string, signer: Credentials, context: CallContext): Promise<Identity> {
  const subject = {
    name: 'Checking the credentials with STS (GetCallerIdentity)',
    whenDenied: () => 'Check that the credentials are valid and that no policy denies sts:GetCallerIdentity to them.',
  };
  const wanted = { ...stsCall(region, context), schema: operations.getCallerIdentity, input: {}, signer, subject };
  const { Account: account, Arn: arn } = await call<GetCallerIdentityCommandOutput>(wanted, context);
  if (account === undefined || arn === undefined) throw incomplete(subject);
  return { account, arn };
}

function isPackedPolicyTooLarge(error: unknown): boolean {
  return error instanceof CredentialError && readWireError(error.cause).name.startsWith('PackedPolicyTooLarge');
}

/** The parameters of every STS call. */
function stsCall(region: string, { network }: CallContext) {
  return { service: 'sts', region, codec: openCodec(), headers: network.stsHeaders } satisfies Partial<Call>;
}

function nameOf({ hop, roleArn }: Assumption): string {
  if (hop.profile !== undefined && !hop.label.startsWith('hop')) return `The role ${roleArn}`;
  return hop.label.startsWith('hop') ? `H${hop.label.slice(1)} (${roleArn})` : `The role ${roleArn} (${hop.label})`;
}

/** The request; its name in the log includes the profile, because the requests of several profiles are logged in any order. */
function subjectOf(assumption: Assumption, whenDenied: RequestSubject['whenDenied']): RequestSubject {
  const name = nameOf(assumption);
  const { profile } = assumption.hop;
  return profile === undefined ? { name, whenDenied } : { name, logName: `${profile}: ${name}`, whenDenied };
}

/** The parameters of both calls; the SDK omits undefined ones. */
function roleFields({ hop, roleArn }: Assumption) {
  return {
    RoleArn: roleArn,
    RoleSessionName: hop.sessionName,
    DurationSeconds: hop.durationSeconds,
    Policy: hop.inlinePolicy,
    PolicyArns: hop.managedPolicies?.map((arn) => ({ arn })),
  };
}

/** The parameters of AssumeRole only; every transitive key must be the key of a tag that is sent. */
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

function retrievedFrom({ Credentials: given, AssumedRoleUser: user }: AssumedRole, subject: RequestSubject): Retrieved {
  const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = given ?? {};
  const credentials = parseSessionCredentials(
    { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken, expiration: Expiration },
    subject.name,
  );
  const arn = user?.Arn;
  const account = arn?.split(':')[4];
  if (!arn || !account) throw incomplete(subject);
  return { credentials, identity: { account, arn } };
}

function incomplete({ name }: RequestSubject): CredentialError {
  return new CredentialError('PROTOCOL_ERROR', `${name} returned an incomplete response`, {
    hint: 'Check the endpoint URL: a proxy or another service answered.',
  });
}
