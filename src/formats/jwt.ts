/** The claims of a web identity token that a trust policy looks at first; none of them is secret. */
export interface Claims {
  readonly issuer?: string;
  readonly subject?: string;
  readonly audience?: string;
}

/** Reads the claims without verifying anything, for messages only; empty where the text is not a JWT (RFC 7519). */
export function readClaims(token: string): Claims {
  const payload = parsePayload(token.split('.')[1] ?? '');
  const claim = (name: string): string | undefined => {
    const value = payload.get(name);
    return typeof value === 'string' ? value : undefined;
  };
  const [issuer, subject, audience] = [claim('iss'), claim('sub'), claim('aud')];
  return {
    ...(issuer === undefined ? {} : { issuer }),
    ...(subject === undefined ? {} : { subject }),
    ...(audience === undefined ? {} : { audience }),
  };
}

function parsePayload(part: string): ReadonlyMap<string, unknown> {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
    return new Map(Object.entries(value ?? {}));
  } catch {
    // Not a JWT; JSON.parse would quote the token in its message.
    return new Map();
  }
}
