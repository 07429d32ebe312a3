import type { WebIdentityHop } from '../../contract/hop.ts';
import { describeHop, parseRoleArn } from '../../roles/role.ts';
import { absent, type Offer, type Strategy } from '../source.ts';

/** The job's GitHub ID token, exchanged for the first role. */
export interface OidcSource {
  readonly kind: 'oidc';
  readonly audience: string;
  readonly region: string;
  readonly hop: WebIdentityHop;
}

/** https://docs.github.com/actions/concepts/security/openid-connect */
export const oidc: Strategy<OidcSource> = {
  kind: 'oidc',
  claim: () => undefined,

  async select(wish): Promise<Offer<OidcSource>> {
    const { inputs, env, roles } = wish;
    const [first, ...hops] = roles;
    if (first === undefined) {
      return absent('no role to assume is given', 'Give the role that trusts GitHub in "role-to-assume".');
    }
    const { lackOfIdToken, readAudience, tokenHop, uncarried } = await load();
    const lack = lackOfIdToken(inputs, env);
    if (lack !== undefined) return { absent: lack };
    const hop = tokenHop(first, inputs);
    const audience = readAudience(inputs, usualAudience(hop));
    const source: OidcSource = { kind: 'oidc', audience, region: wish.region, hop };
    const because = 'a role is given and the job can mint ID tokens';
    return { source, because, hops, roleSession: true, warnings: uncarried(first, hops, inputs) };
  },

  describe: ({ hop, audience }) => `oidc (audience ${audience}) → ${describeHop(hop)}`,

  async retrieve(source, { aws, host }) {
    const { exchange } = await load();
    const mint = () => {
      aws.warmUp();
      return host.idToken(source.audience);
    };
    return exchange(source, mint, aws);
  },
};

/** Loaded where there is a role; what reads roles is there by then. */
function load() {
  return import(/* webpackChunkName: "roles" */ '../../roles/web-identity.ts');
}

function usualAudience({ role }: WebIdentityHop): string {
  return parseRoleArn(role)?.partition === 'aws-cn' ? 'sts.amazonaws.com.cn' : 'sts.amazonaws.com';
}
