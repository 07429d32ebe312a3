import { CredentialError, invalidInput } from '../errors.ts';
import { NotAToken, parseSsoToken, type SsoToken } from '../formats/sso-token.ts';
import type { Inputs } from '../inputs.ts';
import { absent, type Strategy } from './source.ts';

/** An IAM Identity Center access token, exchanged for a permission set's role in an account. */
export interface SsoSource {
  readonly kind: 'sso';
  readonly token: SsoToken;
  readonly accountId: string;
  readonly roleName: string;
  readonly region: string;
}

/** https://docs.aws.amazon.com/singlesignon/latest/PortalAPIReference/API_GetRoleCredentials.html */
export const sso: Strategy<SsoSource> = {
  kind: 'sso',
  claim: (inputs) => (inputs.optional('sso-token') === undefined ? undefined : 'sso-token'),

  select({ inputs, roles }) {
    const text = inputs.secret('sso-token');
    if (text === undefined) {
      return absent(
        '"sso-token" is not given',
        'Give the access token of IAM Identity Center in "sso-token", from a secret.',
      );
    }
    const token = readToken(text);
    inputs.mask(token.accessToken);
    const source = readSource(inputs, token);
    return { source, because: '"sso-token" is given', hops: roles, roleSession: true };
  },

  describe: ({ accountId, roleName }) => `sso → ${accountId}/${roleName}`,

  async retrieve(source, { aws, host }) {
    const { token, accountId, roleName, region } = source;
    if (token.expiresAt !== undefined && Date.parse(token.expiresAt) <= host.now()) {
      throw new CredentialError('TOKEN_EXPIRED', `Input "sso-token" holds a token that ended at ${token.expiresAt}`, {
        hint: 'Run "aws sso login" and store the new token in the secret that "sso-token" comes from.',
      });
    }
    const credentials = await aws.getRoleCredentials({ region, accessToken: token.accessToken, accountId, roleName });
    return { credentials, identity: { account: accountId } };
  },
};

function readToken(text: string): SsoToken {
  try {
    return parseSsoToken(text);
  } catch (error) {
    if (!(error instanceof NotAToken)) throw error;
    throw invalidInput(
      'sso-token',
      `${error.message}.`,
      'Store the "accessToken" from ~/.aws/sso/cache, or the whole JSON of that file, as the secret.',
    );
  }
}

function readSource(inputs: Inputs, token: SsoToken): SsoSource {
  const accountId = inputs.optional('sso-account-id');
  const roleName = inputs.optional('sso-role-name');
  const region = inputs.optional('sso-region') ?? token.region;
  if (accountId === undefined || roleName === undefined || region === undefined) {
    const settings = { 'sso-account-id': accountId, 'sso-role-name': roleName, 'sso-region': region };
    const lacking = Object.entries(settings).flatMap(([name, value]) => (value === undefined ? [`"${name}"`] : []));
    throw new CredentialError('INPUT_INVALID', `Input "sso-token" is given without ${lacking.join(', ')}`, {
      hint: `Give ${lacking.join(', ')} beside it; "aws configure sso" shows the values.`,
    });
  }
  if (!/^\d{12}$/.test(accountId)) {
    throw invalidInput(
      'sso-account-id',
      'is not an account id.',
      'Write its twelve digits, in quotes so that YAML keeps leading zeros.',
    );
  }
  if (!/^[\w+=,.@-]{1,32}$/.test(roleName)) {
    throw invalidInput(
      'sso-role-name',
      'is not the name of a permission set.',
      'Write its name alone, such as ReadOnly.',
    );
  }
  if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(region)) {
    throw invalidInput('sso-region', 'is not a region.', 'Write the region of IAM Identity Center, such as us-east-1.');
  }
  return { kind: 'sso', token, accountId, roleName, region };
}
