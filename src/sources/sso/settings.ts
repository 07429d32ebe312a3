import { invalidInput, type Refuse } from '../../contract/errors.ts';
import { findSection, type Profile, type Profiles } from '../../contract/profiles.ts';
import { regionPattern } from '../../formats/patterns.ts';
import type { SsoToken } from '../../formats/sso-token.ts';
import type { Inputs } from '../../inputs/inputs.ts';

/** An IAM Identity Center access token, exchanged for a permission set's role in an account. */
export interface SsoSource {
  readonly kind: 'sso';
  /** The token itself, bare or as the CLI's JSON; or the file in which the CLI keeps it, read when it is asked for. */
  readonly token: { readonly from: 'input'; readonly text: string } | { readonly from: 'cache'; readonly path: string };
  readonly accountId: string;
  readonly roleName: string;
  /** Of IAM Identity Center. */
  readonly region: string;
  /** What names the login, where it is known. */
  readonly startUrl?: string | undefined;
  readonly sessionName?: string | undefined;
  readonly profile?: string | undefined;
}

/** One setting, and how what gave it is refused. */
interface SsoSetting {
  readonly value: string;
  readonly refuse: Refuse;
}

/** What is to be got, and from where; a setting that nothing gives is absent. */
export interface SsoSettings {
  readonly accountId?: SsoSetting | undefined;
  readonly roleName?: SsoSetting | undefined;
  readonly region?: SsoSetting | undefined;
  readonly startUrl?: SsoSetting | undefined;
  readonly sessionName?: string | undefined;
  readonly profile?: string | undefined;
}

/** The names that a user knows the settings by. */
export type SettingNames = Readonly<Record<'accountId' | 'roleName' | 'region', string>>;

/** What a profile says; that of the session that it names wins over its own. Throws INPUT_INVALID. */
export function settingsOfProfile(profile: Profile, { ssoSessions, paths }: Profiles): SsoSettings {
  const setting = (key: string, get = profile.get): SsoSetting | undefined => {
    const value = get(key) || undefined;
    return value === undefined ? undefined : { value, refuse: (problem, hint) => profile.refuse(key, problem, hint) };
  };
  const ours = {
    profile: profile.name,
    accountId: setting('sso_account_id'),
    roleName: setting('sso_role_name'),
  };
  const sessionName = profile.get('sso_session') || undefined;
  if (sessionName === undefined) {
    return { ...ours, region: setting('sso_region'), startUrl: setting('sso_start_url') };
  }
  const session = findSection(ssoSessions, sessionName);
  const hint = 'Run "aws configure sso-session", which writes it.';
  if (session === undefined) {
    throw profile.refuse('sso_session', `names [sso-session ${sessionName}], which is not in ${paths.config}.`, hint);
  }
  const lacking = ['sso_region', 'sso_start_url'].filter((key) => !session(key));
  if (lacking.length > 0) {
    throw profile.refuse('sso_session', `names [sso-session ${sessionName}], which lacks ${quoted(lacking)}.`, hint);
  }
  return { ...ours, sessionName, region: setting('sso_region', session), startUrl: setting('sso_start_url', session) };
}

/** What the inputs say, else the profile, else the token itself. */
export function settingsOfInputs(
  inputs: Inputs,
  profile: SsoSettings,
  token: Pick<SsoToken, 'region' | 'startUrl'>,
): SsoSettings {
  const setting = (name: string, value: string | undefined): SsoSetting | undefined =>
    value === undefined ? undefined : { value, refuse: (problem, hint) => invalidInput(name, problem, hint) };
  const own = (name: string) => (problem: string, hint: string) =>
    invalidInput('sso-token', `has a "${name}" that ${problem}`, hint);
  const startUrl = inputs.optional('sso-start-url');
  return {
    ...profile,
    accountId: setting('sso-account-id', inputs.optional('sso-account-id')) ?? profile.accountId,
    roleName: setting('sso-role-name', inputs.optional('sso-role-name')) ?? profile.roleName,
    region:
      setting('sso-region', inputs.optional('sso-region')) ??
      profile.region ??
      (token.region === undefined ? undefined : { value: token.region, refuse: own('region') }),
    startUrl:
      setting('sso-start-url', startUrl) ??
      profile.startUrl ??
      (token.startUrl === undefined ? undefined : { value: token.startUrl, refuse: own('startUrl') }),
    // Another portal than the profile's is no login of its session.
    ...(startUrl === undefined || startUrl === profile.startUrl?.value ? {} : { sessionName: undefined }),
  };
}

/** The names of the settings that nothing gives. */
export function missingSettings(settings: SsoSettings, names: SettingNames): readonly string[] {
  return (['accountId', 'roleName', 'region'] as const).flatMap((key) =>
    settings[key] === undefined ? names[key] : [],
  );
}

/** Each in quotes, by comma. */
export function quoted(names: readonly string[]): string {
  return names.map((name) => `"${name}"`).join(', ');
}

/** The source, each of its settings checked. Throws INPUT_INVALID. */
export function complete(token: SsoSource['token'], { sessionName, profile, ...settings }: SsoSettings): SsoSource {
  const { accountId, roleName, region, startUrl } = settings;
  const twelve = 'Write its twelve digits, in quotes so that YAML keeps leading zeros.';
  return {
    kind: 'sso',
    token,
    accountId: checkSsoSetting(accountId, /^\d{12}$/, 'is not an account id.', twelve),
    roleName: checkSsoSetting(
      roleName,
      /^[\w+=,.@-]{1,32}$/,
      'is not the name of a permission set.',
      'Write its name alone, such as ReadOnly.',
    ),
    region: checkSsoSetting(
      region,
      regionPattern,
      'is not a region.',
      'Write the region of IAM Identity Center, such as us-east-1.',
    ),
    ...(startUrl === undefined
      ? {}
      : {
          startUrl: checkSsoSetting(
            startUrl,
            /^https?:\/\/[\x21-\x7e]+$/,
            'is not a URL.',
            'Write the URL of the AWS access portal, such as https://d-1234567890.awsapps.com/start.',
          ),
        }),
    ...(sessionName === undefined ? {} : { sessionName }),
    ...(profile === undefined ? {} : { profile }),
  };
}

function checkSsoSetting(setting: SsoSetting | undefined, pattern: RegExp, problem: string, hint: string): string {
  if (setting === undefined) throw new Error('a setting is checked that is not there');
  if (pattern.test(setting.value)) return setting.value;
  throw setting.refuse(problem, hint);
}
