import { replay, savedUndo } from './deliveries/undo.ts';
import { asCredentialError } from './errors.ts';
import type { Env, Job } from './ports.ts';

/** The whole story of post: takes back what main changed. Warns, never fails the job. */
export function cleanUp(job: Job, env: Env): void {
  try {
    const { restored, left, failed } = replay(savedUndo(job), job, env);
    job.info(restored.length === 0 ? 'Nothing to restore.' : `Restored ${restored.join(', ')}.`);
    if (failed.length > 0)
      job.warn(`These could not be restored, and steps after this one still see them: ${failed.join(', ')}.`);
    if (left.length > 0) job.info(`Left alone, because something else has changed them since: ${left.join(', ')}.`);
  } catch (error) {
    job.warn(
      `The job's AWS variables could not be restored: ${asCredentialError(error).message}. Steps after this one may still see them.`,
    );
  }
}
