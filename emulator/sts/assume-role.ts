import type { Outbound } from '../http/exchange.ts';
import { WireError } from '../http/wire-error.ts';
import { type Caller, roleSession } from '../iam/caller.ts';
import type { Context } from '../iam/condition.ts';
import { allows, denies, explicitDeny } from '../iam/trust.ts';
import { assumeRoleFields, checkFields } from './field.ts';
import { packedPolicySize } from './packed-policy.ts';
import { checkMaxSessionDuration, checkRoleArn, durationOf, type Sts, sessionContent } from './session.ts';
import { readSessionTags, type SessionTags } from './session-tags.ts';
import { result } from './xml.ts';

const chainedMost = 3600;

/** Whether the caller proved a second factor; throws if it tried and failed. */
function checkSecondFactor(form: URLSearchParams, caller: Caller, { world }: Sts): boolean {
  const serialNumber = form.get('SerialNumber');
  if (serialNumber === null) return false;
  const mfa = world.users.get(caller.arn)?.mfa;
  if (mfa?.serialNumber === serialNumber && mfa.code === form.get('TokenCode')) return true;
  const message = 'MultiFactorAuthentication failed with invalid MFA one time pass code. ';
  throw new WireError(403, 'AccessDenied', message);
}

function contextOf(form: URLSearchParams, caller: Caller, tags: SessionTags, secondFactor: boolean): Context {
  const sourceIdentity = form.get('SourceIdentity') ?? caller.sourceIdentity;
  const optional = (value: string | null | undefined) => (value === null || value === undefined ? [] : [value]);
  return new Map<string, readonly string[]>([
    ['sts:externalid', optional(form.get('ExternalId'))],
    ['sts:rolesessionname', optional(form.get('RoleSessionName'))],
    ['sts:sourceidentity', optional(sourceIdentity)],
    ['aws:sourceidentity', optional(caller.sourceIdentity)],
    ['sts:transitivetagkeys', tags.transitive],
    ['aws:tagkeys', Object.keys(tags.requested)],
    ...Object.entries(tags.all).map(([key, value]): [string, readonly string[]] => [
      `aws:requesttag/${key.toLowerCase()}`,
      [value],
    ]),
    ...Object.entries(caller.tags).map(([key, value]): [string, readonly string[]] => [
      `aws:principaltag/${key.toLowerCase()}`,
      [value],
    ]),
    ['aws:principalarn', [caller.principalArn]],
    ['aws:principalaccount', [caller.account]],
    ['aws:principaltype', [caller.kind === 'user' ? 'User' : 'AssumedRole']],
    ['aws:userid', [caller.userId]],
    // Absent for a request signed with a user's own keys and no code, as at AWS.
    ['aws:multifactorauthpresent', caller.kind === 'session' ? ['false'] : secondFactor ? ['true'] : []],
  ]);
}

/** @see https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html */
export function assumeRole(form: URLSearchParams, caller: Caller, sts: Sts): Outbound {
  checkFields(form, assumeRoleFields);
  const roleArn = form.get('RoleArn') ?? '';
  const sessionName = form.get('RoleSessionName') ?? '';
  const seconds = durationOf(form);
  checkRoleArn(roleArn);
  if (caller.kind === 'session' && seconds > chainedMost) {
    const message =
      'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.';
    throw new WireError(400, 'ValidationError', message);
  }
  const tags = readSessionTags(form, caller);
  const sourceIdentity = caller.sourceIdentity ?? form.get('SourceIdentity') ?? undefined;

  const role = sts.world.roles.get(roleArn);
  const context = contextOf(form, caller, tags, checkSecondFactor(form, caller, sts));
  const { account, partition, arn, principalArn } = caller;
  const demand = (action: string, granted = true) => {
    const asker = { kind: 'AWS', account, partition, arns: [arn, principalArn] } as const;
    const trusted = granted && role && allows(role.trust, asker, action, context);
    if (trusted && role.deniedBy === undefined) return;
    const denied = role && denies(role.trust, asker, action, context) ? 'resource-based policy' : undefined;
    const policy = role?.deniedBy ?? denied;
    const refused = `User: ${arn} is not authorized to perform: ${action} on resource: ${roleArn}`;
    throw new WireError(403, 'AccessDenied', `${refused}${policy === undefined ? '' : explicitDeny(policy)}`);
  };
  demand('sts:AssumeRole');
  if (Object.keys(tags.all).length > 0) demand('sts:TagSession');
  // A source identity stays through the whole chain and cannot be changed on the way.
  if (sourceIdentity !== undefined) {
    demand('sts:SetSourceIdentity', sourceIdentity === (form.get('SourceIdentity') ?? sourceIdentity));
  }

  checkMaxSessionDuration(seconds, role?.maxSessionDuration ?? 0);
  const PackedPolicySize = packedPolicySize(form, tags.all);
  const session = roleSession(roleArn, sessionName, {
    tags: tags.all,
    transitiveTagKeys: tags.transitive,
    ...(sourceIdentity === undefined ? {} : { sourceIdentity }),
  });
  return result('AssumeRole', {
    ...sessionContent(session, seconds, sts.keyring),
    SourceIdentity: sourceIdentity,
    PackedPolicySize,
  });
}
