import { type Check, checkCondition } from './condition.ts';
import type { Statement, TrustPolicy } from './parse.ts';
import { matchesPattern } from './pattern.ts';
import { checkPrincipal } from './principal.ts';
import { type AssumeRequest, actionsOf } from './request.ts';
import { allOf, anyOf, type Verdict, verdictOf } from './verdict.ts';

/** One statement, held against a request. */
export interface Judgment {
  /** Its place in the policy; 1 is the first. */
  readonly number: number;
  readonly effect: 'Allow' | 'Deny';
  /** `holds`: the statement applies. */
  readonly verdict: Verdict;
  /** Every part of it, in the order Principal, Action, conditions, other elements. */
  readonly checks: readonly Check[];
}

/** What a policy decides for one action of a request. */
export interface Decision {
  readonly action: string;
  readonly outcome: 'allowed' | 'denied' | 'refused' | 'unknown';
  /** The Deny that applies, the Allow that applies, or the Allow with the fewest parts that fail; undefined in a policy without Allow. */
  readonly statement: Judgment | undefined;
  /** Parts of that statement that fail. */
  readonly mismatches: readonly Check[];
  /** Parts that are unknown and that the outcome depends on, of Deny statements too. */
  readonly unknowns: readonly Check[];
  /** How many statements the policy has. */
  readonly statements: number;
}

/**
 * What the policy decides: for the first action that it does not allow, else for the last one. SCPs, RCPs, session policies
 * and the signer's own policies are not seen.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 */
export function evaluate(policy: TrustPolicy, request: AssumeRequest): Decision {
  const decisions = actionsOf(request).map((action) => decide(policy, request, action));
  const [first] = decisions;
  const certain = decisions.find(({ outcome }) => outcome === 'denied' || outcome === 'refused');
  const unknown = decisions.find(({ outcome }) => outcome === 'unknown');
  return certain ?? unknown ?? decisions.at(-1) ?? first ?? decide(policy, request, 'sts:AssumeRole');
}

/** What the policy decides for one action. */
export function decide({ statements }: TrustPolicy, request: AssumeRequest, action: string): Decision {
  const judgments = statements.map((statement, index) => judge(statement, index + 1, request, action));
  const [allows, denies] = [byEffect(judgments, 'Allow'), byEffect(judgments, 'Deny')];
  const deny = denies.find(({ verdict }) => verdict === 'holds');
  const nearest = allows.toSorted((a, b) => failing(a).length - failing(b).length || rank(a) - rank(b))[0];
  const doubtful = denies.filter(({ verdict }) => verdict === 'unknown').flatMap(unknownIn);
  const found = { action, statements: statements.length };
  if (deny !== undefined) return { ...found, outcome: 'denied', statement: deny, mismatches: [], unknowns: [] };
  const [statement, mismatches, own] = [nearest, nearest ? failing(nearest) : [], nearest ? unknownIn(nearest) : []];
  const outcome = anyOf(allows.map(({ verdict }) => verdict));
  if (outcome === 'fails') return { ...found, outcome: 'refused', statement, mismatches, unknowns: own };
  const unknowns = [...own, ...doubtful];
  return { ...found, outcome: unknowns.length > 0 ? 'unknown' : 'allowed', statement, mismatches, unknowns };
}

const byEffect = (judgments: readonly Judgment[], effect: 'Allow' | 'Deny'): readonly Judgment[] =>
  judgments.filter((judgment) => judgment.effect === effect);
const failing = ({ checks }: Judgment): readonly Check[] => checks.filter(({ verdict }) => verdict === 'fails');
const unknownIn = ({ checks }: Judgment): readonly Check[] => checks.filter(({ verdict }) => verdict === 'unknown');
/** Among statements with nothing that fails, one that applies comes first. */
const rank = (judgment: Judgment): number => (judgment.verdict === 'unknown' ? 1 : 0);

function judge(statement: Statement, number: number, request: AssumeRequest, action: string): Judgment {
  const checks = [
    checkPrincipal(statement, request),
    checkAction(statement, action),
    ...statement.conditions.map((condition) => checkCondition(condition, request)),
    ...statement.otherElements.map(elementCheck),
  ];
  return { number, effect: statement.effect, verdict: allOf(checks.map(({ verdict }) => verdict)), checks };
}

/** Letter case does not count in actions; wildcards do. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html */
function checkAction({ actions }: Statement, action: string): Check {
  const matches = (actions ?? []).some((pattern) => matchesPattern(action.toLowerCase(), pattern.toLowerCase()));
  return {
    element: 'Action',
    operator: '',
    values: actions ?? [],
    presented: [action],
    verdict: actions === undefined ? 'unknown' : verdictOf(matches),
  };
}

const elementCheck = (name: string): Check => ({
  element: 'Element',
  operator: name,
  values: [],
  presented: [],
  verdict: 'unknown',
});
