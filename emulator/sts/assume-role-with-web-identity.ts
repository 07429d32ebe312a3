import type { OpenIdTokens } from '../cognito/openid-tokens.ts';
import type { Issuer } from '../github/issuer.ts';
import type { Outbound } from '../http/exchange.ts';
import { WireError } from '../http/wire-error.ts';
import { roleSession } from '../iam/caller.ts';
import { allows, explicitDeny } from '../iam/trust.ts';
import { checkFields, webIdentityFields } from './field.ts';
import { packedPolicySize } from './packed-policy.ts';
import { checkMaxSessionDuration, checkRoleArn, durationOf, type Sts, sessionContent } from './session.ts';
import { verifyWebIdentity } from './web-identity.ts';
import { result } from './xml.ts';

/** @see https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html */
export async function assumeRoleWithWebIdentity(
  form: URLSearchParams,
  sts: Sts & { readonly issuer: Issuer; readonly tokens: OpenIdTokens },
): Promise<Outbound> {
  checkFields(form, webIdentityFields);
  const roleArn = form.get('RoleArn') ?? '';
  const sessionName = form.get('RoleSessionName') ?? '';
  checkRoleArn(roleArn);
  const { world, issuer, tokens, now } = sts;
  const identity = await verifyWebIdentity(form.get('WebIdentityToken') ?? '', roleArn, {
    world,
    issuer,
    tokens,
    now: now(),
  });

  const role = world.roles.get(roleArn);
  const asker = { kind: 'Federated', provider: identity.providerArn } as const;
  const context = new Map([...identity.context, ['sts:rolesessionname', [sessionName]]]);
  if (role?.deniedBy !== undefined) {
    const message = `Not authorized to perform sts:AssumeRoleWithWebIdentity${explicitDeny(role.deniedBy)}`;
    throw new WireError(403, 'AccessDenied', message);
  }
  // A role that is not there is answered like one that says no, so that nobody can list roles by trying.
  if (!role || !allows(role.trust, asker, 'sts:AssumeRoleWithWebIdentity', context)) {
    throw new WireError(403, 'AccessDenied', 'Not authorized to perform sts:AssumeRoleWithWebIdentity');
  }
  const seconds = durationOf(form);
  checkMaxSessionDuration(seconds, role.maxSessionDuration);
  const PackedPolicySize = packedPolicySize(form);
  const session = roleSession(roleArn, sessionName, { tags: {}, transitiveTagKeys: [] });
  return result('AssumeRoleWithWebIdentity', {
    Audience: identity.audience,
    ...sessionContent(session, seconds, sts.keyring),
    Provider: identity.providerArn,
    SubjectFromWebIdentityToken: identity.subject,
    PackedPolicySize,
  });
}
