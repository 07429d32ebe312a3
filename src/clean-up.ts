import { asCredentialError } from './contract/errors.ts';
import type { Job } from './contract/ports.ts';
import { replay, savedUndo, type UndoContext } from './deliveries/undo.ts';

/** The whole story of post: takes back what main changed. Warns, never fails the job. */
export function cleanUp(job: Job, machine: UndoContext): void {
  try {
    const { restored, removed, left, failed } = replay(savedUndo(job), job, machine);
    const undone = [
      ...(restored.length === 0 ? [] : [`Restored ${restored.join(', ')}.`]),
      ...(removed.length === 0 ? [] : [`Removed ${removed.join(', ')}.`]),
    ];
    job.info(undone.length === 0 ? 'Nothing to restore.' : undone.join(' '));
    if (failed.length > 0)
      job.warn(`These could not be restored, and steps after this one still see them: ${failed.join(', ')}.`);
    if (left.length > 0) job.info(`Not restored, because they were changed after this step: ${left.join(', ')}.`);
  } catch (error) {
    job.warn(
      `The job's AWS variables and profiles could not be restored: ${asCredentialError(error).message}. Steps after this one may still see them.`,
    );
  }
}
