import { hasWildcard } from '../formats/trust-policy.ts';
import type { Reason, ReasonCode } from './refusal.ts';
import { show } from './show.ts';
import { type Context, fits, parseContext, parseSubject, type TokenSubject } from './subject.ts';
import type { Pair } from './writing.ts';

type Claims = Readonly<Record<string, string>>;

/** Which part of the subject differs first; undefined if the two cannot be compared part by part. */
export function subjectReason(pair: Pair, claims: Claims): Reason | undefined {
  const actual = parseSubject(pair.actual);
  const wanted = parseSubject(pair.wanted);
  if (wanted === undefined) return undefined;
  if (actual === undefined) {
    return reason('customized', "the subject has a customized form; the policy expects one of GitHub's own forms");
  }
  const found = ownerReason(actual, wanted, pair.wild) ?? contextReason(actual, wanted, pair.wild, claims);
  return found && { ...found, text: `${found.text}${idsRemark(actual, wanted)}` };
}

/** How many parts of the subject fit, to choose among several values of a policy. */
export function subjectCloseness(pair: Pair): number {
  const [actual, wanted] = [parseSubject(pair.actual), parseSubject(pair.wanted)];
  if (actual === undefined || wanted === undefined) return 0;
  if (!fits(actual.owner, wanted.owner, pair.wild)) return 1;
  if (!fits(actual.repository, wanted.repository, pair.wild)) return 2;
  const [here, there] = [parseContext(actual.context), parseContext(wanted.context)];
  return here?.kind === there?.kind ? 4 : 3;
}

const unknownForm =
  "GitHub's default subject has no such form; after the repository it has environment:NAME, pull_request, ref:refs/heads/NAME or ref:refs/tags/NAME";

const reason = (code: ReasonCode, text: string): Reason => ({ code, text });

function ownerReason(actual: TokenSubject, wanted: TokenSubject, wild: boolean): Reason | undefined {
  const parts = [
    ['owner', actual.owner, wanted.owner],
    ['repository', actual.repository, wanted.repository],
  ] as const;
  for (const [part, here, there] of parts) {
    if (fits(here, there, wild)) continue;
    if (!wild && /[*?]/.test(there) && fits(here, there, true)) {
      return reason(
        'literal wildcard',
        `the operator takes * and ? in the ${part} literally; only StringLike takes them as wildcards`,
      );
    }
    if (here.toLowerCase() === there.toLowerCase()) {
      return reason('letter case', `the ${part} differs in upper and lower case: the token has "${show(here)}"`);
    }
    return reason(part, `another ${part}: the job is of "${show(here)}", the policy trusts "${show(there)}"`);
  }
  return idReason(actual, wanted, wild);
}

function idReason(actual: TokenSubject, wanted: TokenSubject, wild: boolean): Reason | undefined {
  const ids = [
    ['owner id', actual.ownerId, wanted.ownerId],
    ['repository id', actual.repositoryId, wanted.repositoryId],
  ] as const;
  for (const [part, here, there] of ids) {
    if (here === undefined || there === undefined || fits(here, there, wild)) continue;
    return reason(
      part,
      `another ${part}: the same name, but the token has ${show(here)} and the policy ${show(there)}`,
    );
  }
  return undefined;
}

function contextReason(actual: TokenSubject, wanted: TokenSubject, wild: boolean, claims: Claims): Reason | undefined {
  if (fits(actual.context ?? '', wanted.context ?? '', wild)) return undefined;
  const [here, there] = [parseContext(actual.context), parseContext(wanted.context)];
  if (wanted.context === undefined || wanted.context === '') {
    return reason('too short', 'the value ends too early: it lacks ":*", or what this job has there');
  }
  if (!wild && hasWildcard(wanted.context) && fits(actual.context ?? '', wanted.context, true)) {
    return reason('literal wildcard', 'the operator takes * and ? literally; only StringLike takes them as wildcards');
  }
  if (there === undefined && !hasWildcard(wanted.context)) {
    return reason('unknown form', unknownForm);
  }
  if (here === undefined) return reason('customized', 'the subject has a customized form after the repository');
  return here.kind === there?.kind ? sameKind(here, there, wild) : otherKind(here, there, claims);
}

function sameKind(here: Context, there: Context, wild: boolean): Reason | undefined {
  if (here.kind === 'pull request' || there.kind === 'pull request') return undefined;
  const [value, other] = [here.value, there.value];
  if (!wild && /[*?]/.test(other) && fits(value, other, true)) {
    return reason('literal wildcard', 'the operator takes * and ? literally; only StringLike takes them as wildcards');
  }
  if (value.toLowerCase() === other.toLowerCase()) {
    return reason('letter case', `the ${here.kind} differs in upper and lower case: the token has "${show(value)}"`);
  }
  const verb = here.kind === 'environment' ? 'the job names' : 'the run is of';
  return reason(here.kind, `another ${here.kind}: ${verb} "${show(value)}", the policy trusts "${show(other)}"`);
}

function otherKind(here: Context, there: Context | undefined, claims: Claims): Reason {
  const wanted = there === undefined ? '' : `; the policy trusts ${article(there.kind)}`;
  if (here.kind === 'environment') {
    return reason(
      'environment',
      `the job names "environment: ${show(here.value)}", so its subject holds that and no branch${there?.kind === 'branch' ? '' : wanted}`,
    );
  }
  if (here.kind === 'pull request') {
    const rest = there?.kind === 'environment' ? ', and the job names no environment' : '';
    return reason(
      'pull request',
      `the run is of a pull request, so its subject is pull_request and holds no branch${rest}`,
    );
  }
  if (there?.kind === 'environment') {
    return reason(
      here.kind,
      `the job names no environment, so its subject holds the ${here.kind} "${show(here.value)}"`,
    );
  }
  const event = claims.event_name === 'pull_request_target' ? ' (pull_request_target has the ref form)' : '';
  return reason(here.kind, `the run is of the ${here.kind} "${show(here.value)}"${event}${wanted}`);
}

const article = (kind: string): string => (kind === 'environment' ? 'an environment' : `a ${kind}`);

function idsRemark(actual: TokenSubject, wanted: TokenSubject): string {
  if (actual.ownerId !== undefined && wanted.ownerId === undefined)
    return '; the subject has ids, too (the immutable form)';
  return actual.ownerId === undefined && wanted.ownerId !== undefined ? '; the subject has no ids' : '';
}
