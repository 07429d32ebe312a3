import type { JobDescription } from '../contract.ts';
import { type Mapping, text } from './shape.ts';

/** Reads the job whose claims GitHub's tokens carry. */
export function readJob(value: Mapping): JobDescription {
  const claim = (name: keyof JobDescription) => text(value[name], `job.${name}`);
  return {
    repository: claim('repository'),
    repository_id: claim('repository_id'),
    repository_owner: claim('repository_owner'),
    repository_owner_id: claim('repository_owner_id'),
    ref: claim('ref'),
    event_name: claim('event_name'),
    workflow: claim('workflow'),
    workflow_ref: claim('workflow_ref'),
    job_workflow_ref: claim('job_workflow_ref'),
    actor: claim('actor'),
    actor_id: claim('actor_id'),
    run_id: claim('run_id'),
    run_attempt: claim('run_attempt'),
    sha: claim('sha'),
    ...(value.environment === undefined ? {} : { environment: claim('environment') }),
    ...(value.subject_form === 'immutable' ? { subject_form: 'immutable' } : {}),
  };
}
