import { CredentialError, invalidInput } from '../contract/errors.ts';
import { regionPattern } from '../formats/patterns.ts';
import { isProfileName, profileNameRule } from '../formats/profile-name.ts';
import type { YamlEntry, YamlMap, YamlNode } from '../formats/yaml.ts';
import { isRole } from './role.ts';
import { type ChainEntry, checkKeys, entryOf, hopKeys, readHop, refuseAt } from './role-chain.ts';

/** One profile as `profiles` describes it. */
export interface ProfileEntry {
  readonly name: string;
  readonly line: number;
  /** Absent: the region of the step. */
  readonly region?: string | undefined;
  /** None: the shared session itself. */
  readonly entries: readonly ChainEntry[];
}

type Mask = (secret: string) => void;

const roleHint = 'Write arn:aws:iam::111122223333:role/NAME, or the NAME alone.';
const nothingHint = 'Write its role behind the colon, or {} for the session of the shared role.';
const profileKeys: readonly string[] = [...hopKeys, 'roles', 'region'];

/** The profiles in `profiles`, as they are listed. Throws INPUT_INVALID, naming profile, line and key. */
export function readProfileMap(node: YamlNode, mask: Mask): readonly ProfileEntry[] {
  const hint = 'Write "NAME: arn:aws:iam::111122223333:role/ROLE" on a line for each profile.';
  if (node.kind !== 'map') throw invalidInput('profiles', `is a ${node.kind}, not a map of profiles.`, hint);
  if (node.entries.length === 0) throw invalidInput('profiles', 'is an empty map.', hint);
  const lines = new Map<string, number>();
  return node.entries.map((entry) => {
    const { key, line } = entry;
    const place = placeOfProfile(key);
    if (!isProfileName(key)) throw refuseAt(place, line, profileNameRule.problem, profileNameRule.hint);
    const first = lines.get(key);
    if (first !== undefined) {
      throw refuseAt(place, line, `the name is in line ${first} already.`, 'Give each profile a name of its own.');
    }
    lines.set(key, line);
    return { name: key, line, ...readProfile(entry, place, mask) };
  });
}

function placeOfProfile(name: string): string {
  return `Input "profiles", ${isProfileName(name) ? name : JSON.stringify(name.slice(0, 64))}`;
}

function readProfile(entry: YamlEntry, place: string, mask: Mask): Pick<ProfileEntry, 'region' | 'entries'> {
  const { key: profile, value, line } = entry;
  switch (value.kind) {
    case 'text':
      if (value.text.trim() === '') throw refuseAt(place, line, 'it has no role.', nothingHint);
      return { entries: [{ ...roleIn(value.text, place, line), profile, label: `profile ${profile}` }] };
    case 'list':
      return { entries: readList(value.items, entry, mask) };
    case 'map':
      if (value.entries.length === 0) return { entries: [] };
      return readMap(value, entry, mask);
  }
}

function readMap(map: YamlMap, entry: YamlEntry, mask: Mask): Pick<ProfileEntry, 'region' | 'entries'> {
  const place = placeOfProfile(entry.key);
  checkKeys(map, place, { keys: profileKeys, of: 'a profile' });
  const region = readRegionOf(map, place);
  const roles = entryOf(map, 'roles');
  if (roles === undefined) return { region, entries: [readRole(map, entry, mask)] };
  const other = map.entries.find(({ key }) => key !== 'roles' && key !== 'region');
  if (other !== undefined) {
    const hint = 'Write it in the element of "roles" that it is for.';
    throw refuseAt(place, other.line, `"${other.key}" and "roles" are both given.`, hint);
  }
  if (roles.value.kind === 'list')
    return { region, entries: readList(roles.value.items, { ...roles, key: entry.key }, mask) };
  const problem = `"roles" is a ${roles.value.kind}, where a list belongs.`;
  throw refuseAt(place, roles.line, problem, 'Write "- arn:…" for each role.');
}

function readRole(map: YamlMap, { key: profile, line }: YamlEntry, mask: Mask): ChainEntry {
  const roleMap: YamlMap = { ...map, entries: map.entries.filter(({ key }) => key !== 'region') };
  return { ...readHop(roleMap, placeOfProfile(profile), mask), line, profile, label: `profile ${profile}` };
}

function readList(items: readonly YamlNode[], { key: profile, line }: YamlEntry, mask: Mask): readonly ChainEntry[] {
  if (items.length === 0) throw refuseAt(placeOfProfile(profile), line, 'it has an empty list of roles.', nothingHint);
  return items.map((item, index) => {
    const hop = `hop ${index + 1} of ${items.length}`;
    const label = items.length === 1 ? `profile ${profile}` : hop;
    const place = `${placeOfProfile(profile)}, ${hop}`;
    if (item.kind === 'text') return { ...roleIn(item.text, place, item.line), profile, label };
    if (item.kind === 'list') throw refuseAt(place, item.line, 'is a list, where one role belongs.', roleHint);
    checkKeys(item, place, { keys: hopKeys, of: 'a hop' });
    return { ...readHop(item, place, mask), line: item.line, profile, label };
  });
}

function roleIn(text: string, place: string, line: number): Pick<ChainEntry, 'role' | 'line' | 'settings'> {
  const role = text.trim();
  if (isRole(role)) return { role, line, settings: {} };
  throw refuseAt(place, line, 'is neither a role ARN nor a role name.', roleHint);
}

function readRegionOf(map: YamlMap, place: string): string | undefined {
  const entry = entryOf(map, 'region');
  if (entry === undefined) return undefined;
  const text = entry.value.kind === 'text' ? entry.value.text.trim() : '';
  if (regionPattern.test(text)) return text;
  throw refuseAt(place, entry.line, '"region" is not a region.', 'Write, for example, "region: us-east-1".');
}

/** What a map of profiles is refused for together with other inputs. */
export function profilesConflict(message: string, hint: string): CredentialError {
  return new CredentialError('INPUT_CONFLICT', message, { hint });
}
