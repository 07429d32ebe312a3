import type { PhaseResult, RequestRecord } from '../contract.ts';
import type { Texts } from './value.ts';

export type Result = 'success' | 'failure' | 'skipped' | 'cancelled';

/** What came of a step. */
export interface StepRun {
  readonly name: string;
  readonly result: Result;
  readonly outputs: Texts;
  readonly log: string;
}

/** What came of a job, or of one leg of it. */
export interface JobRun {
  /** As GitHub shows it: `deploy`, `deploy (staging)`, `call / deploy`. */
  readonly name: string;
  readonly result: Result;
  readonly steps: readonly StepRun[];
  readonly posts: readonly (PhaseResult | undefined)[];
  readonly outputs: Texts;
  /** Outputs that were not passed on, since they held a masked value. */
  readonly dropped: readonly string[];
  /** All that the user sees of it, posts included. */
  readonly log: string;
  /** All that its steps and posts printed, as they printed it. */
  readonly raw: string;
  readonly masks: readonly string[];
  /** The job's variables after its last post. */
  readonly environment: Texts;
  /** What it asked of GitHub and AWS. */
  readonly requests: readonly RequestRecord[];
}

/** What came of a workflow. */
export interface WorkflowRun {
  readonly result: Result;
  /** In the order in which they ran; one for each leg of a matrix. */
  readonly jobs: readonly JobRun[];
  /** Where it was called: its outputs. */
  readonly outputs: Texts;
}
