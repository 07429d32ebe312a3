import type { Session } from '../contract/credentials.ts';
import { asCredentialError, type CredentialError } from '../contract/errors.ts';
import type { Job } from '../contract/ports.ts';
import { allPlanned, describePlan, type Plan, type PlannedSource, type Plans } from '../plan/plan.ts';
import { noSourceFound, withKind } from '../plan/select-source.ts';
import type { Effects } from '../sources/source.ts';
import { type Guard, maskPlan, maskText } from './guard.ts';
import { resolvePlan } from './resolve.ts';
import type { ResolvedBranches } from './resolve-branches.ts';

/** The log, and what must be masked in it. */
interface LogContext {
  readonly guard: Guard;
  readonly job: Job;
}

/** A session, or those of several profiles; the kind of the source that they came from, and the plan that led to them. */
export type Resolved = ResolvedPlan & { readonly source: string; readonly plan: Plan };

type ResolvedPlan = { readonly session: Session } | ResolvedBranches;

/** Resolves the first plan whose source has something to offer; a refusal ends it. Throws CredentialError. */
export async function resolvePlans(plans: Plans, effects: Effects, context: LogContext): Promise<Resolved> {
  logSkipped(plans, context.job);
  const empty: CredentialError[] = [...plans.skipped];
  const planned = allPlanned(plans);
  for (const next of planned) {
    const source = next.plan.trunk.source.kind;
    try {
      return { ...(await resolvePlanned(next, effects, context)), source, plan: next.plan };
    } catch (error) {
      const refusal = asCredentialError(error);
      // A refusal by AWS may be the first text that names an account: mask it before the error is shown.
      maskText(`${refusal.message} ${refusal.hint}`, context.guard, context.job);
      if (refusal.code !== 'NO_SOURCE' || empty.length + planned.length === 1) throw error;
      empty.push(withKind(source, refusal));
      context.job.info(`Source "${source}" has no credentials: ${refusal.message}`);
    }
  }
  throw noSourceFound(empty);
}

/** Many are folded, so that the plan stays in sight. */
function logSkipped({ skippedNotes }: Plans, job: Job): void {
  if (skippedNotes.length > 2) job.group(`Skipped ${skippedNotes.length} sources`, skippedNotes);
  else for (const note of skippedNotes) job.info(note);
}

async function resolvePlanned(
  { plan, because, warnings }: PlannedSource,
  effects: Effects,
  { guard, job }: LogContext,
): Promise<ResolvedPlan> {
  maskPlan(plan, guard, job);
  job.info(`Source: ${plan.trunk.source.kind} (${because})`);
  job.info(`Plan: ${describePlan(plan)}`);
  if (plan.branches.length > 0) await logBranches(plan, job);
  for (const warning of warnings) job.warn(warning);
  const told = (tell: (line: string) => void) => (line: string) => {
    maskText(line, guard, job);
    tell(line);
  };
  const masking = { ...effects, log: { info: told(job.info), warn: told(job.warn) } };
  if (plan.branches.length === 0) return { session: await resolvePlan(plan, masking) };
  const { resolveBranches } = await import('./resolve-branches.ts');
  return resolveBranches(plan, masking);
}

/** Many are folded, so that the plan stays in sight. */
async function logBranches(plan: Plan, job: Job): Promise<void> {
  const { describeBranches } = await import('./profiles-report.ts');
  const lines = describeBranches(plan);
  if (lines.length > 10) job.group(`${lines.length} profiles`, lines);
  else for (const line of lines) job.info(`  ${line}`);
}

/** The session, counting as expired so many seconds from `now`, in milliseconds, where that is sooner than its own end. */
export function expireAfter(seconds: number | undefined, session: Session, now: number): Session {
  if (seconds === undefined) return session;
  const { credentials } = session;
  const end = Math.min(now + seconds * 1000, credentials.expiration?.getTime() ?? Number.POSITIVE_INFINITY);
  return { ...session, credentials: { ...credentials, expiration: new Date(end) } };
}
