import type { Session } from '../contract/credentials.ts';
import { asCredentialError, type CredentialError } from '../contract/errors.ts';
import type { Job } from '../contract/ports.ts';
import { type Decision, describePlan, type Plan, type Route } from '../plan/plan.ts';
import { named, noneApplies } from '../plan/select-source.ts';
import type { Effects } from '../sources/source.ts';
import { type Guard, maskPlan, maskText } from './guard.ts';
import { resolvePlan } from './resolve.ts';

/** Where it is told what is done, and what of it must be masked. */
interface Telling {
  readonly guard: Guard;
  readonly job: Job;
}

/** A session, the kind of the source that it came from, and the plan that led to it. */
export interface Obtained {
  readonly session: Session;
  readonly source: string;
  readonly plan: Plan;
}

/** Resolves the first plan whose source has something to offer; a refusal ends it. Throws CredentialError. */
export async function obtain(decision: Decision, effects: Effects, telling: Telling): Promise<Obtained> {
  tellRemarks(decision, telling.job);
  const nothing: CredentialError[] = [...decision.absences];
  const routes: readonly Route[] = [decision, ...decision.others];
  for (const route of routes) {
    const source = route.plan.trunk.source.kind;
    try {
      return { session: await follow(route, effects, telling), source, plan: route.plan };
    } catch (error) {
      const refusal = asCredentialError(error);
      // A refusal by AWS may be the first text that names an account: mask it before the error is shown.
      maskText(refusal.message, telling.guard, telling.job);
      if (refusal.code !== 'NO_SOURCE' || nothing.length + routes.length === 1) throw error;
      nothing.push(named(source, refusal));
      telling.job.info(`Nothing to be had from ${source}: ${refusal.message}`);
    }
  }
  throw noneApplies(nothing);
}

/** Many are folded, so that the plan stays in sight. */
function tellRemarks({ remarks }: Decision, job: Job): void {
  if (remarks.length > 2) job.group(`Passed over ${remarks.length} sources`, remarks);
  else for (const remark of remarks) job.info(remark);
}

async function follow({ plan, because, warnings }: Route, effects: Effects, { guard, job }: Telling): Promise<Session> {
  maskPlan(plan, guard, job);
  job.info(`Source: ${plan.trunk.source.kind} (${because})`);
  job.info(`Plan: ${describePlan(plan)}`);
  for (const warning of warnings) job.warn(warning);
  const told = (tell: (line: string) => void) => (line: string) => {
    maskText(line, guard, job);
    tell(line);
  };
  return resolvePlan(plan, { ...effects, log: { info: told(job.info), warn: told(job.warn) } });
}

/** The session, counting as expired so many seconds from `now`, in milliseconds, where that is sooner than its own end. */
export function endingAfter(seconds: number | undefined, session: Session, now: number): Session {
  if (seconds === undefined) return session;
  const { credentials } = session;
  const end = Math.min(now + seconds * 1000, credentials.expiration?.getTime() ?? Number.POSITIVE_INFINITY);
  return { ...session, credentials: { ...credentials, expiration: new Date(end) } };
}
