import { withTimeout } from './contract/deadline.ts';
import { asCredentialError, CredentialError } from './contract/errors.ts';
import type { Aws, Host, Job, Machine, Network } from './contract/ports.ts';
import {
  type AnyDelivery,
  type Delivered,
  type DeliveredProfiles,
  type Undo,
  wantsEnvironment,
} from './deliveries/delivery.ts';
import { deliveryError } from './deliveries/file-errors.ts';
import { checkDeliveries, type DeliverEffects, deliver, deliveriesOfExisting } from './deliveries/index.ts';
import { blankInherited, snapshot } from './deliveries/inherited-credentials.ts';
import { exportRegion } from './deliveries/region.ts';
import { saveUndo } from './deliveries/save-undo.ts';
import { type Inputs, isFalse, nameOrigins, readInputs } from './inputs/inputs.ts';
import { readRegion, requireRegion } from './inputs/region.ts';
import { withYaml } from './inputs/yaml-inputs.ts';
import { asksForCredentials, type Plan } from './plan/plan.ts';
import { readRequest, type StepRequest } from './request.ts';
import { checkExisting } from './session/existing-credentials.ts';
import { checkSession, type Guard, maskText } from './session/guard.ts';
import type { SummaryContent } from './session/job-summary.ts';
import { expireAfter, resolvePlans } from './session/resolve-plans.ts';
import type { Effects } from './sources/source.ts';

/** The ports that main needs; services are connected to once the inputs say how. */
export interface Ports {
  readonly job: Job;
  readonly host: Machine;
  /** `say` takes a line for the log. Throws INPUT_INVALID where there is no such way to connect. */
  connect(network: Network, say: (line: string) => void): Services;
}

/** The services that the step asks; nothing is sent before it asks. */
export interface Services {
  readonly aws: Aws;
  readonly idToken: Host['idToken'];
}

/** The whole story of main: read, plan, resolve, check, deliver. Throws CredentialError; then the job is as it was, except for what it asked to blank. */
export async function run({ job, host, connect }: Ports): Promise<void> {
  const before = snapshot(host, job);
  const inputs = readInputs(before.env, job.mask);
  try {
    await runStep(inputs, before, { job: withOrigins(job, inputs), host, connect });
  } catch (error) {
    const { code, message, hint, cause } = asCredentialError(error);
    throw new CredentialError(code, nameOrigins(message, inputs), { hint, cause });
  }
}

/** `snapshot` is the host as it was: inputs, plan and source still see there what is blanked. */
async function runStep(given: Inputs, before: Machine, { job, host, connect }: Ports): Promise<void> {
  const unset = given.flag('unset-current-credentials', false);
  const save = isFalse(given.optional('cleanup')) ? () => {} : saveUndo;
  const blanked = unset ? blankInherited({ job, host, remember: save }) : [];
  // Validate after blanking, which must happen even if these are invalid.
  for (const name of ['cleanup', 'translate-env-variables']) given.flag(name, true);
  // Post reads one list: what was blanked comes first in it, and so is put back last.
  const remember = (undo: readonly Undo[]): void => save([...blanked, ...undo], job);
  if (unset && !asksForCredentials(given)) return finishUnset(given, { job, host, remember });

  const inputs = await withYaml(given);
  const request = await readRequest(inputs, before);
  for (const warning of request.warnings) job.warn(warning);
  checkDeliveries(request.deliveries, inputs, before);
  const say = (line: string): void => {
    maskText(line, request.guard, job);
    job.info(line);
  };
  const { aws, idToken } = connect(request.network, say);
  const answer = await withinTimeout(resultOf(request, { aws, host: { ...before, idToken } }, job), request.timeoutS);
  const delivered = await deliver(answer.parcel, answer.deliveries, { job, host, inputs, remember });
  job.info(await resultLine(answer, delivered));
  if (request.summary === 'wanted') await writeSummary(answer, delivered, { job, guard: request.guard });
}

/** A step that only blanks ends here; the region that it is given is still set. */
function finishUnset(inputs: Inputs, { job, host, remember }: Omit<DeliverEffects, 'inputs'>): void {
  job.info('No role and no source is given: there is nothing more to do.');
  const given = inputs.optional('aws-region') !== undefined && inputs.origin('aws-region') === undefined;
  if (!given || !wantsEnvironment(inputs)) return;
  exportRegion(requireRegion(readRegion(inputs)), { job, host, record: (undo) => remember(undo, job) });
}

/** What is to be delivered, and how. */
interface StepResult {
  readonly parcel: Delivered | DeliveredProfiles;
  readonly plan?: Plan | undefined;
  readonly deliveries: readonly AnyDelivery[];
  readonly verb: 'Delivered' | 'Kept';
}

/** The existing credentials where they may be kept and are good; else what the plan resolves to. */
async function resultOf(request: StepRequest, effects: Effects, job: Job): Promise<StepResult> {
  const { existing, guard, region, deliveries, plans } = request;
  if (existing.mode === 'reuse') {
    const verdict = await checkExisting({ ...existing, region: requireRegion(region), guard }, effects, job);
    if ('session' in verdict) {
      const parcel = { ...verdict, source: 'environment' };
      return { parcel, deliveries: deliveriesOfExisting(deliveries), verb: 'Kept' };
    }
    job.info(`The existing credentials are not kept: ${verdict.because.replace(/\.$/, '')}.`);
  }
  if (plans instanceof CredentialError) throw plans;
  const resolved = await resolvePlans(plans, effects, { guard, job });
  const { plan, source } = resolved;
  const now = effects.host.now();
  if ('profiles' in resolved) {
    const { checkProfiles } = await import('./session/check-profiles.ts');
    const trunk = deliveries.some(({ kind }) => kind === 'environment' || kind === 'sealed');
    const terms = { guard, expireAfter: request.expireAfter, now, trunk: trunk ? 'delivered' : 'kept back' } as const;
    const checked = checkProfiles(resolved, terms, job);
    const identity = plan.trunk.hops.length === 0 ? undefined : checked.session?.identity;
    const parcel = { ...checked, identity, region: plan.trunk.region, source };
    return { parcel, plan, deliveries, verb: 'Delivered' };
  }
  checkSession(resolved.session, guard, job);
  const session = expireAfter(request.expireAfter, resolved.session, now);
  return { parcel: { session, source }, plan, deliveries, verb: 'Delivered' };
}

/** Messages about an input name the variable that replaces it. */
function withOrigins(job: Job, inputs: Inputs): Job {
  return {
    ...job,
    info: (line) => job.info(nameOrigins(line, inputs)),
    group: (title, lines) =>
      job.group(
        title,
        lines.map((line) => nameOrigins(line, inputs)),
      ),
    warn: (message) => job.warn(nameOrigins(message, inputs)),
  };
}

/** No credentials have been changed while the answer is awaited, so giving up leaves them as they were. */
function withinTimeout(answer: Promise<StepResult>, limit: number | undefined): Promise<StepResult> {
  if (limit === undefined) return answer;
  const message = `The step did not finish within the ${limit} s of "action-timeout-s"`;
  const hint = 'Raise "action-timeout-s", or find out what keeps AWS or GitHub from answering.';
  return withTimeout(answer, limit * 1000, () => new CredentialError('TIMED_OUT', message, { hint }));
}

/** A run whose page cannot be written has its credentials all the same. */
async function writeSummary(
  { parcel, plan }: StepResult,
  delivered: readonly string[],
  { job, guard }: { readonly job: Job; readonly guard: Guard },
): Promise<void> {
  const accounts = guard.maskAccount ? 'hidden' : 'shown';
  const markdown = await summaryOf(parcel, plan, { delivered, accounts });
  try {
    job.summarize(markdown);
  } catch (error) {
    job.warn(deliveryError('The job summary could not be written', error).message);
  }
}

async function summaryOf(
  parcel: StepResult['parcel'],
  plan: Plan | undefined,
  shown: Pick<SummaryContent, 'delivered' | 'accounts'>,
): Promise<string> {
  if ('profiles' in parcel && plan !== undefined) {
    const { profilesSummary } = await import('./session/profiles-report.ts');
    return profilesSummary({ plan, profiles: parcel.profiles, ...shown });
  }
  const { jobSummary } = await import('./session/job-summary.ts');
  if (parcel.session === undefined) throw new Error('a summary without a session');
  return jobSummary({ session: parcel.session, plan, ...shown });
}

async function resultLine({ verb, parcel }: StepResult, delivered: readonly string[]): Promise<string> {
  if ('profiles' in parcel) {
    const { profilesLine } = await import('./session/profiles-report.ts');
    return profilesLine(parcel.profiles, delivered);
  }
  const { identity, credentials } = parcel.session;
  const until = credentials.expiration === undefined ? '' : `, until ${credentials.expiration.toISOString()}`;
  const from = verb === 'Kept' ? ' of the environment' : '';
  const who = identity.arn ?? (identity.account === '' ? 'credentials' : `account ${identity.account}`);
  return `${verb} ${who}${from}: ${delivered.join(', ')}${until}`;
}
