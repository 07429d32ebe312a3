import { type KeyNote, type Presented, presentedUnder } from './keys.ts';
import type { Condition } from './parse.ts';
import { arnParts, matchesArn, matchesPattern } from './pattern.ts';
import type { AssumeRequest } from './request.ts';
import { allOf, anyOf, not, type Verdict, verdictOf } from './verdict.ts';

/** One part of a statement, held against a request. */
export interface Check {
  readonly element: 'Principal' | 'Action' | 'Condition' | 'Element';
  readonly verdict: Verdict;
  /** The operator of a condition, the kinds of a principal, or the name of an element that is not evaluated. */
  readonly operator: string;
  /** The key of a condition, as the policy writes it. */
  readonly key?: string | undefined;
  /** What the policy lists. */
  readonly values: readonly string[];
  /** What the request shows; none: the key is absent, or unknown. */
  readonly presented: readonly string[];
  /** Why no such request has the key. */
  readonly note?: KeyNote | undefined;
}

interface Operator {
  readonly matches: (actual: string, wanted: string) => boolean;
  readonly negated: boolean;
  /** `pattern`: wildcards count. */
  readonly takes: 'text' | 'any case' | 'pattern' | 'ARN pattern' | 'boolean';
}

const equals = (actual: string, wanted: string): boolean => actual === wanted;
const sameLetters = (actual: string, wanted: string): boolean => actual.toLowerCase() === wanted.toLowerCase();

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html */
const operators: ReadonlyMap<string, Operator> = new Map([
  ['StringEquals', { matches: equals, negated: false, takes: 'text' }],
  ['StringNotEquals', { matches: equals, negated: true, takes: 'text' }],
  ['StringEqualsIgnoreCase', { matches: sameLetters, negated: false, takes: 'any case' }],
  ['StringNotEqualsIgnoreCase', { matches: sameLetters, negated: true, takes: 'any case' }],
  ['StringLike', { matches: matchesPattern, negated: false, takes: 'pattern' }],
  ['StringNotLike', { matches: matchesPattern, negated: true, takes: 'pattern' }],
  ['ArnEquals', { matches: matchesArn, negated: false, takes: 'ARN pattern' }],
  ['ArnLike', { matches: matchesArn, negated: false, takes: 'ARN pattern' }],
  ['ArnNotEquals', { matches: matchesArn, negated: true, takes: 'ARN pattern' }],
  ['ArnNotLike', { matches: matchesArn, negated: true, takes: 'ARN pattern' }],
  ['Bool', { matches: sameLetters, negated: false, takes: 'boolean' }],
]);

interface OperatorName {
  readonly set: 'ForAnyValue' | 'ForAllValues' | undefined;
  readonly base: string;
  readonly ifExists: boolean;
  /** Undefined: not evaluated here. */
  readonly rule: Operator | undefined;
}

/** Reads an operator as policies write it, such as `ForAnyValue:StringLikeIfExists`. */
export function readOperator(name: string): OperatorName {
  const [, prefix, base = name, suffix] = /^(?:(ForAnyValue|ForAllValues):)?(.+?)(IfExists)?$/s.exec(name) ?? [];
  const set = prefix === 'ForAnyValue' || prefix === 'ForAllValues' ? prefix : undefined;
  return { set, base, ifExists: suffix !== undefined, rule: operators.get(base) };
}

/** Holds one condition against what the request shows. */
export function checkCondition({ operator, key, values }: Condition, request: AssumeRequest): Check {
  const presented = presentedUnder(key, request);
  const shown = presented.state === 'known' ? presented.values : [];
  return {
    element: 'Condition',
    operator,
    key,
    values,
    presented: shown,
    note: presented.state === 'known' ? presented.note : undefined,
    verdict: allOf([verdictOn(readOperator(operator), values, presented)]),
  };
}

function verdictOn(name: OperatorName, values: readonly string[], presented: Presented): Verdict {
  if (presented.state === 'unknown') return 'unknown';
  if (presented.state === 'known') return verdictOnValues(name, values, presented.values);
  const verdicts = roleCandidates(values, presented).map((arn) => verdictOnValues(name, values, [arn]));
  return verdicts.every((verdict) => verdict === verdicts[0]) ? (verdicts[0] ?? 'unknown') : 'unknown';
}

/** ARNs that the role may have: without a path, with any path, and with each path that the policy names for it. */
function roleCandidates(
  values: readonly string[],
  { partition, account, role }: Extract<Presented, { state: 'role without path' }>,
): readonly string[] {
  const start = `arn:${partition}:iam::${account}:role/`;
  const paths = values.flatMap((value) => {
    const resource = arnParts(value)?.[5] ?? '';
    const path = /^role\/(.*\/)?[^/]*$/s.exec(resource)?.[1]?.replace(/[*?]/g, 'x');
    return path === undefined ? [] : [path];
  });
  return ['', 'any-path/', ...paths].map((path) => `${start}${path}${role}`);
}

function verdictOnValues(name: OperatorName, values: readonly string[], shown: readonly string[]): Verdict {
  const { set, base, ifExists, rule } = name;
  if (base === 'Null') {
    if (ifExists) return 'unknown';
    return anyOf(values.map((value) => match(sameLetters, String(shown.length === 0), value)));
  }
  if (rule === undefined) return 'unknown';
  if (shown.length === 0) {
    return verdictOf(set === 'ForAllValues' || ifExists || (rule.negated && set === undefined));
  }
  const verdicts = shown.map((actual) => {
    const matched = anyOf(values.map((value) => match(rule.matches, actual, value)));
    return rule.negated ? not(matched) : matched;
  });
  // Without ForAnyValue, a negated operator must hold for every value that the request shows.
  return set === 'ForAllValues' || (set === undefined && rule.negated) ? allOf(verdicts) : anyOf(verdicts);
}

/** A policy variable is filled by AWS, so a value with one is unknown. */
function match(matches: Operator['matches'], actual: string, value: string): Verdict {
  return value.includes('${') ? 'unknown' : verdictOf(matches(actual, value));
}
