import { type Check, type Decision, evaluate, readOperator, type TrustPolicy } from '../formats/trust-policy.ts';
import { proposalOf } from './proposal.ts';
import { decidedBy, explainMismatch, shortKey } from './reason.ts';
import { type Accounts, type Refusal, requestOf } from './refusal.ts';
import { show, showList } from './show.ts';

/** A trust policy, and what messages call the file or input that it is from. */
export interface NamedPolicy {
  readonly name: string;
  readonly policy: TrustPolicy;
}

/** What follows the first line of a refusal with a policy: at most eleven lines. */
export function explainWithPolicy(
  refusal: Refusal,
  { name, policy }: NamedPolicy,
  accounts: Accounts = 'shown',
): readonly string[] {
  const decision = evaluate(policy, requestOf(refusal));
  const start = `trust-policy ${show(name, accounts)}: ${ofAction(decision)}`;
  switch (decision.outcome) {
    case 'allowed':
      return allowedLines(start, refusal);
    case 'denied':
      return deniedLines(start, decision, refusal, accounts);
    case 'unknown':
      return unknownLines(start, decision, accounts);
    case 'refused':
      return refusedLines(start, decision, refusal, accounts);
  }
}

/** The action, if it is not the one that every request needs. */
const ofAction = ({ action }: Decision): string => (action.startsWith('sts:AssumeRole') ? '' : `for ${action}, `);

function allowedLines(start: string, { how }: Refusal): readonly string[] {
  const what = how === 'token' ? 'this token' : 'this caller';
  return [
    `${start}The file allows ${what}. Is it the policy of that role now? Does the role exist? An SCP or RCP may deny.`,
    ...(how === 'signature' ? ["The caller's own policy must allow sts:AssumeRole on the role."] : []),
  ];
}

function unknownLines(start: string, decision: Decision, accounts: Accounts): readonly string[] {
  const { statement, statements, unknowns } = decision;
  return [
    `${start}nothing that can be compared here fails in statement ${statement?.number} of ${statements}.`,
    unknownLine(unknowns, accounts),
    'If these hold: is it the policy of that role now? Does the role exist? An SCP or RCP may deny.',
  ];
}

function deniedLines(start: string, decision: Decision, refusal: Refusal, accounts: Accounts): readonly string[] {
  const { statement, statements } = decision;
  const conditions = (statement?.checks ?? []).filter(({ element }) => element === 'Condition');
  const what = refusal.how === 'token' ? 'token' : 'caller';
  const number = statement?.number ?? 0;
  const more = conditions.length - 2;
  return [
    `${start}statement ${number} of ${statements} denies it: every condition of that Deny holds for this ${what}`,
    ...conditions
      .slice(0, 2)
      .flatMap((check) => [
        ...pairLines(check, refusal, accounts),
        `  → ${show(denyReason(check, refusal), accounts)}`,
      ]),
    ...(more > 0 ? [`  and ${more} more`] : []),
    `Let it in: ${denyProposal(conditions, number, refusal, accounts)}`,
  ];
}

function denyReason(check: Check, refusal: Refusal): string {
  const key = shortKey(check, refusal);
  const denies = readOperator(check.operator).rule?.negated === true ? 'every other value' : 'this value';
  if (check.presented.length === 0) return `the Deny holds because ${show(key)} is absent`;
  const decider = decidedBy(key);
  return `the Deny is for ${denies} of ${show(key)}${decider === 'they differ' ? '' : `; ${decider}`}`;
}

function denyProposal(conditions: readonly Check[], number: number, refusal: Refusal, accounts: Accounts): string {
  const [check] = conditions;
  const [value] = check?.presented ?? [];
  if (check === undefined || value === undefined)
    return `narrow the Deny of statement ${number}; it has priority over every Allow.`;
  const shown = isExternalId(check) ? 'the external id of this step' : `"${show(value, accounts)}"`;
  return readOperator(check.operator).rule?.negated === true
    ? `add ${shown} to the values of ${show(shortKey(check, refusal), accounts)} in that Deny, or change the job so that it has one of them.`
    : `take what matches ${shown} out of the values of ${show(shortKey(check, refusal), accounts)} in that Deny, or change the job.`;
}

const isExternalId = ({ key }: Check): boolean => /^sts:externalid$/i.test(key ?? '');

function refusedLines(start: string, decision: Decision, refusal: Refusal, accounts: Accounts): readonly string[] {
  const { statement, statements, mismatches, unknowns } = decision;
  if (statement === undefined) return [`${start}it has no Allow statement, so it allows nobody.`];
  const more = mismatches.length - 2;
  const rest = [
    ...(more > 0 ? [`and ${more} more`] : []),
    ...(unknowns.length > 0 ? [unknownLine(unknowns, accounts)] : []),
  ];
  const shown = mismatches.slice(0, 2);
  return [
    `${start}nearest is statement ${statement.number} of ${statements}; ${counted(mismatches.length)} not match:`,
    ...shown.flatMap((check) => [
      ...pairLines(check, refusal, accounts),
      `  → ${show(explainMismatch(check, refusal).text, accounts)}`,
    ]),
    ...(rest.length === 0 ? [] : [`  ${rest.join('; ')}`]),
    `Let it in: ${letIn(shown, more, refusal, accounts)}.`,
  ];
}

function letIn(shown: readonly Check[], more: number, refusal: Refusal, accounts: Accounts): string {
  const proposals = [...new Set(shown.map((check) => proposalOf(check, refusal, accounts)))];
  return `${proposals.join('; and ')}${more > 0 ? '; and the rest' : ''}`;
}

const counted = (count: number): string =>
  count === 1 ? 'one thing does' : `${count === 2 ? 'two' : count} things do`;

function unknownLine(unknowns: readonly Check[], accounts: Accounts): string {
  const names = [...new Set(unknowns.map((check) => `${title(check)} ${check.key ?? ''}`.trim()))];
  return `cannot be evaluated here: ${showList(names, accounts)}`;
}

/** What a part of a statement is called: its element, or its operator. */
export function title(check: Check): string {
  if (check.element === 'Element' || check.element === 'Condition') return check.operator;
  return check.element;
}

/** What the request shows for one part, in words if it shows nothing. */
export function presentedText(check: Check, accounts: Accounts): string {
  if (check.presented.length === 0) {
    if (check.verdict === 'unknown') return '(not known here)';
    return check.note === undefined ? '(absent)' : '(absent: AWS has no such key here)';
  }
  return isExternalId(check) ? '(the external id of this step)' : showList(check.presented, accounts);
}

/** What the policy lists for one part. */
export function policyText(check: Check, accounts: Accounts): string {
  const kinds =
    check.element === 'Principal' && check.operator !== '*' && check.operator !== '' ? `${check.operator} ` : '';
  return check.values.length === 0 ? '(no value)' : `${show(kinds)}${showList(check.values, accounts)}`;
}

function pairLines(check: Check, refusal: Refusal, accounts: Accounts): readonly string[] {
  const key = check.element === 'Condition' ? ` ${show(shortKey(check, refusal), accounts)}` : '';
  return [
    `  ${show(title(check), accounts)}${key}`,
    `    policy  ${policyText(check, accounts)}`,
    `    ${refusal.how === 'token' ? 'token ' : 'caller'}  ${presentedText(check, accounts)}`,
  ];
}
