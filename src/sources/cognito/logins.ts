import { CredentialError, invalidInput } from '../../contract/errors.ts';
import type { Env, Host, Logins } from '../../contract/ports.ts';
import { readClaims } from '../../formats/jwt.ts';
import type { YamlEntry } from '../../formats/yaml.ts';
import type { Inputs } from '../../inputs/inputs.ts';
import { readAudience, whyNoIdToken } from '../../roles/web-identity.ts';

/** Where the logins for Cognito come from: the job's GitHub ID token, tokens from the input, or none (a guest). */
export type LoginSource =
  | { readonly by: 'job'; readonly audience: string }
  | { readonly by: 'tokens'; readonly logins: Logins }
  | { readonly by: 'nobody' };

/** Why there are no logins: no tokens are given, and the job's ID token is not available; undefined if there are. */
export function whyNoLogins(inputs: Inputs, env: Env): CredentialError | undefined {
  const reason = inputs.optional('cognito-logins') === undefined ? whyNoIdToken(inputs, env) : undefined;
  if (reason === undefined) return undefined;
  const alternative =
    'Or provide "cognito-logins"; "cognito-logins: {}" requests a guest identity, if the pool allows guests.';
  const message = `${reason.message}, and "cognito-logins" is not given`;
  return new CredentialError(reason.code, message, { hint: `${reason.hint}\n${alternative}` });
}

/** Reads `cognito-logins` and masks the tokens; if it is not given, the job's ID token is used. Throws INPUT_INVALID. */
export function readLoginSource(inputs: Inputs): LoginSource {
  const node = inputs.yaml('cognito-logins');
  if (node === undefined) return { by: 'job', audience: readAudience(inputs, 'cognito-identity.amazonaws.com') };
  if (node.kind !== 'map') {
    const hint =
      'Write one line for each provider: its name, such as accounts.google.com, a colon, and its token from a secret.';
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
      `has an invalid provider name in line ${line}.`,
      'Write the name as in the pool, without https:// and without spaces.',
    );
  }
  if (value.kind === 'text' && /^[\x21-\x7e]{4,50000}$/.test(value.text)) return [key, value.text];
  throw invalidInput(
    'cognito-logins',
    `has no valid token for ${key}.`,
    'Provide the complete token from a secret; an empty secret, as in a pull request from a fork, counts as not set.',
  );
}

/** The logins for the log; never a token. */
export function describeLoginSource(source: LoginSource): string {
  switch (source.by) {
    case 'job':
      return `audience ${source.audience}`;
    case 'tokens':
      return `by ${Object.keys(source.logins).join(', ')}`;
    case 'nobody':
      return 'as a guest';
  }
}

/** The tokens by provider; requests the job's ID token if it is used. Throws CredentialError. */
export async function mintLogins(source: LoginSource, host: Host): Promise<Logins> {
  switch (source.by) {
    case 'job': {
      const token = await host.idToken(source.audience);
      return { [providerOf(token)]: token };
    }
    case 'tokens':
      return source.logins;
    case 'nobody':
      return {};
  }
}

/** IAM names a provider by its issuer, which differs on GitHub Enterprise. */
function providerOf(token: string): string {
  const { issuer = '' } = readClaims(token);
  return /^https:\/\/(.+)$/.exec(issuer)?.[1] ?? 'token.actions.githubusercontent.com';
}
