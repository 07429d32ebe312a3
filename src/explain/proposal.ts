import { type Check, githubProvider, hasWildcard, providerOf, readOperator } from '../formats/trust-policy.ts';
import { opensSubject } from './open-subject.ts';
import { decidedBy, explainMismatch, shortKey } from './reason.ts';
import { subjectCloseness } from './reason-subject.ts';
import { type Accounts, type Refusal, requestOf } from './refusal.ts';
import { show, showJson } from './show.ts';
import { fittingCondition, fittingStatement } from './statement.ts';
import { fits, parseContext, parseSubject, subjectWithoutEnvironment } from './subject.ts';

/** What would let this job in, for one part that fails: the change of the policy, and that of the job if there is one. */
export function proposalOf(check: Check, refusal: Refusal, accounts: Accounts): string {
  if (check.element === 'Principal') return principalProposal(refusal, accounts);
  if (check.element === 'Action') return `add "${check.presented[0] ?? ''}" to Action`;
  const { code } = explainMismatch(check, refusal);
  const key = shortKey(check, refusal);
  const name = show(key, accounts);
  if (check.note !== undefined && check.presented.length === 0) return keyProposal(check, refusal, accounts);
  if (code === 'absent' || code === 'present') return absentProposal(check, name, accounts);
  const [actual = ''] = check.presented;
  const value = sentValue(key, show(actual, accounts));
  if (code === 'excluded') return `take ${value} out of the values of ${name}, if this job is meant to pass`;
  if (code === 'ARN operator')
    return `write {"StringEquals":{${JSON.stringify(check.key)}:${showJson(actual, accounts)}}} instead`;
  if (key.toLowerCase() === 'aws:multifactorauthpresent') return decidedBy(key);
  const ways = [`add ${value} to the values of ${name}${remark(actual)}`, ...otherWays(check, key, refusal, accounts)];
  return ways.join(', or ');
}

/** External ids are not repeated, for inputs may take them from secrets. */
const sentValue = (key: string, shown: string): string =>
  key.toLowerCase() === 'sts:externalid' ? 'the external id of this step' : `"${shown}"`;

const remark = (actual: string): string =>
  parseContext(parseSubject(actual)?.context)?.kind === 'pull request' ? ' (any pull request of the repository)' : '';

function principalProposal(refusal: Refusal, accounts: Accounts): string {
  const statement = fittingStatement(requestOf(refusal));
  if (statement === undefined) return 'add who signs to Principal';
  return refusal.how === 'token'
    ? `set Principal to ${showJson(statement.Principal, accounts)}`
    : `add the statement ${showJson(statement, accounts)}`;
}

function keyProposal({ key = '', note }: Check, refusal: Refusal, accounts: Accounts): string {
  const provider = providerOf(refusal.how === 'token' ? (refusal.issuer ?? githubProvider) : githubProvider);
  const name = note === 'provider missing' ? key : key.slice(key.lastIndexOf(':') + 1);
  const written = `${provider}:${name}`;
  if (note === 'https prefix' || note === 'other provider' || note === 'provider missing') {
    return `write the key as "${show(written, accounts)}"`;
  }
  const request = requestOf(refusal);
  const condition = request.how === 'token' ? fittingCondition(request) : undefined;
  const instead = condition === undefined ? '' : ` and let sub decide: ${showJson(condition, accounts)}`;
  return `take the condition on ${show(name, accounts)} out${instead}`;
}

function absentProposal({ presented, values: [wanted = ''] }: Check, name: string, accounts: Accounts): string {
  if (presented.length > 0) return `take the condition on ${name} out`;
  if (name === 'environment')
    return `name "environment: ${show(wanted, accounts)}" in the job, or take the condition on environment out`;
  if (/^sts:externalid$/i.test(name)) return 'set "role-external-id" to the value that the policy lists';
  return /^(?:sts|aws):/i.test(name) ? `send it: ${decidedBy(name)}` : `take the condition on ${name} out`;
}

function otherWays(check: Check, key: string, refusal: Refusal, accounts: Accounts): readonly string[] {
  const { code } = explainMismatch(check, refusal);
  const [wanted = ''] = check.values;
  if (code === 'literal wildcard' && !check.values.some((value) => opensSubject(value) !== undefined)) {
    return ['move the pattern to StringLike if all that it matches is meant'];
  }
  if (code === 'ids') return ['list it in place of the name once no job shows that'];
  if (key === 'sub') return jobWays(check, refusal, accounts);
  if (key === 'aud' && !hasWildcard(wanted)) return [`set "audience: ${show(wanted, accounts)}" in the step`];
  const decider = decidedBy(key);
  return decider === 'they differ' || code !== 'value' ? [] : [`change the job: ${decider}`];
}

function jobWays(check: Check, refusal: Refusal, accounts: Accounts): readonly string[] {
  if (refusal.how !== 'token') return [];
  const [actual = ''] = check.presented;
  const takes = readOperator(check.operator).rule?.takes;
  const pairs = check.values.map((wanted) => ({ actual, wanted, wild: takes === 'pattern', operator: check.operator }));
  const without = subjectWithoutEnvironment(refusal.claims);
  if (without !== undefined && pairs.some(({ wanted, wild }) => fits(without, wanted, wild))) {
    return ['leave "environment" out of the job'];
  }
  const nearest = pairs.toSorted((a, b) => subjectCloseness(b) - subjectCloseness(a))[0];
  // In another repository, nothing that the job does lets it in.
  if (nearest === undefined || subjectCloseness(nearest) < 3) return [];
  const [here, there] = [
    parseContext(parseSubject(actual)?.context),
    parseContext(parseSubject(nearest.wanted)?.context),
  ];
  if (here === undefined || there === undefined) return [];
  const leave =
    here.kind === 'environment' && there.kind !== 'environment' ? 'leave "environment" out of the job and ' : '';
  if (there.kind === 'pull request') return [`${leave}run it for pull requests`];
  if (there.kind === 'environment') return [`name "environment: ${show(there.value, accounts)}" in the job`];
  return [`${leave}run it on the ${there.kind} "${show(there.value, accounts)}"`];
}
