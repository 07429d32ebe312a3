import type { Credentials } from '../../contract/credentials.ts';
import { findProfile, type Profile, type Profiles, profileNames } from '../../contract/profiles.ts';
import { nearest } from '../../formats/nearest.ts';
import { isKey } from '../../formats/patterns.ts';

/** Where a profile's first credentials come from; `profile` is the one that says so. */
export type Base =
  | { readonly from: 'keys'; readonly profile: Profile; readonly credentials: Credentials }
  | { readonly from: 'process'; readonly profile: Profile; readonly command: string }
  | { readonly from: 'web identity' | 'sso' | CredentialSource; readonly profile: Profile };

/** What `credential_source` may name. */
export type CredentialSource = (typeof credentialSources)[number];

/** A profile, followed to its end: the first credentials, and the profiles whose roles are assumed from there, in that order. */
export interface Expansion {
  readonly base: Base;
  readonly roles: readonly Profile[];
}

const credentialSources = ['Environment', 'Ec2InstanceMetadata', 'EcsContainer'] as const;
const roleSources = ['source_profile', 'credential_source', 'web_identity_token_file'] as const;
const ssoKeys = ['sso_session', 'sso_start_url', 'sso_account_id', 'sso_role_name', 'sso_region'] as const;

/**
 * Follows a profile to its end; `undefined` where it says nothing of credentials. Throws INPUT_INVALID.
 * https://docs.aws.amazon.com/sdkref/latest/guide/feature-assume-role-credentials.html
 */
export function expand(asked: Profile, profiles: Profiles): Expansion | undefined {
  const chain: Profile[] = [];
  // A role in the profile that was asked for wins over keys beside it; further down the chain, keys do.
  let profile = asked;
  let role = roleOf(asked);
  while (role !== undefined) {
    if (role.key === 'web_identity_token_file') return { base: { from: 'web identity', profile }, roles: chain };
    chain.unshift(profile);
    if (role.key === 'credential_source')
      return { base: { from: placeOf(profile, role.value), profile }, roles: chain };
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
    `names the profile ${profile.name}, which holds no credentials and no way to get any.`,
    `Give ${profile.name} its keys, a role, credential_process or SSO settings.`,
  );
}

/** What a profile's role is assumed with. */
interface Role {
  readonly key: (typeof roleSources)[number];
  readonly value: string;
}

function roleOf(profile: Profile): Role | undefined {
  const [first, second] = roleSources.flatMap((key) => {
    const value = profile.get(key);
    return value === undefined ? [] : [{ key, value }];
  });
  const named = profile.get('role_arn') !== undefined;
  if (second !== undefined && first !== undefined && named) {
    throw profile.refuse(
      first.key,
      `stands beside "${second.key}".`,
      'A role is assumed with one of them: remove one.',
    );
  }
  if (first !== undefined && named) return first;
  if (named) {
    const own = holdsKeys(profile) ? ` (${profile.name} itself, to use the keys beside it)` : '';
    throw profile.refuse(
      'role_arn',
      'is there, but nothing to assume the role with.',
      `Add source_profile${own}, credential_source or web_identity_token_file.`,
    );
  }
  // Without a role, AWS's tools ignore a source_profile; a token file alone is good for nothing.
  if (first?.key !== 'web_identity_token_file') return undefined;
  throw profile.refuse('role_arn', 'is missing, while "web_identity_token_file" is there.', 'Add role_arn.');
}

function placeOf(profile: Profile, value: string): CredentialSource {
  const place = credentialSources.find((name) => name === value);
  if (place !== undefined) return place;
  throw profile.refuse(
    'credential_source',
    `is none of ${credentialSources.join(', ')}.`,
    `Did you mean ${nearest(value, credentialSources)}? Capitals count.`,
  );
}

/** The next profile down the chain, whose last one so far stands first. */
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
      `leads back to where it came from: ${loop.join(' → ')}.`,
      'Let the last profile of the chain hold keys, or another way to get credentials.',
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

/** A profile that names itself assumes its role with the credentials beside it. */
function ownBase(profile: Profile): Base {
  const base = baseOf(profile);
  if (base !== undefined) return base;
  throw profile.refuse(
    'source_profile',
    'names the profile itself, which holds no credentials.',
    'Add aws_access_key_id and aws_secret_access_key beside it, or name another profile.',
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
    throw profile.refuse(key, 'holds a blank or a character that no key has.', 'Write the key again, without quotes.');
  });
  const missing = (key: string) =>
    profile.refuse(key, 'is missing, while its counterpart is there.', `Add ${key}, or remove the other.`);
  if (accessKeyId === undefined) throw missing(keyNames[0]);
  if (secretAccessKey === undefined) throw missing(keyNames[1]);
  return { accessKeyId, secretAccessKey, sessionToken };
}
