import { invalidInput } from '../contract/errors.ts';
import type { Hop, Tag } from '../contract/hop.ts';
import type { Inputs } from '../inputs/inputs.ts';
import type { RoleContext } from './read-roles.ts';
import { chainedSessionLimit, placeOf } from './role.ts';
import { roleInputs } from './role-inputs.ts';
import { checkTagCount, defaultTags, findTag, mergeTags } from './tags.ts';

/**
 * The hops that are signed for, one by the other, with the tags that each really sends: those of the job with its own,
 * less what it inherits, for that cannot be sent again. Throws INPUT_INVALID.
 */
export function linkHops(hops: readonly Hop[], context: RoleContext): readonly Hop[] {
  if (hops.length === 0 || context.inputs.flag('role-skip-session-tagging', false)) return withoutInherited(hops);
  const defaults = defaultTags(context.env);
  return withoutInherited(hops.map((hop) => withDefaultTags(hop, defaults, context.inputs)));
}

function withoutInherited(hops: readonly Hop[]): readonly Hop[] {
  return hops.map((hop, index) => withoutInheritedFrom(hops.slice(0, index), hop));
}

function withDefaultTags(hop: Hop, defaults: readonly Tag[], inputs: Inputs): Hop {
  const tags = mergeTags(defaults, hop.tags ?? []);
  checkTagCount(tags, (problem, hint) =>
    inputs.optional('custom-tags') === undefined
      ? invalidInput('role-chain', `gives ${placeOf(hop)} "tags", and so ${problem}`, hint)
      : invalidInput('custom-tags', problem, hint),
  );
  const wanted = hop.transitiveTagKeys ?? [];
  const transitive = tags.filter((tag) => wanted.some((key) => findTag([tag], key) !== undefined));
  return { ...hop, tags, transitiveTagKeys: transitive.map(({ key }) => key) };
}

/** A role assumed from a role's session gets an hour at most; AWS would refuse, so say it before any request. */
export function checkChainedDurations(chained: readonly Hop[], inputs: Inputs): void {
  const long = chained.find(({ durationSeconds }) => durationSeconds > chainedSessionLimit);
  if (long === undefined) return;
  const { durationSeconds } = long;
  const why = `${durationSeconds} seconds, but ${placeOf(long)} is assumed from another role's session, which AWS limits to one hour.`;
  const hint = 'Write 3600 or less, or assume the role directly.';
  const asked = inputs.seconds('role-duration-seconds', { least: 900, most: 43_200 });
  if (asked === durationSeconds) throw invalidInput('role-duration-seconds', `is ${why}`, hint);
  throw invalidInput('role-chain', `has a "duration-seconds" of ${why}`, hint);
}

/** Throws INPUT_INVALID where a code is given without a device, and no hop has one of its own that asks for it. */
export function checkCodeIsUsed(hops: readonly Pick<Hop, 'mfa'>[], inputs: Inputs): void {
  const code = inputs.optional(roleInputs.mfaSerial) === undefined ? inputs.secret(roleInputs.mfaCode) : undefined;
  if (code === undefined || hops.some(({ mfa }) => mfa?.code === code)) return;
  throw invalidInput(roleInputs.mfaSerial, 'is missing, while its counterpart is given.', 'Give both, or neither.');
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html#id_session-tags_role-chaining */
function withoutInheritedFrom(before: readonly Hop[], hop: Hop): Hop {
  const inherited = before.flatMap(({ tags = [], transitiveTagKeys = [] }) =>
    tags.filter(({ key }) => transitiveTagKeys.includes(key)),
  );
  const { tags = [], transitiveTagKeys = [], sourceIdentity } = hop;
  const changed = tags.find(({ key, value }) => (findTag(inherited, key)?.value ?? value) !== value);
  if (changed !== undefined) {
    throw invalidInput(
      'role-chain',
      `gives ${placeOf(hop)} another value for the tag "${changed.key}", which a hop before it hands down.`,
      'Leave the tag out there, or its key out of "transitive-tag-keys" before.',
    );
  }
  const identity = before.find((earlier) => earlier.sourceIdentity !== undefined)?.sourceIdentity;
  if ((identity ?? sourceIdentity) !== sourceIdentity && sourceIdentity !== undefined) {
    throw invalidInput(
      'role-chain',
      `gives ${placeOf(hop)} another source identity than a hop before it, which AWS keeps through the whole chain.`,
      'Say "source-identity" once, at the first hop that needs it.',
    );
  }
  const own = tags.filter(({ key }) => findTag(inherited, key) === undefined);
  const keys = transitiveTagKeys.filter((key) => findTag(own, key) !== undefined);
  return {
    ...hop,
    tags: own.length === 0 ? undefined : own,
    transitiveTagKeys: keys.length === 0 ? undefined : keys,
  };
}
