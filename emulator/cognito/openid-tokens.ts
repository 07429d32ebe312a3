import { compactVerify, decodeJwt, generateKeyPair, SignJWT } from 'jose';

/** What Cognito's own tokens say. */
export interface OpenIdClaims {
  readonly pool: string;
  readonly identity: string;
  /** `authenticated` and who vouched, or `unauthenticated`. */
  readonly amr: readonly string[];
}

/** The web identity tokens that Cognito signs, which STS takes without a provider in IAM. */
export interface OpenIdTokens {
  sign(claims: OpenIdClaims): Promise<string>;
  /** What a token says, or undefined if Cognito did not sign it. Throws on an invalid token. */
  verify(token: string): Promise<(OpenIdClaims & { readonly exp: number }) | undefined>;
  /** Every token that was handed out. */
  tokens(): readonly string[];
}

/** The issuer, and what policies call it by without `https://`. */
export const cognitoIssuer = 'https://cognito-identity.amazonaws.com';

const algorithm = 'RS512';
const lifetime = 600;

/** @see https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_GetOpenIdToken.html */
export function createOpenIdTokens(now: () => number): OpenIdTokens {
  // A tenth of a second, for those alone who ask.
  let keys: ReturnType<typeof generateKeyPair> | undefined;
  const own = () => {
    keys ??= generateKeyPair(algorithm);
    return keys;
  };
  const handedOut = new Set<string>();
  return {
    tokens: () => [...handedOut],
    async sign({ pool, identity, amr }) {
      const iat = Math.floor(now() / 1000);
      const claims = { iss: cognitoIssuer, aud: pool, sub: identity, amr, iat, exp: iat + lifetime };
      const { privateKey } = await own();
      const token = await new SignJWT(claims).setProtectedHeader({ alg: algorithm }).sign(privateKey);
      handedOut.add(token);
      return token;
    },
    async verify(token) {
      const { aud, sub = '', exp = 0, amr } = decodeJwt(token);
      try {
        const { publicKey } = await own();
        await compactVerify(token, publicKey, { algorithms: [algorithm] });
      } catch {
        return undefined;
      }
      return { pool: String(aud), identity: sub, exp, amr: Array.isArray(amr) ? amr.map(String) : [] };
    },
  };
}
