import { providerOf, roleNameOf, type TokenRequest } from '../formats/trust-policy.ts';
import {
  type Accounts,
  type Refusal,
  type RefusedSignature,
  type RefusedToken,
  requestOf,
  signerOf,
} from './refusal.ts';
import { show, showJson } from './show.ts';
import { fittingCondition, fittingStatement } from './statement.ts';
import { describeSubject, nameForm, parseContext, parseSubject } from './subject.ts';

/** What follows the first line of a refusal without a policy: at most eight lines. */
export function explainWithoutPolicy(refusal: Refusal, accounts: Accounts = 'shown'): readonly string[] {
  const lines = refusal.how === 'token' ? tokenLines(refusal, accounts) : signatureLines(refusal, accounts);
  const name = roleNameOf(refusal.roleArn) ?? 'NAME';
  return [
    ...lines,
    `Look at the policy: aws iam get-role --role-name ${name} --query Role.AssumeRolePolicyDocument`,
    'Or let this step compare: trust-policy: path/of/that.json',
  ];
}

function tokenLines(refusal: RefusedToken, accounts: Accounts): readonly string[] {
  const request = requestOf(refusal);
  const condition = request.how === 'token' ? fittingCondition(request) : undefined;
  if (request.how !== 'token' || condition === undefined) {
    return ['Check that the trust policy of the role allows sts:AssumeRoleWithWebIdentity for this token.'];
  }
  const { aud, sub = '' } = refusal.claims;
  return [
    "AWS does not say whether the role is missing or which condition of its trust policy fails. This job's token says:",
    ...(aud === undefined ? [] : [`  aud  ${show(aud, accounts)}`]),
    `  sub  ${show(sub, accounts)}${ofGithub(request) ? `   (${show(describeSubject(sub), accounts)})` : ''}`,
    ...otherClaims(refusal, accounts),
    `A condition that fits it: ${showJson(condition, accounts)}`,
    ...tooWide(refusal),
  ];
}

/** Issuers whose subjects have GitHub's forms: GitHub's own, and those of enterprises and servers. */
function ofGithub({ issuer, claims }: TokenRequest): boolean {
  const github = /(?:^|\.)actions\.githubusercontent\.com(?:\/|$)|\.ghe\.com(?:\/|$)|\/_services\/token$/;
  return github.test(providerOf(issuer)) || parseSubject(claims.sub ?? '') !== undefined;
}

function otherClaims({ claims }: RefusedToken, accounts: Accounts): readonly string[] {
  const { job_workflow_ref: workflow, ref, event_name: event } = claims;
  const shown = [
    ...(workflow === undefined ? [] : [`job_workflow_ref  ${show(workflow, accounts)}`]),
    ...(ref === undefined ? [] : [`ref ${show(ref, accounts)}`]),
    ...(event === undefined ? [] : [`event ${show(event, accounts)}`]),
  ];
  return shown.length === 0 ? [] : [`  ${shown.join(' · ')}`];
}

/** What the condition lets in besides this job, on one line. */
function tooWide({ claims }: RefusedToken): readonly string[] {
  const { sub = '' } = claims;
  const context = parseContext(parseSubject(sub)?.context);
  const remarks = [
    ...(nameForm(sub) === undefined ? [] : ['The form by name can go once no job shows it.']),
    ...(context?.kind === 'pull request' ? ['It lets in any pull request of the repository.'] : []),
    ...(context?.kind === 'branch' || context?.kind === 'tag'
      ? [`It lets in any job on that ${context.kind}; an environment with reviewers is narrower.`]
      : []),
  ];
  return remarks.length === 0 ? [] : [remarks.join(' ')];
}

function signatureLines(refusal: RefusedSignature, accounts: Accounts): readonly string[] {
  const statement = fittingStatement(requestOf(refusal));
  const signer = signerOf(refusal);
  return [
    'AWS does not say whether the role is missing or which part of its trust policy fails. This hop sends:',
    `  signed by  ${signer === undefined ? 'credentials whose ARN is not known' : show(signer.arn, accounts)}`,
    `  sent  ${sentParts(refusal, accounts).join(' · ')}`,
    statement === undefined
      ? "Allow sts:AssumeRole to who signs in the role's trust policy."
      : `A statement that lets it in: ${showJson(statement, accounts)}`,
    "The caller's own policy must allow the same on the role. An SCP, RCP or session policy may deny it.",
  ];
}

/** What the hop sends and what it does not, each with its input. */
function sentParts({ sent, caller, sessionPolicies = 0 }: RefusedSignature, accounts: Accounts): readonly string[] {
  const { externalId, tags = [], sourceIdentity, mfa, sessionName } = sent;
  const role = caller !== undefined && roleNameOf(caller) !== undefined;
  const factor = role ? "no MFA (a role's session has none)" : 'no MFA (mfa-serial, mfa-code)';
  return [
    externalId === undefined ? 'no external id (role-external-id)' : 'an external id',
    tags.length === 0 ? 'no session tags' : `session tags ${show(tags.map(({ key }) => key).join(', '), accounts)}`,
    sourceIdentity === undefined ? 'no source identity' : `source identity ${show(sourceIdentity, accounts)}`,
    mfa === true ? 'an MFA code' : factor,
    ...(sessionName === undefined ? [] : [`session name ${show(sessionName, accounts)}`]),
    ...(sessionPolicies === 0 ? [] : [`${sessionPolicies} session ${sessionPolicies === 1 ? 'policy' : 'policies'}`]),
  ];
}
