import { timingSafeEqual } from 'node:crypto';
import type { Inbound, Outbound, Service } from '../http/exchange.ts';
import { json } from '../http/exchange.ts';
import { WireError } from '../http/wire-error.ts';
import type { Issuer } from './issuer.ts';

function same(one: string, other: string): boolean {
  return one.length === other.length && timingSafeEqual(Buffer.from(one), Buffer.from(other));
}

/** GitHub's issuer of ID tokens: the endpoint that a job asks, the discovery document and the public keys. */
export function createGithub(issuer: Issuer, requestToken: string): Service {
  const discovery = {
    issuer: issuer.url,
    jwks_uri: `${issuer.url}/.well-known/jwks`,
    subject_types_supported: ['public', 'pairwise'],
    response_types_supported: ['id_token'],
    claims_supported: ['sub', 'aud', 'exp', 'iat', 'iss', 'jti', 'nbf', 'ref', 'repository', 'actor', 'workflow'],
    id_token_signing_alg_values_supported: ['RS256'],
    scopes_supported: ['openid'],
  };

  async function idToken({ headers, query }: Inbound): Promise<Outbound> {
    if (!same(headers.authorization ?? '', `Bearer ${requestToken}`)) {
      throw new WireError(401, 'Unauthorized', 'The request token is missing or is not the one of this job.');
    }
    const audience = query.get('audience');
    const value = await issuer.sign(audience === null || audience === '' ? {} : { audience });
    return json(200, { count: value.length, value });
  }

  const routes = new Map<string, { operation: string; answer: (request: Inbound) => Promise<Outbound> }>([
    ['/github/token', { operation: 'IdToken', answer: idToken }],
    ['/github/.well-known/openid-configuration', { operation: 'Discovery', answer: async () => json(200, discovery) }],
    ['/github/.well-known/jwks', { operation: 'Jwks', answer: async () => json(200, await issuer.jwks()) }],
  ]);

  return {
    name: 'github',
    describe: ({ path, query }) => ({
      operation: routes.get(path)?.operation ?? 'Unknown',
      parameters: Object.fromEntries(query),
    }),
    answer: async (request) => {
      const route = routes.get(request.path);
      if (route === undefined) throw new WireError(404, 'NotFound', 'Not Found');
      return route.answer(request);
    },
    refuse: ({ status, message }) => json(status, { message }),
    throttle: () => new WireError(429, 'TooManyRequests', 'Too many requests'),
  };
}
