import type { Refuse } from '../contract/errors.ts';
import type { Tag } from '../contract/hop.ts';
import { parseJsonObject } from '../formats/json.ts';

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html */
const limit = { tags: 50, key: 128, value: 256 } as const;

/** The classes of Unicode take a millisecond to compile, and most tags need none of them. */
const forbidden = (text: string): RegExp =>
  /^[\0-\x7f]*$/.test(text) ? /[^\w .:/=+\-@]/g : /[^\p{L}\p{Z}\p{N}_.:/=+\-@]/gu;
const allowed = 'letters, digits, spaces and _ . : / = + - @';

/** The tags that tell of the job, in the order of their weight, and the variables that they come from. */
const defaults: readonly (readonly [key: string, variable: string, origin: 'default' | 'droppable'])[] = [
  ['Repository', 'GITHUB_REPOSITORY', 'default'],
  ['Workflow', 'GITHUB_WORKFLOW', 'default'],
  ['Action', 'GITHUB_ACTION', 'default'],
  ['Actor', 'GITHUB_ACTOR', 'default'],
  ['Commit', 'GITHUB_SHA', 'default'],
  ['Branch', 'GITHUB_REF', 'default'],
  ['EventName', 'GITHUB_EVENT_NAME', 'droppable'],
  ['BaseRef', 'GITHUB_BASE_REF', 'droppable'],
  ['HeadRef', 'GITHUB_HEAD_REF', 'droppable'],
  ['RunId', 'GITHUB_RUN_ID', 'droppable'],
  ['Job', 'GITHUB_JOB', 'droppable'],
  ['TriggeringActor', 'GITHUB_TRIGGERING_ACTOR', 'droppable'],
];

const protectedKeys = new Set(['GitHub', ...defaults.map(([key]) => key)].map((key) => key.toLowerCase()));

/** The tags that tell of the job, as far as its variables do; what no tag may hold becomes `_`. */
export function defaultTags(env: Readonly<Record<string, string | undefined>>): readonly Tag[] {
  const github: readonly Tag[] =
    env.GITHUB_ACTIONS === 'true' ? [{ key: 'GitHub', value: 'Actions', origin: 'default' }] : [];
  const told = defaults.flatMap(([key, variable, origin]): readonly Tag[] => {
    const value = env[variable];
    return value ? [{ key, value: sanitize(value), origin }] : [];
  });
  return [...github, ...told];
}

/** The tags that `custom-tags` holds. Throws what `refuse` makes. */
export function parseCustomTags(json: string, refuse: Refuse): readonly Tag[] {
  const example = `Write a JSON object, such as {"Team": "red", "Stage": "test"}.`;
  const members = parseJsonObject(json);
  if (members === undefined) throw refuse('is not a JSON object.', example);
  return customTags(
    [...members].map(([key, tag]) => {
      const exact = typeof tag !== 'number' || !Number.isInteger(tag) || Number.isSafeInteger(tag);
      if (exact && (typeof tag === 'string' || typeof tag === 'number' || typeof tag === 'boolean')) {
        return [key, String(tag)];
      }
      throw refuse(`has a value for ${quoted(key)} that no tag can hold.`, 'Write the value as text, in quotes.');
    }),
    refuse,
  );
}

/** Checks tags that the workflow asks for. Throws what `refuse` makes. */
export function customTags(entries: readonly (readonly [string, string])[], refuse: Refuse): readonly Tag[] {
  const keys = entries.map(([key]) => key.toLowerCase());
  return entries.map(([key, value], index) => {
    if (key === '' || key.length > limit.key || !isAllowed(key)) {
      throw refuse(`has the key ${quoted(key)}, which no tag can have.`, `Use 1 to ${limit.key} ${allowed}.`);
    }
    if (/^aws:/i.test(key)) throw refuse(`has the key ${quoted(key)}.`, 'Keys that start with aws: are kept for AWS.');
    if (isDefaultTag(key)) {
      const hint = 'Choose another key: this one describes the job to AWS, and policies rely on it.';
      throw refuse(`has the key ${quoted(key)}, which this action sets itself.`, hint);
    }
    if (keys.indexOf(key.toLowerCase()) < index) {
      throw refuse(`has the key ${quoted(key)} twice.`, 'Keep one of them; tag keys differ by more than their case.');
    }
    if (value.length > limit.value || !isAllowed(value)) {
      throw refuse(`has a value for ${quoted(key)} that no tag can have.`, `Use up to ${limit.value} ${allowed}.`);
    }
    return { key, value, origin: 'custom' };
  });
}

/** The tags of both lists; where both have a key, the later one's. */
export function mergeTags(tags: readonly Tag[], later: readonly Tag[]): readonly Tag[] {
  return [...tags.filter(({ key }) => findTag(later, key) === undefined), ...later];
}

/** Throws what `refuse` makes where there are more tags than a session can have. */
export function checkTagCount(tags: readonly Tag[], refuse: Refuse): void {
  if (tags.length <= limit.tags) return;
  const own = tags.filter(({ origin }) => origin !== 'custom').length;
  const hint = `Leave ${tags.length - limit.tags} of them out; ${own} are the action's own.`;
  throw refuse(`makes ${tags.length} session tags in all, and AWS takes ${limit.tags}.`, hint);
}

/** Whether the key is of a tag that this action sets itself, where it knows what to put there. */
export function isDefaultTag(key: string): boolean {
  return protectedKeys.has(key.toLowerCase());
}

/** The tag with this key, whose case does not matter to AWS. */
export function findTag<T extends { readonly key: string }>(tags: readonly T[], key: string): T | undefined {
  return tags.find((tag) => tag.key.toLowerCase() === key.toLowerCase());
}

function isAllowed(text: string): boolean {
  return text.search(forbidden(text)) < 0;
}

/** Cut to the limit, but never between the halves of one character. */
function sanitize(value: string): string {
  return value
    .replace(forbidden(value), '_')
    .slice(0, limit.value)
    .replace(/[\ud800-\udbff]$/, '');
}

function quoted(key: string): string {
  return JSON.stringify(key.slice(0, limit.key));
}
