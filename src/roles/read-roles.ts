import { CredentialError } from '../contract/errors.ts';
import type { Hop, Tag } from '../contract/hop.ts';
import type { Env } from '../contract/ports.ts';
import type { Inputs } from '../inputs/inputs.ts';
import { type HopSettings, readInputSettings } from './hop-settings.ts';
import { chainedSessionLimit, checkRole } from './role.ts';
import { type ChainEntry, readRoleChain } from './role-chain.ts';
import { findTag, isDefaultTag, mergeTags } from './tags.ts';

/** The roles asked for, first to last, and what the user should hear about them. */
export interface Roles {
  readonly hops: readonly Hop[];
  readonly warnings: readonly string[];
}

/** The inputs and the environment that roles are read from. */
export interface RoleContext {
  readonly inputs: Inputs;
  readonly env: Env;
}

/** Some settings are asked of the last hop alone. */
export type HopPosition = 'last' | 'before others';

/** The hops that `role-to-assume` or `role-chain` asks for. Throws INPUT_INVALID, INPUT_CONFLICT. */
export function readRoles(context: RoleContext): Roles {
  const shared = readSharedSettings(context);
  const entries = readEntries(context.inputs);
  const last = entries.length - 1;
  const hops = entries.map((entry, index) => makeHop(entry, index === last ? 'last' : 'before others', shared));
  return { hops, warnings: tagWarnings(entries, shared) };
}

/** The hop that AWS_ROLE_ARN asks for, with what the inputs ask of hops at that place. Throws INPUT_INVALID. */
export function hopOfMachine(role: string, sessionName: string, place: HopPosition, context: RoleContext): Hop {
  return makeHop({ role, label: 'AWS_ROLE_ARN', settings: { sessionName } }, place, readSharedSettings(context));
}

/** The hop that a profile asks for; what the inputs ask of hops at that place wins over the profile. */
export function hopOfProfile(profile: ChainEntry, place: HopPosition, context: RoleContext): Hop {
  const shared = readSharedSettings(context);
  const { sessionName, durationSeconds, externalId, mfa } = shared.settings;
  const asked: HopSettings = place === 'last' ? { durationSeconds, externalId, mfa } : {};
  const settings: HopSettings = {
    sessionName: sessionName ?? profile.settings.sessionName,
    durationSeconds: asked.durationSeconds ?? profile.settings.durationSeconds,
    externalId: asked.externalId ?? profile.settings.externalId,
    mfa: asked.mfa ?? profile.settings.mfa,
  };
  return makeHop({ ...profile, settings }, place, shared);
}

function readEntries(inputs: Inputs): readonly ChainEntry[] {
  const chain = inputs.yaml('role-chain');
  const roles = inputs.lines('role-to-assume');
  if (chain === undefined) {
    return roles.map((role, index) => {
      checkRole('role-to-assume', role);
      const label = roles.length === 1 ? 'role-to-assume' : `hop ${index + 1} of ${roles.length}`;
      return { role, label, settings: {} };
    });
  }
  if (roles.length === 0) return readRoleChain(chain, inputs.mask);
  throw new CredentialError('INPUT_CONFLICT', 'Inputs "role-chain" and "role-to-assume" both name the roles', {
    hint: 'Keep one of them: "role-chain" says everything hop by hop.',
  });
}

/** What the inputs ask of more than one hop. */
interface SharedSettings {
  readonly settings: HopSettings;
  readonly tagging: 'wanted' | 'skipped';
  readonly specialCharacters: 'avoided' | undefined;
}

function readSharedSettings({ inputs }: RoleContext): SharedSettings {
  return {
    settings: readInputSettings(inputs),
    tagging: inputs.flag('role-skip-session-tagging', false) ? 'skipped' : 'wanted',
    specialCharacters: inputs.flag('special-characters-workaround', false) ? 'avoided' : undefined,
  };
}

/** A hop's own settings win over those that the inputs ask of it. */
function makeHop({ role, label, line, settings: own }: ChainEntry, place: HopPosition, shared: SharedSettings): Hop {
  const { settings } = shared;
  const asked: HopSettings = place === 'last' ? settings : {};
  const tagged = shared.tagging === 'wanted';
  return {
    role,
    label,
    line,
    sessionName: own.sessionName ?? settings.sessionName ?? 'GitHubActions',
    durationSeconds: own.durationSeconds ?? asked.durationSeconds ?? chainedSessionLimit,
    externalId: own.externalId ?? asked.externalId,
    inlinePolicy: own.inlinePolicy ?? asked.inlinePolicy,
    managedPolicies: own.managedPolicies ?? asked.managedPolicies,
    sourceIdentity: own.sourceIdentity ?? asked.sourceIdentity,
    mfa: own.mfa ?? asked.mfa,
    specialCharacters: place === 'last' ? shared.specialCharacters : undefined,
    tags: tagged ? tagsOf(settings.tags, own.tags) : undefined,
    transitiveTagKeys: tagged ? (own.transitiveTagKeys ?? settings.transitiveTagKeys) : undefined,
  };
}

function tagsOf(shared: readonly Tag[] | undefined, own: readonly Tag[] | undefined): readonly Tag[] | undefined {
  return shared === undefined || own === undefined ? (own ?? shared) : mergeTags(shared, own);
}

/** Tags that are asked for and will not be sent, and transitive keys of no tag. */
function tagWarnings(entries: readonly ChainEntry[], { settings, tagging }: SharedSettings): readonly string[] {
  const shared = settings.tags ?? [];
  const inEntries = entries.map(({ label, settings: own }) => ({
    own,
    known: [...shared, ...(own.tags ?? [])],
    tagsName: `Input "role-chain", ${label}: "tags"`,
    keysName: `Input "role-chain", ${label}: "transitive-tag-keys"`,
  }));
  const known = [...shared, ...inEntries.flatMap((entry) => entry.known)];
  const inInputs = { own: settings, known, tagsName: 'Input "custom-tags"', keysName: 'Input "transitive-tag-keys"' };
  return [inInputs, ...inEntries].flatMap(tagging === 'skipped' ? ignoredTagWarnings : unknownKeyWarnings);
}

/** Where tags are asked for, and what messages call it. */
interface TagPlace {
  readonly own: HopSettings;
  readonly known: readonly Tag[];
  readonly tagsName: string;
  readonly keysName: string;
}

function ignoredTagWarnings({ own, tagsName, keysName }: TagPlace): readonly string[] {
  const names = [own.tags === undefined ? [] : tagsName, own.transitiveTagKeys === undefined ? [] : keysName].flat();
  return names.map((name) => `${name} is ignored, because "role-skip-session-tagging" is true.`);
}

function unknownKeyWarnings({ own, known, keysName }: TagPlace): readonly string[] {
  const keys = own.transitiveTagKeys ?? [];
  return keys
    .filter((key) => !isDefaultTag(key) && findTag(known, key) === undefined)
    .map((key) => `${keysName} names ${JSON.stringify(key)}, which is the key of no session tag.`);
}
