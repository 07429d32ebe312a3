import { CredentialError, invalidInput } from '../../contract/errors.ts';
import { findProfile, type Profile, type Profiles } from '../../contract/profiles.ts';
import { regionPattern } from '../../formats/patterns.ts';
import { NotAToken, parseSsoToken, type SsoToken, secretsInSsoToken, writeSsoToken } from '../../formats/sso-token.ts';
import type { Inputs } from '../../inputs/inputs.ts';
import { readProfileEndpoints } from '../profile-endpoints.ts';
import { type Applicable, notApplicable, type Selection, type SourceContext } from '../source.ts';
import { cacheFile } from './login.ts';
import {
  complete,
  missingSettings,
  quoted,
  type SsoSettings,
  type SsoSource,
  settingsOfInputs,
  settingsOfProfile,
} from './settings.ts';

/** What is given of the two that an SSO session takes: the token, and the name of the profile that its settings stand in. */
export interface SsoRequest {
  readonly text: string | undefined;
  readonly profile: string | undefined;
}

/** The source for what is given. Throws INPUT_INVALID. */
export async function selectSso(
  { text, profile: name }: SsoRequest,
  context: SourceContext,
): Promise<Selection<SsoSource>> {
  const { inputs, roles } = context;
  const because = text === undefined ? '"source-profile" is given' : '"sso-token" is given';
  const selection = (source: SsoSource): Applicable<SsoSource> => ({ source, because, hops: roles, roleSession: true });
  if (name === undefined) return selection(sourceOfToken(text ?? '', inputs));
  const profiles = await context.profiles();
  const profile = findProfile(profiles, name);
  if (profile === undefined) return missing(name, profiles, text);
  const brought = { ...regionOf(profile), endpoints: readProfileEndpoints(profile, profiles) };
  if (text !== undefined) {
    return { ...selection(sourceOfToken(text, inputs, settingsOfProfile(profile, profiles))), ...brought };
  }
  if (ssoKeys.every((key) => profile.get(key) === undefined)) {
    return notApplicable(
      `the profile ${name} has no SSO settings`,
      'Run "aws configure sso", which writes them, or give "sso-token".',
    );
  }
  // Whether anybody has logged in on this machine shows only when the token is read.
  return { ...selection(sourceOfProfile(profile, profiles, inputs)), ...brought, mayBeEmpty: true };
}

const ssoKeys = ['sso_session', 'sso_start_url', 'sso_account_id', 'sso_role_name', 'sso_region'] as const;

function missing(name: string, { paths }: Profiles, text: string | undefined): Selection<never> {
  const problem = `names the profile ${name}, which is in neither ${paths.config} nor ${paths.credentials}`;
  const hint = 'AWS_CONFIG_FILE and AWS_SHARED_CREDENTIALS_FILE name other files.';
  if (text === undefined) return notApplicable(`"source-profile" ${problem}`, hint);
  throw invalidInput('source-profile', `${problem}.`, hint);
}

function regionOf(profile: Profile): Pick<Applicable<SsoSource>, 'region'> {
  const region = profile.get('region');
  if (region === undefined) return {};
  if (regionPattern.test(region)) return { region };
  throw profile.refuse('region', 'is not a region.', 'Write, for example, us-east-1.');
}

/** The source that `sso-token` is for: settings are the inputs', else the profile's, else the token's own. Throws INPUT_INVALID. */
function sourceOfToken(given: string, inputs: Inputs, profile: SsoSettings = {}): SsoSource {
  const token = readToken(given);
  for (const secret of secretsInSsoToken(given)) inputs.mask(secret);
  const names = { accountId: 'sso-account-id', roleName: 'sso-role-name', region: 'sso-region' } as const;
  const settings = settingsOfInputs(inputs, profile, token);
  const lacking = missingSettings(settings, names);
  if (lacking.length === 0) return complete({ from: 'input', text: writeSsoToken(given) }, settings);
  const beside = profile.profile === undefined ? '' : `, and the profile ${profile.profile} does not say them either`;
  throw new CredentialError('INPUT_INVALID', `Input "sso-token" is given without ${quoted(lacking)}${beside}`, {
    hint: `Give ${quoted(lacking)} beside it; "aws configure sso" shows the values.`,
  });
}

/** The source that a profile asks for with the token that the CLI keeps on this machine; what the inputs say wins over the profile. Throws INPUT_INVALID. */
export function sourceOfProfile(profile: Profile, profiles: Profiles, inputs: Inputs): SsoSource {
  const settings = settingsOfInputs(inputs, settingsOfProfile(profile, profiles), {});
  const names = { accountId: 'sso_account_id', roleName: 'sso_role_name', region: 'sso_region' } as const;
  const { startUrl, sessionName } = settings;
  const [first, ...more] = [...missingSettings(settings, names), ...(startUrl === undefined ? ['sso_start_url'] : [])];
  const login = sessionName ?? startUrl?.value;
  if (first === undefined && login !== undefined) return complete({ from: 'cache', path: cacheFile(login) }, settings);
  const others = more.length === 0 ? '' : `, and so ${more.length === 1 ? 'is' : 'are'} ${quoted(more)}`;
  throw profile.refuse(
    first ?? 'sso_start_url',
    `is missing${others}.`,
    'Run "aws configure sso", which writes them all.',
  );
}

function readToken(text: string): SsoToken {
  try {
    return parseSsoToken(text);
  } catch (error) {
    if (!(error instanceof NotAToken)) throw error;
    const hint = 'Store the "accessToken" from ~/.aws/sso/cache, or the whole JSON of that file, as the secret.';
    throw invalidInput('sso-token', `${error.message}.`, hint);
  }
}
