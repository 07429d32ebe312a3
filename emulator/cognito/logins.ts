import { decodeJwt, type JWTPayload } from 'jose';
import type { Issuer } from '../github/issuer.ts';
import { WireError } from '../http/wire-error.ts';
import type { Pool, World } from '../world/world.ts';

/** Who asks, as the tokens say. */
export interface Asker {
  /** Tells one person from another; undefined for a guest. */
  readonly key?: string;
  readonly amr: readonly string[];
}

/** What logins are held against. */
export interface Gate {
  readonly world: World;
  readonly issuer: Issuer;
  readonly now: () => number;
}

const refuse = (message: string) => new WireError(400, 'NotAuthorizedException', message);

function decode(token: string): JWTPayload {
  try {
    return decodeJwt(token);
  } catch {
    throw refuse('Invalid login token. Not a valid OpenId Connect identity token.');
  }
}

/** Who the token is of, where its provider is taken, and it is of that, for it, fresh and genuine. */
async function verifyLogin(name: string, token: string, pool: Pool, { world, issuer, now }: Gate): Promise<string> {
  if (!pool.providers.includes(name)) throw refuse('Token is not from a supported provider of this identity pool.');
  const { iss = '', aud, sub, exp = 0 } = decode(token);
  // AWS knows the emulated GitHub by its real name.
  const issued = iss === issuer.iss ? world.issuer : iss.replace(/^https?:\/\//, '');
  if (issued !== name) throw refuse("Invalid login token. Issuer doesn't match providerName");
  const seconds = Math.floor(now() / 1000);
  if (exp <= seconds) throw refuse(`Invalid login token. Token expired: ${exp} >= ${seconds}`);
  const clientIds = world.providers.get(`arn:aws:iam::${pool.account}:oidc-provider/${name}`)?.clientIds ?? [];
  const audiences = [aud ?? []].flat();
  if (!audiences.some((id) => clientIds.includes(id))) throw refuse('Invalid login token. Incorrect token audience.');
  if (!(await issuer.signed(token))) throw refuse("Invalid login token. Couldn't verify signed token.");
  return `${name}:${sub}`;
}

/** Verifies the logins for a pool; throws what Cognito answers. */
export async function verifyLogins(logins: Readonly<Record<string, string>>, pool: Pool, gate: Gate): Promise<Asker> {
  const entries = Object.entries(logins);
  if (entries.length === 0) {
    if (pool.guests) return { amr: ['unauthenticated'] };
    throw refuse('Unauthenticated access is not supported for this identity pool.');
  }
  const subjects = await Promise.all(entries.map(([name, token]) => verifyLogin(name, token, pool, gate)));
  return { key: subjects.toSorted().join(' '), amr: ['authenticated', ...entries.map(([name]) => name), ...subjects] };
}
