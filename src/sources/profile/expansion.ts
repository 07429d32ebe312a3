import type { Credentials } from '../../contract/credentials.ts';
import { findProfile, type Profile, type Profiles, profileNames } from '../../contract/profiles.ts';
import { nearest } from '../../formats/nearest.ts';
import { isKey } from '../../formats/patterns.ts';

/** Where a profile's first credentials come from; `profile` is the one with the setting. */
export type Base =
  | { readonly from: 'keys'; readonly profile: Profile; readonly credentials: Credentials }
  | { readonly from: 'process'; readonly profile: Profile; readonly command: string }
  | { readonly from: 'web identity' | 'sso' | CredentialSource; readonly profile: Profile };

/** The values of `credential_source`. */
export type CredentialSource = (typeof credentialSources)[number];

/** A resolved profile: the first credentials, and the profiles whose roles are assumed from there, in that order. */
export interface Expansion {
  readonly base: Base;
  readonly roles: readonly Profile[];
}

const credentialSources = ['Environment', 'Ec2InstanceMetadata', 'EcsContainer'] as const;
const roleSources = ['source_profile', 'credential_source', 'web_identity_token_file'] as const;
const ssoKeys = ['sso_session', 'sso_start_url', 'sso_account_id', 'sso_role_name', 'sso_region'] as const;

/**
 * Resolves a profile; `undefined` if it has no settings for credentials. Throws INPUT_INVALID.
 * https://docs.aws.amazon.com/sdkref/latest/guide/feature-assume-role-credentials.html
 */
export function expand(start: Profile, profiles: Profiles): Expansion | undefined {
  const chain: Profile[] = [];
  // In the requested profile a role takes precedence over keys; further down the chain, keys over a role.
  let profile = start;
  let role = roleOf(start);
  while (role !== undefined) {
    if (role.key === 'web_identity_token_file') return { base: { from: 'web identity', profile }, roles: chain };
    chain.unshift(profile);
    if (role.key === 'credential_source')
      return { base: { from: credentialSourceOf(profile, role.value), profile }, roles: chain };
    if (role.value === profile.name) return { base: ownBase(profile), roles: chain };
    profile = parentOf(chain, role.value, profiles);
    role = holdsKeys(profile) ? undefined : roleOf(profile);
  }
  const base = baseOf(profile);
  const [child] = chain;
  if (base !== undefined) return { base, roles: chain };
  if (child === undefined) return undefined;
  throw child.refuse(
    'source_profile',
    `names the profile ${profile.name}, which has no credentials and no way to get them.`,
    `Add keys, a role, credential_process or SSO settings to ${profile.name}.`,
  );
}

/** The setting that names the credentials for a profile's role. */
interface Role {
  readonly key: (typeof roleSources)[number];
  readonly value: string;
}

function roleOf(profile: Profile): Role | undefined {
  const [first, second] = roleSources.flatMap((key) => {
    const value = profile.get(key);
    return value === undefined ? [] : [{ key, value }];
  });
  const hasRole = profile.get('role_arn') !== undefined;
  if (second !== undefined && first !== undefined && hasRole) {
    throw profile.refuse(
      first.key,
      `cannot be combined with "${second.key}".`,
      'A role is assumed with only one of them: remove one.',
    );
  }
  if (first !== undefined && hasRole) return first;
  if (hasRole) {
    const own = holdsKeys(profile) ? ` (${profile.name} itself, to use its own keys)` : '';
    throw profile.refuse(
      'role_arn',
      'is set, but nothing to assume the role with.',
      `Add source_profile${own}, credential_source or web_identity_token_file.`,
    );
  }
  // Without a role, AWS's tools ignore source_profile; a token file alone is an error.
  if (first?.key !== 'web_identity_token_file') return undefined;
  throw profile.refuse('role_arn', 'is required together with "web_identity_token_file".', 'Add role_arn.');
}

function credentialSourceOf(profile: Profile, value: string): CredentialSource {
  const source = credentialSources.find((name) => name === value);
  if (source !== undefined) return source;
  throw profile.refuse(
    'credential_source',
    `is not one of ${credentialSources.join(', ')}.`,
    `Did you mean ${nearest(value, credentialSources)} (case-sensitive)?`,
  );
}

/** The next profile down the chain; the last one so far is its first item. */
function parentOf(chain: readonly Profile[], name: string, profiles: Profiles): Profile {
  const [child] = chain;
  if (child === undefined) throw new Error('parentOf without a child');
  const start = chain.findIndex((profile) => profile.name === name);
  if (start >= 0) {
    const loop = [
      ...chain
        .slice(0, start + 1)
        .toReversed()
        .map((profile) => profile.name),
      name,
    ];
    throw child.refuse(
      'source_profile',
      `is circular: ${loop.join(' → ')}.`,
      'Add keys, or another way to get credentials, to the last profile of the chain.',
    );
  }
  const parent = findProfile(profiles, name);
  if (parent !== undefined) return parent;
  const close = nearest(name, profileNames(profiles));
  throw child.refuse(
    'source_profile',
    `names the profile ${name}, which is in neither file.`,
    `Did you mean ${close}? ${profiles.paths.config} and ${profiles.paths.credentials} were read.`,
  );
}

/** A profile that names itself assumes its role with its own credentials. */
function ownBase(profile: Profile): Base {
  const base = baseOf(profile);
  if (base !== undefined) return base;
  throw profile.refuse(
    'source_profile',
    'names the profile itself, which has no credentials.',
    'Add aws_access_key_id and aws_secret_access_key to it, or name another profile.',
  );
}

function baseOf(profile: Profile): Base | undefined {
  if (holdsKeys(profile)) return { from: 'keys', profile, credentials: keysOf(profile) };
  const command = profile.get('credential_process');
  if (command !== undefined) return { from: 'process', profile, command };
  return ssoKeys.some((key) => profile.get(key) !== undefined) ? { from: 'sso', profile } : undefined;
}

const keyNames = ['aws_access_key_id', 'aws_secret_access_key', 'aws_session_token'] as const;

function holdsKeys(profile: Profile): boolean {
  return keyNames.some((key) => profile.get(key) !== undefined);
}

function keysOf(profile: Profile): Credentials {
  const [accessKeyId, secretAccessKey, sessionToken] = keyNames.map((key) => {
    const value = profile.get(key);
    if (value === undefined || isKey(value)) return value;
    throw profile.refuse(
      key,
      'contains a space or another character that is not valid in a key.',
      'Write the key again, without quotes.',
    );
  });
  const missing = (key: string, present: string) =>
    profile.refuse(key, `is required together with "${present}".`, `Add ${key}, or remove ${present}.`);
  if (accessKeyId === undefined) throw missing(keyNames[0], secretAccessKey === undefined ? keyNames[2] : keyNames[1]);
  if (secretAccessKey === undefined) throw missing(keyNames[1], keyNames[0]);
  return { accessKeyId, secretAccessKey, sessionToken };
}
