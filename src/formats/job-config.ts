import { placeSection, profileNamed, type Section, sectionsIn, unplaceSection } from './ini.ts';

/** The settings of a profile that say where credentials come from, and its region, which is ours. https://docs.aws.amazon.com/sdkref/latest/guide/settings-reference.html */
const replaced =
  /^(?:region|aws_access_key_id|aws_secret_access_key|aws_session_token|aws_security_token|aws_account_id|credential_process|credential_source|source_profile|role_arn|role_session_name|external_id|mfa_serial|duration_seconds|web_identity_token_file|login_session|sso_\w+)$/i;

/** The user's config file with our settings as its `[default]`; other settings of theirs stay if they do not say where credentials come from. */
export function composeConfig(text: string, ours: Readonly<Record<string, string>>): string {
  const old = defaultsIn(text, 'config');
  const kept = Object.assign({}, ...old.map(({ start, end }) => settingsIn(text.slice(start, end))));
  const names = Object.keys(kept).filter((name) => !replaced.test(name) && !(name in ours));
  const depth = deepestHeader(text) + 2;
  const keys = { ...ours, ...Object.fromEntries(names.map((name) => [name, indented(kept[name], depth)])) };
  const content = { header: 'default', keys };
  if (old.length === 0) return placeSection(text, content, undefined).text;
  // From the last, so that the places of the others stay; several of them are read as one, so all get the same.
  return old.toReversed().reduce((rest, section) => placeSection(rest, content, section).text, text);
}

/** The user's credentials file without `[default]`; undefined if it has none, and so need not be copied. */
export function withoutDefault(text: string): string | undefined {
  const old = defaultsIn(text, 'credentials');
  if (old.length === 0) return undefined;
  return old.toReversed().reduce((rest, section) => unplaceSection(rest, section, { before: '', joint: '' }), text);
}

/** The profiles of a config file that start from `[default]`, and so from our session from now on. */
export function profilesFromDefault(text: string): readonly string[] {
  return sectionsIn(text).flatMap((section) => {
    const name = profileNamed(section.header, 'config');
    const source = settingsIn(text.slice(section.start, section.end)).source_profile?.[0];
    return name !== undefined && name !== 'default' && source === 'default' ? [name] : [];
  });
}

function defaultsIn(text: string, file: 'credentials' | 'config'): readonly Section[] {
  return sectionsIn(text).filter(({ header }) => profileNamed(header, file) === 'default');
}

/** The settings of one section by name, each value as its lines. A line that is indented deeper than its key goes on with its value. */
function settingsIn(section: string): Readonly<Record<string, readonly string[]>> {
  const settings = new Map<string, readonly string[]>();
  let last: { readonly name: string; readonly depth: number } | undefined;
  for (const line of section.split(/[\r\n]+/).slice(1)) {
    const content = line.trim();
    if (content === '' || content.startsWith('#') || content.startsWith(';')) continue;
    const depth = depthOf(line);
    if (last !== undefined && depth > last.depth) {
      settings.set(last.name, [...(settings.get(last.name) ?? []), content]);
      continue;
    }
    const delimiter = content.search(/[=:]/);
    const name = content.slice(0, Math.max(delimiter, 0)).trim().toLowerCase();
    last = { name, depth };
    if (name !== '') settings.set(name, [content.slice(delimiter + 1).trim()]);
  }
  return Object.fromEntries(settings);
}

function depthOf(line: string): number {
  return line.length - line.trimStart().length;
}

/** The value as it is written after its key, its other lines deeper than any header, and so than any key before one. */
function indented(lines: readonly string[] = [], depth: number): string {
  return lines.join(`\n${' '.repeat(depth)}`);
}

function deepestHeader(text: string): number {
  return Math.max(0, ...sectionsIn(text).map(({ start, end }) => depthOf(text.slice(start, end))));
}
