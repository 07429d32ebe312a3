import { type CredentialError, invalidInput } from '../../contract/errors.ts';
import type { Hop } from '../../contract/hop.ts';
import { findProfile, type Profile, type Profiles, profileNames } from '../../contract/profiles.ts';
import { nearest } from '../../formats/nearest.ts';
import { regionPattern } from '../../formats/patterns.ts';
import { readRegion } from '../../inputs/region.ts';
import { readProfileEndpoints } from '../profile-endpoints.ts';
import { notApplicable, type Selection, type SourceContext } from '../source.ts';
import { type BaseSource, type Bases, selectBase } from './base-source.ts';
import { type Base, type Expansion, expand } from './expansion.ts';
import { hopOf } from './hop.ts';

/** A profile of the shared files; the roles that it asks for are hops like any other. */
export interface ProfileSource {
  readonly kind: 'profile';
  readonly name: string;
  /** Where its first credentials come from. */
  readonly base: BaseSource;
}

/** A profile's name, and what names it; `undefined` for the default one. */
export interface ProfileName {
  readonly name: string;
  readonly origin: string | undefined;
}

/** What a profile is offered for. */
interface ProfileContext {
  readonly context: SourceContext;
  readonly bases: Bases;
}

/** What the profile that is asked for offers. Throws INPUT_INVALID, naming file, profile and key. */
export async function selectProfile(
  asked: ProfileName,
  profiles: Profiles,
  occasion: ProfileContext,
): Promise<Selection<ProfileSource>> {
  const profile = findProfile(profiles, asked.name);
  if (profile === undefined) return missingProfile(asked, profiles);
  const expansion = expand(profile, profiles);
  if (expansion === undefined) return emptyProfile(asked, profiles);
  const { context, bases } = occasion;
  const region = regionOf(profile, context);
  const hops = [...hopsOf(expansion, context), ...context.roles];
  checkCode(hops, context);
  const { inputs, env } = context;
  const base = await selectBase(
    expansion.base,
    { inputs, env, roles: hops, requireRegion: () => region, profiles: context.profiles },
    bases,
  );
  if ('reason' in base) return withProfile(expansion.base.profile, base.reason);
  return {
    ...base,
    source: { kind: 'profile', name: profile.name, base: base.source },
    because: asked.origin === undefined ? 'the default profile holds credentials' : becauseOf(asked.origin),
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
  const hint = names.length === 0 ? 'Neither file holds a profile.' : `Did you mean ${nearest(name, names)}?`;
  return notApplicable(
    `${origin} names the profile ${name}, which is in neither ${config} nor ${credentials}`,
    `${hint} AWS_CONFIG_FILE and AWS_SHARED_CREDENTIALS_FILE name other files.`,
  );
}

function emptyProfile({ name }: ProfileName, { paths }: Profiles): Selection<never> {
  return notApplicable(
    `the profile ${name} in ${paths.config} and ${paths.credentials} holds no credentials and no way to get any`,
    'Give it keys, a role, credential_process or SSO settings, or name another in "source-profile".',
  );
}

function withProfile({ name }: Profile, { code, message, hint }: CredentialError): Selection<never> {
  return notApplicable(`the profile ${name} takes the machine's credentials: ${message}`, hint, code);
}

/** The region of the step: a profile's own stands in where neither an input nor the environment names one. */
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

/** Credentials that are surely a role's session: AWS's one-hour limit holds for the role after them. */
const sessions: readonly Base['from'][] = ['web identity', 'sso', 'Ec2InstanceMetadata', 'EcsContainer'];

function hopsOf({ base, roles }: Expansion, context: SourceContext): readonly Hop[] {
  return roles.map((profile, index) => {
    const last = index === roles.length - 1 && context.roles.length === 0;
    const chained = index > 0 || sessions.includes(base.from);
    return hopOf(
      profile,
      { place: last ? 'last' : 'before others', signer: chained ? 'role session' : 'any' },
      context,
    );
  });
}

/** A code is good once. */
function checkCode(hops: readonly Hop[], { inputs }: SourceContext): void {
  const code = inputs.secret('mfa-code');
  const asking = hops.filter(({ mfa }) => code !== undefined && mfa?.code === code);
  if (asking.length < 2) return;
  throw invalidInput(
    'mfa-code',
    `is one code, but ${asking.map(({ label }) => label).join(' and ')} each need one.`,
    'Assume one of them in a step of its own, with the next code.',
  );
}

/** AWS's global endpoint of STS is a thing of the past, and in one region only. */
function ignoredSettings(profile: Profile): readonly string[] {
  if (profile.get('sts_regional_endpoints')?.toLowerCase() !== 'legacy') return [];
  return [
    `"sts_regional_endpoints" of the profile ${profile.name} is ignored: the region's own STS is asked. "sts-endpoint: https://sts.amazonaws.com" asks the global one.`,
  ];
}
