import { decodeJwt, type JWTPayload } from 'jose';
import { cognitoIssuer, type OpenIdTokens } from '../cognito/openid-tokens.ts';
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

/** What a token is verified by. */
interface Verifier {
  readonly world: World;
  readonly issuer: Issuer;
  readonly tokens: OpenIdTokens;
  readonly now: number;
}

function checkExpiry(exp: number, seconds: number): void {
  if (exp > seconds) return;
  // The missing blank is the real service's.
  const expired = `Token expired: current date/time ${seconds} must be before the expiration date/time${exp}`;
  reject(expired, 'ExpiredTokenException');
}

const unverifiable =
  "Couldn't retrieve verification key from your identity provider,  please reference AssumeRoleWithWebIdentity documentation for requirements";

/** A token of Cognito's own: its provider is known to every account. */
async function verifyCognito(token: string, { tokens, now }: Verifier): Promise<WebIdentity> {
  const claims = (await tokens.verify(token)) ?? reject(unverifiable);
  checkExpiry(claims.exp, Math.floor(now / 1000));
  const name = 'cognito-identity.amazonaws.com';
  return {
    providerArn: name,
    subject: claims.identity,
    audience: claims.pool,
    context: new Map([
      [`${name}:aud`, [claims.pool]],
      [`${name}:sub`, [claims.identity]],
      [`${name}:amr`, claims.amr],
      ['aws:federatedprovider', [name]],
    ]),
  };
}

/** Verifies a token for a role's account: its provider, audience, expiry and signature, in this order; throws what STS answers. */
export async function verifyWebIdentity(token: string, roleArn: string, verifier: Verifier): Promise<WebIdentity> {
  const { world, issuer, now } = verifier;
  const claims = decode(token);
  const { iss = '', sub, exp } = claims;
  if (iss === cognitoIssuer) return verifyCognito(token, verifier);
  if (sub === undefined || exp === undefined) reject('Missing a required claim: sub, exp');
  const audiences = [claims.aud ?? []].flat();

  // AWS knows the emulated GitHub by its real name.
  const name = iss === issuer.iss ? world.issuer : iss.replace(/^https?:\/\//, '');
  const { partition, account } = parseArn(roleArn) ?? {};
  const providerArn = `arn:${partition}:iam::${account}:oidc-provider/${name}`;
  const provider = world.providers.get(providerArn);
  if (!provider) reject(`No OpenIDConnect provider found in your account for ${iss}`);

  const audience = audiences.find((candidate) => provider.clientIds.includes(candidate));
  if (audience === undefined) reject('Incorrect token audience');

  checkExpiry(exp, Math.floor(now / 1000));
  if (iss !== issuer.iss || !(await issuer.signed(token))) reject(unverifiable);
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
