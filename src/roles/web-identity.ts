import type { Retrieved } from '../contract/credentials.ts';
import { CredentialError, invalidInput } from '../contract/errors.ts';
import type { Hop, WebIdentityHop } from '../contract/hop.ts';
import type { Assumption, Aws, Env } from '../contract/ports.ts';
import type { Inputs } from '../inputs/inputs.ts';
import { parseRoleArn, placeOf } from './role.ts';
import { rolesInput } from './role-inputs.ts';
import { findTag } from './tags.ts';

/** The hop with what a call with a token can carry. Throws INPUT_INVALID unless the role is a whole ARN: no source account is known for a bare name. */
export function webIdentityHop(hop: Hop, inputs: Inputs): WebIdentityHop {
  const { role, label, profile, sessionName, durationSeconds, inlinePolicy, managedPolicies, specialCharacters } = hop;
  if (parseRoleArn(role)) {
    const named = profile === undefined ? { label } : { label, profile };
    return { role, ...named, sessionName, durationSeconds, inlinePolicy, managedPolicies, specialCharacters };
  }
  throw invalidInput(
    label === 'AWS_ROLE_ARN' ? label : profile === undefined ? rolesInput(inputs) : 'profiles',
    `holds the bare name "${role}"${hop.line === undefined ? '' : ` for ${placeOf(hop)}`}, but the role that is assumed with a token has no account to take it from.`,
    `Write the whole ARN: arn:aws:iam::111122223333:role/${role}.`,
  );
}

const permissionHint = `Add to the workflow or the job:
  permissions:
    id-token: write
    contents: read
GitHub gives no ID token to pull requests from forks; there, run on a trusted event or leave this step out.`;

const actHint =
  'act mints no ID tokens: set AWS_PROFILE where you call it, or hand this step "sso-token" or access keys from its secret file, as docs/act.md shows.';

/** Why the job's GitHub ID token cannot be had; undefined where it can. */
export function whyNoIdToken(inputs: Inputs, env: Env): CredentialError | undefined {
  if (inputs.flag('force-skip-oidc', false)) {
    const hint = 'Leave "force-skip-oidc" out to use the ID token of the job.';
    return new CredentialError('NO_SOURCE', '"force-skip-oidc" is true', { hint });
  }
  if (env.ACTIONS_ID_TOKEN_REQUEST_URL && env.ACTIONS_ID_TOKEN_REQUEST_TOKEN) return undefined;
  const message = 'the job has no permission to mint ID tokens';
  return new CredentialError('ID_TOKEN_UNAVAILABLE', message, { hint: env.ACT === 'true' ? actHint : permissionHint });
}

/** The audience of the job's GitHub ID token, or the usual one where none is given. Throws INPUT_INVALID. */
export function readAudience(inputs: Inputs, usual: string): string {
  const audience = inputs.optional('audience') ?? usual;
  if (/^[\x21-\x7e]{1,255}$/.test(audience)) return audience;
  throw invalidInput(
    'audience',
    'holds a blank or is too long.',
    'Write the client id of the identity provider in IAM.',
  );
}

/** The audience that AWS's own guides name for the partition of the role. */
export function usualAudience({ role }: Pick<Hop, 'role'>): string {
  return parseRoleArn(role)?.partition === 'aws-cn' ? 'sts.amazonaws.com.cn' : 'sts.amazonaws.com';
}

/** A warning for each thing that the workflow asks of a hop and that a call with a token has no field for, unless a later hop carries it. */
export function warnNotSentWithWebIdentity(hop: Hop, later: readonly Hop[], inputs: Inputs): readonly string[] {
  const lost = (name: string, key: string, what: string) => {
    const origin = inputs.optional(name) ? `Input "${name}"` : `The "${key}" of the first hop`;
    return `${origin} is not sent: a role that is assumed with a token takes no ${what}.`;
  };
  const { externalId, sourceIdentity, mfa, tags = [] } = hop;
  const carries = (same: (other: Hop) => boolean) => later.some(same);
  const tagsLost = tags.some(({ key, value }) => !carries((other) => findTag(other.tags ?? [], key)?.value === value));
  return [
    externalId === undefined || carries((other) => other.externalId === externalId)
      ? []
      : lost('role-external-id', 'external-id', 'external id'),
    sourceIdentity === undefined || carries((other) => other.sourceIdentity === sourceIdentity)
      ? []
      : lost('source-identity', 'source-identity', 'source identity'),
    mfa === undefined || carries((other) => other.mfa?.serial === mfa.serial)
      ? []
      : lost('mfa-serial', 'mfa-serial', 'second factor'),
    tagsLost ? lost('custom-tags', 'tags', 'session tags') : [],
  ].flat();
}

/**
 * Assumes a role with a token. A token that has run out on the way is minted and tried once more;
 * where minting gives the same token again there is nothing to try.
 */
export async function assumeWithToken(
  assumption: Assumption,
  mint: (expired?: string) => Promise<string>,
  aws: Aws,
): Promise<Retrieved> {
  const token = await mint();
  try {
    return await aws.assumeRoleWithWebIdentity(assumption, token);
  } catch (error) {
    if (!(error instanceof CredentialError) || error.code !== 'TOKEN_EXPIRED') throw error;
    const fresh = await mint(token);
    if (fresh === token) throw error;
    return aws.assumeRoleWithWebIdentity(assumption, fresh);
  }
}
