import { parseJsonObject } from './json.ts';

/** The claims of a web identity token that trust policies check; none of them is secret. */
export interface Claims {
  readonly issuer?: string | undefined;
  readonly subject?: string | undefined;
  readonly audience?: string | undefined;
}

/** Reads the claims without verifying them, for messages only; empty if the text is not a JWT (RFC 7519). */
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
  return parseJsonObject(Buffer.from(part, 'base64url').toString('utf8')) ?? new Map();
}
