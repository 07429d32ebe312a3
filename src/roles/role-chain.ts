import { CredentialError, invalidInput } from '../contract/errors.ts';
import type { Tag } from '../contract/hop.ts';
import { nearest } from '../formats/nearest.ts';
import type { YamlEntry, YamlMap, YamlNode } from '../formats/yaml.ts';
import { type HopSettingName, type HopSettings, readSettings, type SettingReader } from './hop-settings.ts';
import { isRole } from './role.ts';
import { customTags } from './tags.ts';

/** One hop as `role-chain` describes it. */
export interface ChainEntry {
  readonly role: string;
  readonly label: string;
  /** The profile of `profiles` that it is for. */
  readonly profile?: string | undefined;
  /** Its line in `role-chain` or `profiles`. */
  readonly line?: number | undefined;
  readonly settings: HopSettings;
}

const settingKeys: Readonly<Record<HopSettingName, string>> = {
  sessionName: 'session-name',
  durationSeconds: 'duration-seconds',
  externalId: 'external-id',
  inlinePolicy: 'inline-session-policy',
  managedPolicies: 'managed-session-policies',
  sourceIdentity: 'source-identity',
  mfaSerial: 'mfa-serial',
  mfaCode: 'mfa-code',
  tags: 'tags',
  transitiveTagKeys: 'transitive-tag-keys',
};

/** The keys of one hop. */
export const hopKeys: readonly string[] = ['role-arn', ...Object.values(settingKeys)];

/** What people who know the inputs write instead. */
const synonyms: ReadonlyMap<string, string> = new Map([
  ['role', 'role-arn'],
  ['role-to-assume', 'role-arn'],
  ['role-session-name', 'session-name'],
  ['role-duration-seconds', 'duration-seconds'],
  ['role-external-id', 'external-id'],
  ['custom-tags', 'tags'],
  ['session-tags', 'tags'],
]);

/** The hops in `role-chain`, first to last. Throws INPUT_INVALID, naming hop, line and key. */
export function readRoleChain(node: YamlNode, mask: (secret: string) => void): readonly ChainEntry[] {
  if (node.kind !== 'list' || node.items.length === 0) {
    throw invalidInput('role-chain', 'is not a list of hops.', 'Write "- role-arn: arn:…" for each hop.');
  }
  const { items } = node;
  return items.map((item, index) => {
    const label = `hop ${index + 1} of ${items.length}`;
    const place = `Input "role-chain", ${label}`;
    if (item.kind !== 'map') {
      throw refuseAt(place, item.line, 'is not a map.', 'Write "- role-arn: arn:…", and its settings below it.');
    }
    checkKeys(item, place, { keys: hopKeys, of: 'a hop' });
    return {
      ...readHop(item, place, mask),
      label: items.length === 1 ? 'role-chain' : label,
      line: item.line,
    };
  });
}

/** The role and the settings of one hop, whose keys are known; `place` begins each refusal. Throws INPUT_INVALID. */
export function readHop(item: YamlMap, place: string, mask: (secret: string) => void): Omit<ChainEntry, 'label'> {
  return { role: readRole(item, place), settings: readSettings(settingReader(item, place, mask)) };
}

/** INPUT_INVALID for a place in an input, such as `Input "role-chain", hop 1 of 2`, and its line. */
export function refuseAt(place: string, line: number, problem: string, hint: string): CredentialError {
  return new CredentialError('INPUT_INVALID', `${place} (line ${line}): ${problem}`, { hint });
}

/** Throws INPUT_INVALID for a key that is unknown, or that the map has twice. */
export function checkKeys(
  { entries }: YamlMap,
  place: string,
  { keys, of }: { readonly keys: readonly string[]; readonly of: string },
): void {
  const twice = entries.find(({ key }, index) => entries.findIndex((other) => other.key === key) < index);
  if (twice !== undefined && keys.includes(twice.key)) {
    throw refuseAt(place, twice.line, `"${twice.key}" is given twice.`, 'Keep one of them.');
  }
  const unknown = entries.find(({ key }) => !keys.includes(key));
  if (unknown === undefined) return;
  const close = nearest(unknown.key, [...keys, ...synonyms.keys()]) ?? 'role-arn';
  const hint = `Did you mean "${synonyms.get(close) ?? close}"? The keys are ${keys.join(', ')}.`;
  throw refuseAt(place, unknown.line, `${JSON.stringify(unknown.key.slice(0, 64))} is not a key of ${of}.`, hint);
}

function readRole(item: YamlMap, place: string): string {
  const hint = 'Write arn:aws:iam::111122223333:role/NAME, or the NAME alone.';
  const entry = entryOf(item, 'role-arn');
  const role = entry?.value.kind === 'text' ? entry.value.text.trim() : '';
  if (entry === undefined || (role === '' && entry.value.kind === 'text')) {
    throw refuseAt(place, entry?.line ?? item.line, '"role-arn" is missing.', hint);
  }
  if (isRole(role)) return role;
  throw refuseAt(place, entry.line, '"role-arn" is neither a role ARN nor a role name.', hint);
}

/** One hop's settings; each is checked for its kind here, and for what it says by the rules of all settings. */
function settingReader(item: YamlMap, place: string, mask: (secret: string) => void): SettingReader {
  const refuse: SettingReader['refuse'] = (setting, problem, hint) => {
    const key = settingKeys[setting];
    return refuseAt(place, entryOf(item, key)?.line ?? item.line, `"${key}" ${problem}`, hint);
  };
  const valueAt = (setting: HopSettingName): YamlNode | undefined => {
    const value = entryOf(item, settingKeys[setting])?.value;
    return value?.kind === 'text' && value.text.trim() === '' ? undefined : value;
  };
  const text = (setting: HopSettingName): string | undefined => {
    const value = valueAt(setting);
    if (value === undefined || value.kind === 'text') return value?.text.trim();
    throw refuse(setting, `is a ${value.kind}, where one text belongs.`, 'Write the value behind the colon.');
  };
  const textOf = (node: YamlNode, setting: HopSettingName): string => {
    if (node.kind === 'text') return node.text.trim();
    throw refuse(setting, `holds a ${node.kind} in line ${node.line}, where one text belongs.`, 'Write text there.');
  };
  return {
    refuse,
    text,
    secret: (setting) => {
      const value = text(setting);
      if (value !== undefined) mask(value);
      return value;
    },
    list: (setting) => {
      const value = valueAt(setting);
      if (value?.kind === 'map')
        throw refuse(setting, 'is a map, where a list belongs.', 'Write "- …" for each element.');
      if (value?.kind === 'list') return value.items.map((element) => textOf(element, setting));
      return value?.text.split(/\r?\n/).flatMap((line) => line.trim() || []);
    },
    tags: (): readonly Tag[] | undefined => {
      const value = valueAt('tags');
      if (value === undefined) return undefined;
      if (value.kind !== 'map')
        throw refuse('tags', `is not a map.`, 'Write "Team: red" below it, a line for each tag.');
      const pairs = value.entries.map((entry) => [entry.key, textOf(entry.value, 'tags')] as const);
      return customTags(pairs, (problem, hint) => refuse('tags', problem, hint));
    },
  };
}

/** The entry of a key. */
export function entryOf({ entries }: YamlMap, key: string): YamlEntry | undefined {
  return entries.find((entry) => entry.key === key);
}
