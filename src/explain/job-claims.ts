import { parseSubject } from './subject.ts';

type Claims = Readonly<Record<string, string>>;

/** What is known of a job without its token. */
export interface JobFacts {
  readonly repository: string;
  readonly ref: string;
  readonly audience: string;
  readonly environment?: string | undefined;
  readonly event?: string | undefined;
  /** The ids of owner and repository, for the immutable form of the subject. */
  readonly ids?: { readonly owner: string; readonly repository: string } | undefined;
}

/** What a job that will run later has in place of this one. */
export interface Replacements {
  readonly environment?: string | undefined;
  readonly ref?: string | undefined;
  readonly event?: string | undefined;
}

/** The claims of a job's token as far as these facts decide them; the subject has GitHub's default form. */
export function claimsOfJob({ repository, ref, audience, environment, event = 'push', ids }: JobFacts): Claims {
  const [owner = '', name = ''] = repository.split('/');
  const start = ids === undefined ? `repo:${repository}` : `repo:${owner}@${ids.owner}/${name}@${ids.repository}`;
  return {
    aud: audience,
    sub: `${start}:${contextOf({ environment, event, ref })}`,
    repository,
    ref,
    event_name: event,
    ...(ids === undefined ? {} : { repository_id: ids.repository }),
    ...(environment === undefined ? {} : { environment }),
  };
}

/**
 * The claims with replacements, the subject in the form that it has. Without `sub` if that form is customized, for then nobody
 * knows what the replacements make of it. A ref without an event is of a push.
 */
export function replaceClaims(claims: Claims, replacements: Replacements): Claims {
  const { environment = claims.environment, ref = claims.ref ?? '' } = replacements;
  const event = replacements.event ?? (replacements.ref === undefined ? (claims.event_name ?? 'push') : 'push');
  if (Object.values(replacements).every((value) => value === undefined)) return claims;
  const { sub = '', job_workflow_ref: workflow, ...rest } = claims;
  const start =
    parseSubject(sub) === undefined ? undefined : /^repo:[^:]*(?=:(?:environment:|pull_request$|ref:))/.exec(sub)?.[0];
  return {
    ...rest,
    ...(start === undefined ? {} : { sub: `${start}:${contextOf({ environment, event, ref })}` }),
    ...(workflow === undefined ? {} : { job_workflow_ref: workflowAt(workflow, claims.ref, ref) }),
    ref,
    event_name: event,
    ...(environment === undefined ? {} : { environment }),
  };
}

/** A workflow of this run is taken from the run's ref; one that is called from elsewhere is not. */
function workflowAt(workflow: string, from: string | undefined, to: string): string {
  const end = `@${from}`;
  return from !== undefined && workflow.endsWith(end) ? `${workflow.slice(0, -end.length)}@${to}` : workflow;
}

/** https://docs.github.com/en/actions/reference/security/oidc#example-subject-claims */
function contextOf({ environment, event, ref }: Replacements): string {
  if (environment !== undefined) return `environment:${environment.replaceAll(':', '%3A')}`;
  return event === 'pull_request' ? 'pull_request' : `ref:${ref}`;
}
