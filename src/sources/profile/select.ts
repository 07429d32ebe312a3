import { type CredentialError, invalidInput } from '../../contract/errors.ts';
import type { Hop } from '../../contract/hop.ts';
import { findProfile, type Profile, type Profiles, profileNames } from '../../contract/profiles.ts';
import { nearest } from '../../formats/nearest.ts';
import { regionPattern } from '../../formats/patterns.ts';
import { readRegion } from '../../inputs/region.ts';
import { readProfileEndpoints } from '../profile-endpoints.ts';
import { hasRolesAfter, notApplicable, type Selection, type SourceContext } from '../source.ts';
import { type BaseSource, type Bases, selectBase } from './base-source.ts';
import { type Base, type Expansion, expand } from './expansion.ts';
import { hopOf } from './hop.ts';

/** A profile of the shared files; its roles become hops. */
export interface ProfileSource {
  readonly kind: 'profile';
  readonly name: string;
  /** Where its first credentials come from. */
  readonly base: BaseSource;
}

/** A profile's name, and the input or variable that names it; `undefined` for the default one. */
export interface ProfileName {
  readonly name: string;
  readonly origin: string | undefined;
}

/** What the selection of a profile needs. */
interface ProfileContext {
  readonly context: SourceContext;
  readonly bases: Bases;
}

/** The selection for the requested profile. Throws INPUT_INVALID, naming file, profile and key. */
export async function selectProfile(
  requested: ProfileName,
  profiles: Profiles,
  { context, bases }: ProfileContext,
): Promise<Selection<ProfileSource>> {
  const profile = findProfile(profiles, requested.name);
  if (profile === undefined) return missingProfile(requested, profiles);
  const expansion = expand(profile, profiles);
  if (expansion === undefined) return emptyProfile(requested, profiles);
  const region = regionOf(profile, context);
  const hops = [...hopsOf(expansion, context), ...context.roles];
  checkCode(hops, context);
  const { inputs, env } = context;
  const base = await selectBase(
    expansion.base,
    { inputs, env, roles: hops, branches: context.branches, requireRegion: () => region, profiles: context.profiles },
    bases,
  );
  if ('reason' in base) return withProfile(expansion.base.profile, base.reason);
  return {
    ...base,
    source: { kind: 'profile', name: profile.name, base: base.source },
    because: requested.origin === undefined ? 'the default profile has credentials' : becauseOf(requested.origin),
    region,
    endpoints: readProfileEndpoints(profile, profiles),
    warnings: [...(base.warnings ?? []), ...ignoredSettings(profile)],
  };
}

function becauseOf(origin: string): string {
  return origin.startsWith('"') ? `${origin} is given` : `${origin} is set`;
}

function missingProfile({ name, origin }: ProfileName, profiles: Profiles): Selection<never> {
  const { config, credentials } = profiles.paths;
  const names = profileNames(profiles).slice(0, 100);
  if (origin === undefined) {
    return notApplicable(
      `neither AWS_PROFILE nor "source-profile" is given, and there is no default profile in ${config} and ${credentials}`,
      'Name a profile in "source-profile".',
    );
  }
  const hint = names.length === 0 ? 'Neither file contains a profile.' : `Did you mean ${nearest(name, names)}?`;
  return notApplicable(
    `${origin} names the profile ${name}, which is in neither ${config} nor ${credentials}`,
    `${hint} AWS_CONFIG_FILE and AWS_SHARED_CREDENTIALS_FILE name other files.`,
  );
}

function emptyProfile({ name }: ProfileName, { paths }: Profiles): Selection<never> {
  return notApplicable(
    `the profile ${name} in ${paths.config} and ${paths.credentials} has no credentials and no way to get them`,
    'Add keys, a role, credential_process or SSO settings to it, or name another in "source-profile".',
  );
}

function withProfile({ name }: Profile, { code, message, hint }: CredentialError): Selection<never> {
  return notApplicable(`the profile ${name} uses this machine's credentials: ${message}`, hint, code);
}

/** The region of the step: the profile's if neither an input nor the environment names one. */
function regionOf(profile: Profile, { inputs }: SourceContext): string {
  const given = readRegion(inputs);
  if (given !== undefined) return given;
  const region = profile.get('region');
  if (region === undefined) {
    throw invalidInput(
      'aws-region',
      `is missing, AWS_REGION is not set, and the profile ${profile.name} has no region.`,
      'Write, for example, "aws-region: us-east-1".',
    );
  }
  if (regionPattern.test(region)) return region;
  throw profile.refuse('region', 'is not a region.', 'Write, for example, us-east-1.');
}

/** Credentials that are always a role's session: the one-hour limit of role chaining applies to the next role. */
const sessions: readonly Base['from'][] = ['web identity', 'sso', 'Ec2InstanceMetadata', 'EcsContainer'];

function hopsOf({ base, roles }: Expansion, context: SourceContext): readonly Hop[] {
  return roles.map((profile, index) => {
    const last = index === roles.length - 1 && !hasRolesAfter(context);
    const chained = index > 0 || sessions.includes(base.from);
    return hopOf(
      profile,
      { place: last ? 'last' : 'before others', signer: chained ? 'role session' : 'any' },
      context,
    );
  });
}

/** Each code can be used once. */
function checkCode(hops: readonly Hop[], { inputs }: SourceContext): void {
  const code = inputs.secret('mfa-code');
  const withMfa = hops.filter(({ mfa }) => code !== undefined && mfa?.code === code);
  if (withMfa.length < 2) return;
  throw invalidInput(
    'mfa-code',
    `is one code, but ${withMfa.map(({ label }) => label).join(' and ')} each need one.`,
    'Assume one of them in a separate step, with the next code.',
  );
}

/** The global STS endpoint is legacy and in a single region. */
function ignoredSettings(profile: Profile): readonly string[] {
  if (profile.get('sts_regional_endpoints')?.toLowerCase() !== 'legacy') return [];
  return [
    `"sts_regional_endpoints" of the profile ${profile.name} is ignored: the regional STS endpoint is used. "sts-endpoint: https://sts.amazonaws.com" selects the global one.`,
  ];
}
