import { invalidInput } from '../errors.ts';
import { describeHop, parseRoleArn, type WebIdentityHop } from '../role.ts';
import { exchange, tokenHop, uncarried } from '../web-identity.ts';
import { absent, type Strategy } from './source.ts';

/** The job's GitHub ID token, exchanged for the first role. */
export interface OidcSource {
  readonly kind: 'oidc';
  readonly audience: string;
  readonly region: string;
  readonly hop: WebIdentityHop;
}

const permission = `Add to the workflow or the job:
  permissions:
    id-token: write
    contents: read
GitHub gives no ID token to pull requests from forks; there, run on a trusted event or leave this step out.`;

const secretFile =
  'act mints no ID tokens: put "sso-token", or access keys, into its secret file and hand them to this step, as docs/act.md shows.';

/** https://docs.github.com/actions/concepts/security/openid-connect */
export const oidc: Strategy<OidcSource> = {
  kind: 'oidc',
  claim: () => undefined,

  select(wish) {
    const { inputs, env, roles } = wish;
    const [first, ...hops] = roles;
    if (first === undefined) {
      return absent('no role to assume is given', 'Give the role that trusts GitHub in "role-to-assume".');
    }
    if (inputs.flag('force-skip-oidc', false)) {
      return absent('"force-skip-oidc" is true', 'Leave "force-skip-oidc" out to use the ID token of the job.');
    }
    if (!env.ACTIONS_ID_TOKEN_REQUEST_URL || !env.ACTIONS_ID_TOKEN_REQUEST_TOKEN) {
      const hint = env.ACT === 'true' ? secretFile : permission;
      return absent('the job has no permission to mint ID tokens', hint, 'ID_TOKEN_UNAVAILABLE');
    }
    const hop = tokenHop(first, inputs);
    const audience = readAudience(inputs.optional('audience'), hop);
    const source: OidcSource = { kind: 'oidc', audience, region: wish.region, hop };
    const because = 'a role is given and the job can mint ID tokens';
    return { source, because, hops, roleSession: true, warnings: uncarried(first, hops, inputs) };
  },

  describe: ({ hop, audience }) => `oidc (audience ${audience}) → ${describeHop(hop)}`,

  retrieve(source, { aws, host }) {
    const mint = () => {
      aws.warmUp();
      return host.idToken(source.audience);
    };
    return exchange(source, mint, aws);
  },
};

function readAudience(given: string | undefined, hop: WebIdentityHop): string {
  if (given === undefined) {
    return parseRoleArn(hop.role)?.partition === 'aws-cn' ? 'sts.amazonaws.com.cn' : 'sts.amazonaws.com';
  }
  if (/^[\x21-\x7e]{1,255}$/.test(given)) return given;
  throw invalidInput(
    'audience',
    'holds a blank or is too long.',
    'Write the client id of the identity provider in IAM.',
  );
}
