import type { WebIdentityHop } from '../../contract/hop.ts';
import { parseRoleArn } from '../../roles/role.ts';
import { notApplicable, type Selection, type Strategy } from '../source.ts';

/** The job's GitHub ID token, with which the first role is assumed. */
export interface OidcSource {
  readonly kind: 'oidc';
  readonly audience: string;
}

/** https://docs.github.com/actions/concepts/security/openid-connect */
export const oidcSource: Strategy<OidcSource> = {
  kind: 'oidc',
  claim: () => undefined,

  async select(context): Promise<Selection<OidcSource>> {
    const { inputs, env, roles } = context;
    const [first, ...hops] = roles;
    if (first === undefined) {
      return notApplicable('no role to assume is given', 'Give the role that trusts GitHub in "role-to-assume".');
    }
    const { whyNoIdToken, readAudience, webIdentityHop, warnNotSentWithWebIdentity } = await loadWebIdentity();
    const lack = whyNoIdToken(inputs, env);
    if (lack !== undefined) return { reason: lack };
    const hop = webIdentityHop(first, inputs);
    const audience = readAudience(inputs, defaultAudience(hop));
    const source: OidcSource = { kind: 'oidc', audience };
    const because = 'a role is given and the job can mint ID tokens';
    return {
      source,
      because,
      hops: [hop, ...hops],
      roleSession: false,
      firstHop: 'web identity',
      warnings: warnNotSentWithWebIdentity(first, hops, inputs),
    };
  },

  describe: ({ audience }) => `oidc (audience ${audience})`,

  retrieve: async ({ audience }, { aws, host }) => ({
    mintToken: () => {
      aws.warmUp();
      return host.idToken(audience);
    },
  }),
};

/** Loaded where there is a role; what reads roles is there by then. */
function loadWebIdentity() {
  return import(/* webpackChunkName: "roles" */ '../../roles/web-identity.ts');
}

function defaultAudience({ role }: WebIdentityHop): string {
  return parseRoleArn(role)?.partition === 'aws-cn' ? 'sts.amazonaws.com.cn' : 'sts.amazonaws.com';
}
