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
  /** Where it stands in `role-chain`. */
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

const keys: readonly string[] = ['role-arn', ...Object.values(settingKeys)];

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
    if (item.kind !== 'map') {
      throw refusal(label, item.line, 'is not a map.', 'Write "- role-arn: arn:…", and its settings below it.');
    }
    checkKeys(item, label);
    const written = settingReader(item, label, mask);
    return {
      role: readRole(item, label),
      label: items.length === 1 ? 'role-chain' : label,
      line: item.line,
      settings: readSettings(written),
    };
  });
}

function refusal(label: string, line: number, problem: string, hint: string): CredentialError {
  return new CredentialError('INPUT_INVALID', `Input "role-chain", ${label} (line ${line}): ${problem}`, { hint });
}

function checkKeys({ entries }: YamlMap, label: string): void {
  const unknown = entries.find(({ key }) => !keys.includes(key));
  if (unknown === undefined) return;
  const close = nearest(unknown.key, [...keys, ...synonyms.keys()]) ?? 'role-arn';
  const hint = `Did you mean "${synonyms.get(close) ?? close}"? The keys are ${keys.join(', ')}.`;
  throw refusal(label, unknown.line, `${JSON.stringify(unknown.key.slice(0, 64))} is no key of a hop.`, hint);
}

function readRole(item: YamlMap, label: string): string {
  const hint = 'Write arn:aws:iam::111122223333:role/NAME, or the NAME alone.';
  const entry = entryOf(item, 'role-arn');
  const role = entry?.value.kind === 'text' ? entry.value.text.trim() : '';
  if (entry === undefined || (role === '' && entry.value.kind === 'text')) {
    throw refusal(label, entry?.line ?? item.line, '"role-arn" is missing.', hint);
  }
  if (isRole(role)) return role;
  throw refusal(label, entry.line, '"role-arn" is neither a role ARN nor a role name.', hint);
}

/** One hop's settings; each is checked for its kind here, and for what it says by the rules of all settings. */
function settingReader(item: YamlMap, label: string, mask: (secret: string) => void): SettingReader {
  const refuse: SettingReader['refuse'] = (setting, problem, hint) => {
    const key = settingKeys[setting];
    return refusal(label, entryOf(item, key)?.line ?? item.line, `"${key}" ${problem}`, hint);
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

function entryOf({ entries }: YamlMap, key: string): YamlEntry | undefined {
  return entries.find((entry) => entry.key === key);
}
