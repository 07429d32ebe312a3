import type { Hop } from '../../contract/hop.ts';
import type { Profile } from '../../contract/profiles.ts';
import { type HopSettingName, readSettings } from '../../roles/hop-settings.ts';
import { type HopPosition, hopOfProfile, type RoleContext } from '../../roles/read-roles.ts';
import { chainedSessionLimit, parseRoleArn } from '../../roles/role.ts';

/** Where the role stands: what is assumed after it, and what it is assumed with. */
export interface RolePosition {
  readonly place: HopPosition;
  readonly signer: 'role session' | 'any';
}

/** What a profile may say of the role that it names. */
const keys = {
  sessionName: 'role_session_name',
  durationSeconds: 'duration_seconds',
  externalId: 'external_id',
  mfaSerial: 'mfa_serial',
} as const;

const keyed = (setting: HopSettingName): setting is keyof typeof keys => setting in keys;

/** The role that a profile names, as a hop. Throws INPUT_INVALID, naming file, profile and key. */
export function hopOf(profile: Profile, { place, signer }: RolePosition, wishes: RoleContext): Hop {
  const role = profile.get('role_arn') ?? '';
  if (parseRoleArn(role) === undefined) {
    throw profile.refuse('role_arn', "is not a role's ARN.", 'Write arn:aws:iam::111122223333:role/NAME.');
  }
  const settings = readSettings({
    refuse: (setting, problem, hint) => {
      if (setting === 'mfaCode') return withoutCode(profile);
      return profile.refuse(keyed(setting) ? keys[setting] : setting, problem, hint);
    },
    text: (setting) => (keyed(setting) ? profile.get(keys[setting]) : undefined),
    // The code is the only part of a second factor that cannot stand in a file.
    secret: () => (profile.get(keys.mfaSerial) === undefined ? undefined : wishes.inputs.secret('mfa-code')),
    list: () => undefined,
    tags: () => undefined,
  });
  const { durationSeconds = chainedSessionLimit } = settings;
  if (signer === 'role session' && durationSeconds > chainedSessionLimit) {
    throw profile.refuse(
      keys.durationSeconds,
      `is ${durationSeconds}, but the role is assumed from another role's session, which AWS limits to one hour.`,
      'Write 3600 or less, or assume the role directly.',
    );
  }
  return hopOfProfile({ role, label: `profile ${profile.name}`, settings }, place, wishes);
}

function withoutCode(profile: Profile) {
  return profile.refuse(
    keys.mfaSerial,
    'asks for a second factor, and the input "mfa-code" gives no code of six digits.',
    'Give the six digits that the device shows now in "mfa-code", in quotes so that YAML keeps leading zeros.',
  );
}
