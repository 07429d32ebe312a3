import { decodeJwt, type JWTPayload } from 'jose';
import type { Issuer } from '../github/issuer.ts';
import { WireError } from '../http/wire-error.ts';
import { parseArn } from '../iam/arn.ts';
import type { Context } from '../iam/condition.ts';
import type { World } from '../world/world.ts';

/** A token that has been found genuine. */
export interface WebIdentity {
  readonly providerArn: string;
  readonly subject: string;
  readonly audience: string;
  readonly context: Context;
}

// The claims of GitHub's tokens that AWS makes condition keys of; any other claim is no key, and a condition on it never holds.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-wif
const conditionClaims = [
  'aud',
  'sub',
  'actor',
  'actor_id',
  'enterprise_id',
  'environment',
  'job_workflow_ref',
  'ref',
  'repository',
  'repository_id',
  'workflow',
];

function reject(message: string, code = 'InvalidIdentityToken'): never {
  throw new WireError(400, code, message);
}

function decode(token: string): JWTPayload {
  try {
    return decodeJwt(token);
  } catch {
    return reject('The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)');
  }
}

/** Verifies a token for a role's account: its provider, audience, expiry and signature, in this order; throws what STS answers. */
export async function verifyWebIdentity(
  token: string,
  roleArn: string,
  { world, issuer, now }: { readonly world: World; readonly issuer: Issuer; readonly now: number },
): Promise<WebIdentity> {
  const claims = decode(token);
  const { iss = '', sub, exp } = claims;
  if (sub === undefined || exp === undefined) reject('Missing a required claim: sub, exp');
  const audiences = [claims.aud ?? []].flat();

  // AWS knows the emulated GitHub by its real name.
  const name = iss === issuer.url ? world.issuer : iss.replace(/^https?:\/\//, '');
  const { partition, account } = parseArn(roleArn) ?? {};
  const providerArn = `arn:${partition}:iam::${account}:oidc-provider/${name}`;
  const provider = world.providers.get(providerArn);
  if (!provider) reject(`No OpenIDConnect provider found in your account for ${iss}`);

  const audience = audiences.find((candidate) => provider.clientIds.includes(candidate));
  if (audience === undefined) reject('Incorrect token audience');

  const seconds = Math.floor(now / 1000);
  if (exp <= seconds) {
    // The missing blank is the real service's.
    const expired = `Token expired: current date/time ${seconds} must be before the expiration date/time${exp}`;
    reject(expired, 'ExpiredTokenException');
  }
  if (iss !== issuer.url || !(await issuer.signed(token))) {
    reject(
      "Couldn't retrieve verification key from your identity provider,  please reference AssumeRoleWithWebIdentity documentation for requirements",
    );
  }
  const values = (claim: string): readonly string[] =>
    claim === 'aud' ? audiences : claims[claim] === undefined ? [] : [String(claims[claim])];
  return {
    providerArn,
    subject: sub,
    audience,
    context: new Map([
      ...conditionClaims.map((claim): [string, readonly string[]] => [`${name}:${claim}`.toLowerCase(), values(claim)]),
      ['aws:federatedprovider', [providerArn]],
    ]),
  };
}
