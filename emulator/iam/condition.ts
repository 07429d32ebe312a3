/** What is known of a request, by condition key in lower case (IAM compares key names without case). */
export type Context = ReadonlyMap<string, readonly string[]>;

/** One operator on one key of a policy statement's Condition block. */
export interface Condition {
  readonly set: 'single' | 'any' | 'all';
  readonly operator: Operator;
  readonly ifExists: boolean;
  readonly key: string;
  readonly values: readonly string[];
}

interface Operator {
  readonly matches: (actual: string, wanted: string) => boolean;
  /** `Not…` operators hold where nothing matches, so they hold for a key that is absent. */
  readonly negated: boolean;
}

/** A pattern of IAM: `*` is any run of characters, `?` any one, and nothing else is special. */
export function like(actual: string, pattern: string): boolean {
  const expression = pattern.replace(/[.*+?^${}()|[\]\\]/g, (sign) =>
    sign === '*' ? '.*' : sign === '?' ? '.' : `\\${sign}`,
  );
  return new RegExp(`^${expression}$`, 's').test(actual);
}

/** ARNs are compared part by part, so that no wildcard reaches over a colon of the first five. */
function arnLike(actual: string, pattern: string): boolean {
  const [own, wanted] = [actual, pattern].map((arn) =>
    /^([^:]*):([^:]*):([^:]*):([^:]*):([^:]*):(.*)$/s.exec(arn)?.slice(1),
  );
  return own !== undefined && wanted !== undefined && own.every((part, index) => like(part, wanted[index] ?? ''));
}

const equals = (actual: string, wanted: string) => actual === wanted;
const equalsIgnoringCase = (actual: string, wanted: string) => actual.toLowerCase() === wanted.toLowerCase();

const operators: ReadonlyMap<string, Operator> = new Map([
  ['StringEquals', { matches: equals, negated: false }],
  ['StringNotEquals', { matches: equals, negated: true }],
  ['StringEqualsIgnoreCase', { matches: equalsIgnoringCase, negated: false }],
  ['StringNotEqualsIgnoreCase', { matches: equalsIgnoringCase, negated: true }],
  ['StringLike', { matches: like, negated: false }],
  ['StringNotLike', { matches: like, negated: true }],
  // IAM treats the two ARN operators alike: both take wildcards.
  ['ArnEquals', { matches: arnLike, negated: false }],
  ['ArnNotEquals', { matches: arnLike, negated: true }],
  ['ArnLike', { matches: arnLike, negated: false }],
  ['ArnNotLike', { matches: arnLike, negated: true }],
  ['Bool', { matches: equalsIgnoringCase, negated: false }],
]);

const existence: Operator = { matches: equalsIgnoringCase, negated: false };

/** Reads an operator as policies write it, such as `ForAnyValue:StringLikeIfExists`; throws on one that the emulator does not know. */
export function readCondition(name: string, key: string, values: readonly string[]): Condition {
  const parts = /^(?:(ForAnyValue|ForAllValues):)?(\w+?)(IfExists)?$/.exec(name);
  const operator = parts?.[2] === 'Null' ? existence : operators.get(parts?.[2] ?? '');
  if (!parts || !operator) throw new TypeError(`The emulator does not know the condition operator ${name}.`);
  const set = parts[1] === 'ForAnyValue' ? 'any' : parts[1] === 'ForAllValues' ? 'all' : 'single';
  return { set, operator, ifExists: parts[3] !== undefined, key: key.toLowerCase(), values };
}

/**
 * Whether a condition holds for a request.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-logic-multiple-context-keys-or-values.html
 */
export function holds({ set, operator, ifExists, key, values }: Condition, context: Context): boolean {
  const actual = context.get(key) ?? [];
  if (operator === existence) return values.some((value) => existence.matches(value, String(actual.length === 0)));
  if (actual.length === 0) return set === 'all' || ifExists || (operator.negated && set === 'single');
  const one = (candidate: string) => values.some((value) => operator.matches(candidate, value)) !== operator.negated;
  // Without a set operator a negated test must hold for every value that the key has.
  return set === 'all' || (set === 'single' && operator.negated) ? actual.every(one) : actual.some(one);
}
