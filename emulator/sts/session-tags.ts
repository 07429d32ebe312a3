import { WireError } from '../http/wire-error.ts';
import type { Caller } from '../iam/caller.ts';
import { members } from './form.ts';

/** The tags that a request gives its session, and those that its caller's session hands down. */
export interface SessionTags {
  readonly requested: Readonly<Record<string, string>>;
  readonly all: Readonly<Record<string, string>>;
  readonly transitive: readonly string[];
}

function refuse(message: string): never {
  throw new WireError(400, 'InvalidParameterValue', message);
}

/**
 * Reads the tags of an AssumeRole request.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html
 */
export function readSessionTags(form: URLSearchParams, caller: Caller): SessionTags {
  const tags = members(form, 'Tags').map((tag): [string, string] => [tag.get('Key') ?? '', tag.get('Value') ?? '']);
  const keys = tags.map(([key]) => key.toLowerCase());
  const transitive = members(form, 'TransitiveTagKeys').map((key) => key.get('') ?? '');
  const inherited = Object.entries(caller.tags).filter(([key]) => caller.transitiveTagKeys.includes(key));

  if (new Set(keys).size < keys.length)
    refuse('Duplicate tag keys found. Please note that Tag keys are case insensitive.');
  if (inherited.some(([key]) => keys.includes(key.toLowerCase()))) {
    refuse(
      "One of the specified transitive tag keys can't be set because it conflicts with a transitive tag key from the calling session.",
    );
  }
  if (transitive.some((key) => !keys.includes(key.toLowerCase()))) {
    refuse('The specified transitive tag key must be included in the requested tags.');
  }
  const kept = tags
    .map(([key]) => key)
    .filter((key) => transitive.some((one) => one.toLowerCase() === key.toLowerCase()));
  return {
    requested: Object.fromEntries(tags),
    all: Object.fromEntries([...inherited, ...tags]),
    transitive: [...inherited.map(([key]) => key), ...kept],
  };
}
