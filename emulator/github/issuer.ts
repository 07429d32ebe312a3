import { randomUUID } from 'node:crypto';
import { compactVerify, createLocalJWKSet, exportJWK, generateKeyPair, type JSONWebKeySet, SignJWT } from 'jose';
import type { Emulator, JobDescription } from '../contract.ts';
import { claimsOf, defaultAudience, lifetime } from './claims.ts';

/** Signs and verifies the ID tokens of one emulated GitHub. */
export interface Issuer {
  /** Where its keys can be fetched. */
  readonly url: string;
  /** The `iss` of its tokens: `url`, or the name that AWS knows it by. */
  readonly iss: string;
  sign(options?: Parameters<Emulator['idToken']>[0]): Promise<string>;
  /** Its public keys. */
  jwks(): Promise<JSONWebKeySet>;
  /** Whether one of its keys signed a token. */
  signed(token: string): Promise<boolean>;
  /** Every token that it has signed, and those of the stranger. */
  tokens(): readonly string[];
}

const algorithm = 'RS256';
// Tokens are good from a little before they were made, for verifiers whose clocks are late.
const early = 600;

export function createIssuer(url: string, job: JobDescription, now: () => number, iss = url): Issuer {
  // Making an RSA key takes a tenth of a second: it is started at once, and waited for by whoever needs it first.
  const own = generateKeyPair(algorithm);
  const kid = randomUUID();
  const handedOut = new Set<string>();

  const jwks = async (): Promise<JSONWebKeySet> => {
    const { publicKey } = await own;
    return { keys: [{ ...(await exportJWK(publicKey)), kid, alg: algorithm, use: 'sig' }] };
  };

  return {
    url,
    iss,
    jwks,
    tokens: () => [...handedOut],
    sign: async ({ audience, claims, expiresInSeconds = lifetime, signedByStranger } = {}) => {
      const { privateKey } = await (signedByStranger ? generateKeyPair(algorithm) : own);
      const seconds = Math.floor(now() / 1000);
      const token = await new SignJWT({
        jti: randomUUID(),
        aud: audience ?? defaultAudience(job),
        ...claimsOf(job),
        iss,
        nbf: seconds - early,
        exp: seconds + expiresInSeconds,
        iat: seconds,
        ...claims,
      })
        .setProtectedHeader({ alg: algorithm, kid, typ: 'JWT' })
        .sign(privateKey);
      handedOut.add(token);
      return token;
    },
    signed: async (token) => {
      try {
        await compactVerify(token, createLocalJWKSet(await jwks()), { algorithms: [algorithm] });
        return true;
      } catch {
        return false;
      }
    },
  };
}
