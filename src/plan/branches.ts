import { CredentialError, invalidInput } from '../contract/errors.ts';
import type { Branch, Hop } from '../contract/hop.ts';
import type { Inputs } from '../inputs/inputs.ts';
import { checkChainedDurations, linkHops } from '../roles/link-hops.ts';
import { type ProfileEntry, profilesConflict, readProfileMap } from '../roles/profiles.ts';
import type { BranchRoles, RoleContext } from '../roles/read-roles.ts';
import { parseRoleArn, placeOf } from '../roles/role.ts';
import { roleInputs } from '../roles/role-inputs.ts';
import { usualAudience, warnNotSentWithWebIdentity, webIdentityHop } from '../roles/web-identity.ts';
import type { Source } from '../sources/index.ts';
import type { Applicable } from '../sources/source.ts';

/** The branches of one plan, and what the user should hear about them. */
export interface PlannedBranches {
  readonly branches: readonly Branch[];
  readonly warnings: readonly string[];
}

/** The profiles in `profiles`; undefined if the input is not given. Throws INPUT_INVALID, INPUT_CONFLICT. */
export function readProfileEntries(inputs: Inputs): readonly ProfileEntry[] | undefined {
  const node = inputs.yaml('profiles');
  if (node === undefined) return undefined;
  const profiles = readProfileMap(node, inputs.mask);
  checkOtherOutputs(inputs);
  checkSharedRole(profiles, inputs);
  return profiles;
}

function checkOtherOutputs(inputs: Inputs): void {
  const conflict = (name: string, hint: string) =>
    profilesConflict(`Inputs "profiles" and "${name}" do not go together`, hint);
  if (inputs.optional('aws-profile') !== undefined) {
    throw conflict(
      'aws-profile',
      'Leave "aws-profile" out, and write its name and role as one more entry of "profiles".',
    );
  }
  if (inputs.flag('output-credentials', false)) {
    throw conflict('output-credentials', 'Use the action a second time for the account whose keys are to be outputs.');
  }
  if (inputs.flag('use-existing-credentials', false)) {
    throw conflict('use-existing-credentials', 'Leave it out: the profiles get sessions of their own.');
  }
}

/** Inputs that count for the last role of each profile, and so not for the session of the shared role. */
const lastRoleInputs = [
  roleInputs.durationSeconds,
  roleInputs.externalId,
  roleInputs.inlinePolicy,
  roleInputs.managedPolicies,
  roleInputs.sourceIdentity,
  roleInputs.mfaSerial,
  'special-characters-workaround',
] as const;

/** Who gets the session of the shared role needs such a role, and none of the inputs that are not for it. */
function checkSharedRole(profiles: readonly ProfileEntry[], inputs: Inputs): void {
  const bare = profiles.find(({ entries }) => entries.length === 0);
  const users = [
    bare === undefined ? [] : `Input "profiles", ${bare.name} (line ${bare.line}),`,
    inputs.flag('output-env-credentials', false) ? 'Input "output-env-credentials"' : [],
    inputs.flag('output-sealed-session', false) ? 'Input "output-sealed-session"' : [],
  ].flat();
  const [user] = users;
  if (user === undefined) return;
  const asks = `${user} asks for the session of the shared role`;
  if (inputs.lines('role-to-assume').length === 0 && inputs.optional('role-chain') === undefined) {
    throw profilesConflict(`${asks}, and no shared role is given`, 'Give the shared role in "role-to-assume".');
  }
  const given = lastRoleInputs.find((name) => {
    const value = inputs.optional(name);
    return value !== undefined && (name !== 'special-characters-workaround' || inputs.flag(name, false));
  });
  if (given === undefined) return;
  throw profilesConflict(
    `${asks}, but "${given}" counts for the last role of each profile and not for that session`,
    `Write what the shared role needs in "role-chain", and what a profile needs in its entry, instead of "${given}".`,
  );
}

/** Each profile's hops as they are requested after the hops of the source that was selected. Throws INPUT_INVALID, INPUT_CONFLICT. */
export function planBranches(
  profiles: readonly BranchRoles[],
  selected: Applicable<Source>,
  trunk: { readonly region: string; readonly hops: readonly Hop[] },
  context: RoleContext,
): PlannedBranches {
  const planned = profiles.map((profile) => planBranch(profile, selected, trunk, context));
  const branches = planned.map(({ branch }) => branch);
  checkCodes([...trunk.hops, ...branches.flatMap(({ hops }) => hops)]);
  return { branches, warnings: [...new Set(planned.flatMap(({ warnings }) => warnings))] };
}

function planBranch(
  { name, region, hops }: BranchRoles,
  selected: Applicable<Source>,
  trunk: { readonly region: string; readonly hops: readonly Hop[] },
  context: RoleContext,
): { readonly branch: Branch; readonly warnings: readonly string[] } {
  const { inputs } = context;
  const [first, ...rest] = hops;
  const place = { name, region: region ?? trunk.region };
  if (first === undefined) return { branch: { ...place, hops }, warnings: [] };
  checkPartitions([...trunk.hops.slice(-1), ...hops]);
  if (selected.firstHop === undefined || trunk.hops.length > 0) {
    checkChainedDurations(trunk.hops.length > 0 || selected.roleSession ? hops : rest, inputs);
    const signed = selected.firstHop === undefined ? trunk.hops : trunk.hops.slice(1);
    return { branch: { ...place, hops: linkHops([...signed, ...hops], context).slice(signed.length) }, warnings: [] };
  }
  checkChainedDurations(rest, inputs);
  const byToken = withAudience(webIdentityHop(first, inputs), selected.source, inputs);
  return {
    branch: { ...place, hops: [byToken, ...linkHops(rest, context)] },
    warnings: warnNotSentWithWebIdentity(first, rest, inputs).map((warning) =>
      warning.replace(/^The (".*") of the first hop/, `Input "profiles", ${placeOf(first)}: $1`),
    ),
  };
}

/** A role in China needs a token of its own, if the workflow does not name one audience for all. */
function withAudience(hop: Hop, source: Source, inputs: Inputs): Hop {
  if (source.kind !== 'oidc' || inputs.optional('audience') !== undefined) return hop;
  const audience = usualAudience(hop);
  return audience === source.audience ? hop : { ...hop, audience };
}

/** AssumeRole does not leave a partition; AWS would refuse it with words that do not say so. */
function checkPartitions(hops: readonly Hop[]): void {
  hops.slice(1).forEach((hop, index) => {
    const from = parseRoleArn(hops[index]?.role ?? '')?.partition;
    const to = parseRoleArn(hop.role)?.partition;
    if (from === undefined || to === undefined || from === to) return;
    throw invalidInput(
      'profiles',
      `names for ${placeOf(hop)} a role in the partition ${to}, but it is assumed from a role in ${from}.`,
      'Use the action a second time for the other partition, or leave the shared role out.',
    );
  });
}

/** A code is good once. */
function checkCodes(hops: readonly Hop[]): void {
  const asking = hops.filter(({ mfa }) => mfa !== undefined);
  for (const hop of asking) {
    const same = asking.filter(({ mfa }) => mfa?.code === hop.mfa?.code && mfa?.serial === hop.mfa?.serial);
    if (same.length < 2) continue;
    const places = same.slice(0, 3).map(placeOf).join(' and ');
    throw new CredentialError('INPUT_CONFLICT', `One "mfa-code" is given for ${same.length} roles, such as ${places}`, {
      hint: 'A code is good once. Assume one role with it in "role-chain", and let the profiles start from there.',
    });
  }
}
