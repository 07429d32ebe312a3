import { type Check, claimOf, providerOf, readOperator } from '../formats/trust-policy.ts';
import { principalReason } from './reason-principal.ts';
import { subjectCloseness, subjectReason } from './reason-subject.ts';
import type { Reason, ReasonCode, Refusal } from './refusal.ts';
import { show } from './show.ts';
import { type Pair, writingReason } from './writing.ts';

const reason = (code: ReasonCode, text: string): Reason => ({ code, text });

/** Why one part of a statement fails, in words about the job. */
export function explainMismatch(check: Check, refusal: Refusal): Reason {
  if (check.element === 'Principal') return principalReason(check, refusal.how);
  if (check.element === 'Action') return actionReason(check);
  if (check.note !== undefined && check.presented.length === 0) return noteReason(check, refusal);
  const { base, rule } = readOperator(check.operator);
  if (base === 'Null') return nullReason(check);
  if (check.presented.length === 0) return reason('absent', absentText(shortKey(check, refusal)));
  if (rule?.negated === true) {
    const decider = decidedBy(shortKey(check, refusal));
    return reason('excluded', `the policy excludes this value${decider === 'they differ' ? '' : `; ${decider}`}`);
  }
  if (check.values.length === 0) return reason('no values', 'the policy lists no value, so none fits');
  if (rule?.takes === 'ARN pattern' && !check.presented.some((value) => value.startsWith('arn:'))) {
    return reason(
      'ARN operator',
      `${check.operator} compares ARNs only, and this value is not one; use StringEquals or StringLike`,
    );
  }
  return valueReason(check, refusal);
}

/** The key without the provider of the token at hand, or as the policy writes it. */
export function shortKey(check: Check, refusal: Refusal): string {
  const key = check.key ?? '';
  return (refusal.how === 'token' ? claimOf(key, refusal.issuer ?? '') : undefined) ?? key;
}

function actionReason({ values, presented: [action = ''] }: Check): Reason {
  if (values.some((value) => value.toLowerCase().replace(/^sts:/, '') === action.toLowerCase().replace(/^sts:/, ''))) {
    return reason('action', `the action is written ${action}`);
  }
  const use: Readonly<Record<string, string>> = {
    'sts:AssumeRoleWithWebIdentity': 'a token needs sts:AssumeRoleWithWebIdentity',
    'sts:AssumeRole': 'a signed request needs sts:AssumeRole',
    'sts:TagSession': 'this hop sends session tags, so it needs sts:TagSession too',
    'sts:SetSourceIdentity': 'this hop has a source identity, so it needs sts:SetSourceIdentity too',
  };
  return reason('action', `${use[action] ?? `it needs ${action}`}, and the statement does not allow that action`);
}

function noteReason(check: Check, refusal: Refusal): Reason {
  const key = check.key ?? '';
  const provider = refusal.how === 'token' ? providerOf(refusal.issuer ?? '') : '';
  const claim = key.slice(key.lastIndexOf(':') + 1);
  const texts = {
    'no key of AWS': () =>
      `AWS has no condition key for the claim "${show(claim)}", so no token meets this${/owner/i.test(claim) ? '; the owner is part of sub' : ''}`,
    'https prefix': () => `the key must be written ${provider}:${show(claim)}, without "https://"`,
    'provider missing': () => `the key must be written ${provider}:${show(key)}`,
    'other provider': () =>
      `the key is of another provider; for this token it must be written ${provider}:${show(claim)}`,
    'not for tokens': () => 'a request with a token never has this key',
  };
  return check.note === undefined ? reason('differ', 'they differ') : reason(check.note, texts[check.note]());
}

function nullReason({ presented }: Check): Reason {
  return presented.length === 0
    ? reason('absent', 'the policy requires this key, and it is absent here')
    : reason('present', 'the policy requires that this key is absent, and it is present here');
}

/** The reason that fits best among the values of the policy. */
function valueReason(check: Check, refusal: Refusal): Reason {
  const takes = readOperator(check.operator).rule?.takes;
  const wild = takes === 'pattern' || takes === 'ARN pattern';
  const pairs = check.presented.flatMap((actual) =>
    check.values.map((wanted): Pair => ({ actual, wanted, wild, operator: check.operator })),
  );
  for (const pair of pairs) {
    const writing = writingReason(pair);
    if (writing !== undefined) return writing;
  }
  const key = shortKey(check, refusal);
  const nearest = pairs.toSorted((a, b) => subjectCloseness(b) - subjectCloseness(a))[0];
  const bySubject =
    key === 'sub' && nearest && refusal.how === 'token' ? subjectReason(nearest, refusal.claims) : undefined;
  if (bySubject !== undefined) return bySubject;
  return key === 'sub' ? reason('differ', 'they differ') : reason('value', decidedBy(key));
}

/** What decides the value of a key: an input, a line of the workflow, or a fact of the run. */
const deciders: Readonly<Record<string, string>> = {
  aud: 'the input "audience" decides it',
  actor: 'who starts the run decides it',
  actor_id: 'who starts the run decides it; this is the id of that user',
  environment: 'the line "environment" of the job decides it',
  enterprise_id: 'the enterprise that owns the organization decides it',
  job_workflow_ref: 'the workflow file with this job, and the ref that it is taken from, decide it',
  ref: 'the branch or tag of the run decides it',
  repository: 'the repository of the run decides it',
  repository_id: 'the repository of the run decides it; gh api repos/OWNER/NAME --jq .id prints the id',
  workflow: 'the line "name" of the workflow file decides it',
  sub: 'the repository, and the environment, event or ref of the job decide it',
  'sts:rolesessionname': 'the input "role-session-name" decides it',
  'sts:externalid': 'the input "role-external-id" decides it',
  'sts:sourceidentity': 'the input "source-identity" decides it',
  'sts:transitivetagkeys': 'the input "transitive-tag-keys" decides it',
  'aws:tagkeys': 'the inputs "custom-tags" and "role-skip-session-tagging" decide it',
  'aws:principalarn': 'who signs decides it',
  'aws:principalaccount': 'the account of who signs decides it',
  'aws:multifactorauthpresent':
    'a user\'s keys with "mfa-serial" and "mfa-code" have a second factor; a role\'s session never has one',
  'aws:federatedprovider': 'the provider of the token decides it',
};

export function decidedBy(key: string): string {
  const name = key.toLowerCase();
  if (name.startsWith('aws:requesttag/')) return 'the input "custom-tags" and the run decide the session tags';
  return new Map(Object.entries(deciders)).get(name) ?? 'they differ';
}

function absentText(key: string): string {
  if (key === 'environment') return 'the job names no environment, so the token has no such claim';
  if (/^sts:externalid$/i.test(key)) return 'no external id was sent; set "role-external-id"';
  if (/^(?:sts|aws):/i.test(key)) return `it was not sent; ${decidedBy(key)}`;
  return `the token has no such claim; ${decidedBy(key)}`;
}
