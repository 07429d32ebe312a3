import type { JobDescription } from '../contract.ts';

/** Seconds that GitHub's ID tokens are good for. */
export const lifetime = 300;

/**
 * The subject of a job's token: its environment, else that it is a pull request, else its ref.
 * @see https://docs.github.com/en/actions/reference/security/oidc#filtering-for-a-specific-environment
 */
export function subject(job: JobDescription): string {
  const name = job.repository.slice(job.repository.indexOf('/') + 1);
  const repository =
    job.subject_form === 'immutable'
      ? `${job.repository_owner}@${job.repository_owner_id}/${name}@${job.repository_id}`
      : job.repository;
  // A colon in an environment's name would look like the next part of the subject.
  if (job.environment !== undefined) return `repo:${repository}:environment:${job.environment.replaceAll(':', '%3A')}`;
  return job.event_name === 'pull_request' ? `repo:${repository}:pull_request` : `repo:${repository}:ref:${job.ref}`;
}

/** What GitHub says of a job in its token, without the registered claims that depend on the moment. */
export function claimsOf(job: JobDescription): Readonly<Record<string, string>> {
  return {
    sub: subject(job),
    ref: job.ref,
    ref_type: job.ref.startsWith('refs/tags/') ? 'tag' : 'branch',
    ref_protected: 'true',
    sha: job.sha,
    repository: job.repository,
    repository_id: job.repository_id,
    repository_owner: job.repository_owner,
    repository_owner_id: job.repository_owner_id,
    repository_visibility: 'private',
    run_id: job.run_id,
    run_number: '10',
    run_attempt: job.run_attempt,
    actor: job.actor,
    actor_id: job.actor_id,
    workflow: job.workflow,
    workflow_ref: job.workflow_ref,
    workflow_sha: job.sha,
    job_workflow_ref: job.job_workflow_ref,
    job_workflow_sha: job.sha,
    head_ref: '',
    base_ref: '',
    event_name: job.event_name,
    runner_environment: 'github-hosted',
    ...(job.environment === undefined ? {} : { environment: job.environment }),
  };
}

/** The audience of a token that was asked for without one. */
export function defaultAudience(job: JobDescription): string {
  return `https://github.com/${job.repository_owner}`;
}
