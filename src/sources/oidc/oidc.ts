import { firstRole, notApplicable, type Selection, type Strategy } from '../source.ts';

/** The job's GitHub ID token, with which the first role is assumed. */
export interface OidcSource {
  readonly kind: 'oidc';
  readonly audience: string;
}

/** The source for GitHub's OIDC tokens. https://docs.github.com/actions/concepts/security/openid-connect */
export const oidcSource: Strategy<OidcSource> = {
  kind: 'oidc',
  claim: () => undefined,

  async select(context): Promise<Selection<OidcSource>> {
    const { inputs, env, roles, branches = [] } = context;
    const [, ...hops] = roles;
    const first = firstRole(context);
    if (first === undefined) {
      return notApplicable('no role to assume is given', 'Provide the role that trusts GitHub in "role-to-assume".');
    }
    const { whyNoIdToken, readAudience, usualAudience, webIdentityHop, warnNotSentWithWebIdentity } =
      await loadWebIdentity();
    const reason = whyNoIdToken(inputs, env);
    if (reason !== undefined) return { reason };
    const hop = webIdentityHop(first, inputs);
    const audience = readAudience(inputs, usualAudience(hop));
    const source: OidcSource = { kind: 'oidc', audience };
    const because = 'a role is given and the job can mint ID tokens';
    return {
      source,
      because,
      hops: roles.length === 0 ? [] : [hop, ...hops],
      roleSession: false,
      firstHop: 'web identity',
      warnings: roles.length === 0 ? [] : warnNotSentWithWebIdentity(first, [...hops, ...branches.flat()], inputs),
    };
  },

  describe: ({ audience }) => `oidc (audience ${audience})`,

  retrieve: async ({ audience }, { aws, host }) => ({
    mintToken: (other = audience) => {
      aws.warmUp();
      return host.idToken(other);
    },
  }),
};

/** Lazy import, in the chunk that is already loaded if there is a role. */
function loadWebIdentity() {
  return import(/* webpackChunkName: "roles" */ '../../roles/web-identity.ts');
}
