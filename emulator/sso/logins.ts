import { randomBytes } from 'node:crypto';
import type { Sso } from '../world/world.ts';

/** What a client hands in to have its access token refreshed. */
export interface Grant {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly refreshToken: string;
}

/** What it gets. */
export interface Issued {
  readonly accessToken: string;
  readonly refreshToken: string;
  /** Seconds. */
  readonly expiresIn: number;
}

/** The tokens of one person's login, which the portal and the OIDC service share. */
export interface Logins {
  /** Whether the portal takes the access token. */
  isGood(accessToken: string): boolean;
  /** New tokens; the refresh token is then used up. Names the part that is wrong. */
  refresh(grant: Grant): Issued | 'client' | 'grant';
  secrets(): readonly string[];
}

/** Starts with the tokens of the world file. */
export function createLogins(
  { accessToken, expiredAccessToken, client, tokenDuration }: Sso,
  now: () => number,
): Logins {
  const ends = new Map([[accessToken, Number.POSITIVE_INFINITY]]);
  const known = new Set([accessToken, expiredAccessToken, client.secret, client.refreshToken]);
  let { refreshToken } = client;
  const mint = (prefix: string): string => {
    const token = `${prefix}AAAAAG${randomBytes(48).toString('base64url')}`;
    known.add(token);
    return token;
  };
  return {
    isGood: (token) => (ends.get(token) ?? 0) > now(),
    refresh(grant) {
      if (grant.clientId !== client.id || grant.clientSecret !== client.secret) return 'client';
      if (grant.refreshToken !== refreshToken) return 'grant';
      refreshToken = mint('aor');
      const fresh = mint('aoa');
      ends.set(fresh, now() + tokenDuration * 1000);
      return { accessToken: fresh, refreshToken, expiresIn: tokenDuration };
    },
    secrets: () => [...known],
  };
}
