import { CredentialError, invalidInput } from '../../contract/errors.ts';
import type { Env, Host, Logins } from '../../contract/ports.ts';
import { readClaims } from '../../formats/jwt.ts';
import type { YamlEntry } from '../../formats/yaml.ts';
import type { Inputs } from '../../inputs/inputs.ts';
import { readAudience, whyNoIdToken } from '../../roles/web-identity.ts';

/** Who vouches for an identity of Cognito: the job's GitHub ID token, tokens that the workflow hands over, or nobody. */
export type LoginSource =
  | { readonly by: 'job'; readonly audience: string }
  | { readonly by: 'tokens'; readonly logins: Logins }
  | { readonly by: 'nobody' };

/** Why nobody vouches: no tokens are given, and the job's ID token cannot be had; undefined where somebody does. */
export function whyNoLogins(inputs: Inputs, env: Env): CredentialError | undefined {
  const lack = inputs.optional('cognito-logins') === undefined ? whyNoIdToken(inputs, env) : undefined;
  if (lack === undefined) return undefined;
  const otherwise = 'Or give "cognito-logins"; "cognito-logins: {}" asks for a guest of a pool that takes guests.';
  const message = `${lack.message}, and "cognito-logins" is not given`;
  return new CredentialError(lack.code, message, { hint: `${lack.hint}\n${otherwise}` });
}

/** Reads `cognito-logins`, masked; where it is not given, the job's ID token vouches. Throws INPUT_INVALID. */
export function readLoginSource(inputs: Inputs): LoginSource {
  const node = inputs.yaml('cognito-logins');
  if (node === undefined) return { by: 'job', audience: readAudience(inputs, 'cognito-identity.amazonaws.com') };
  if (node.kind !== 'map') {
    const hint =
      'Write a line for each: the name of the provider, such as accounts.google.com, a colon, and its token from a secret.';
    throw invalidInput('cognito-logins', 'is not a map of tokens by provider.', hint);
  }
  for (const { value } of node.entries) if (value.kind === 'text' && value.text !== '') inputs.mask(value.text);
  if (node.entries.length === 0) return { by: 'nobody' };
  return { by: 'tokens', logins: Object.fromEntries(node.entries.map(readLogin)) };
}

/** https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_GetId.html */
function readLogin({ key, line, value }: YamlEntry): readonly [provider: string, token: string] {
  if (!/^[\x21-\x7e]{1,128}$/.test(key) || /^https?:/.test(key)) {
    throw invalidInput(
      'cognito-logins',
      `has a key in line ${line} that names no provider.`,
      'Write the name as the pool has it: without https:// and without blanks.',
    );
  }
  if (value.kind === 'text' && /^[\x21-\x7e]{4,50000}$/.test(value.text)) return [key, value.text];
  throw invalidInput(
    'cognito-logins',
    `has no usable token for ${key}.`,
    'Give it whole, from a secret; an empty secret, as in a pull request from a fork, is none.',
  );
}

/** The vouchers for the log; never a token. */
export function describeLoginSource(vouchers: LoginSource): string {
  switch (vouchers.by) {
    case 'job':
      return `audience ${vouchers.audience}`;
    case 'tokens':
      return `by ${Object.keys(vouchers.logins).join(', ')}`;
    case 'nobody':
      return 'as a guest';
  }
}

/** The tokens; the job's ID token is minted for it. Throws CredentialError. */
export async function mintLogins(vouchers: LoginSource, host: Host): Promise<Logins> {
  switch (vouchers.by) {
    case 'job': {
      const token = await host.idToken(vouchers.audience);
      return { [providerOf(token)]: token };
    }
    case 'tokens':
      return vouchers.logins;
    case 'nobody':
      return {};
  }
}

/** IAM names a provider by its issuer: an enterprise, or a server of its own, may have one that is not github.com's. */
function providerOf(token: string): string {
  const { issuer = '' } = readClaims(token);
  return /^https:\/\/(.+)$/.exec(issuer)?.[1] ?? 'token.actions.githubusercontent.com';
}
