import type { Session } from './credentials.ts';
import { within } from './deadline.ts';
import { chooseDeliveries, deliver } from './deliveries/index.ts';
import { saveUndo } from './deliveries/undo.ts';
import { asCredentialError, CredentialError } from './errors.ts';
import { checkSession, type Guard, maskPlan, maskText, readGuard } from './guard.ts';
import { readInputs } from './inputs.ts';
import { readNetwork } from './network.ts';
import { describePlan, makePlan, type Plan } from './plan.ts';
import type { Aws, Host, Job, Machine, Network } from './ports.ts';
import { resolve } from './resolve.ts';
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

/** The whole story of main: read, plan, resolve, check, deliver. Throws CredentialError; then the job is as it was. */
export async function run(ports: Ports): Promise<void> {
  const { job } = ports;
  const inputs = readInputs(ports.host.env, job.mask);
  const guard = readGuard(inputs);
  const { network, warnings: networkWarnings } = await readNetwork(inputs, ports.host.env);
  const wanted = chooseDeliveries(inputs);
  const remember = inputs.flag('cleanup', true) ? saveUndo : () => {};
  const limit = inputs.seconds('action-timeout-s', { least: 1, most: 21_600 });

  const { plan, because, warnings } = makePlan(inputs, ports.host.env);
  maskPlan(plan, guard, job);
  job.info(`Source: ${plan.source.kind} (${because})`);
  job.info(`Plan: ${describePlan(plan)}`);
  for (const warning of [...networkWarnings, ...warnings]) job.warn(warning);

  const say = (line: string): void => {
    maskText(line, guard, job);
    job.info(line);
  };
  const { aws, idToken } = ports.connect(network, say);
  const host = { ...ports.host, idToken };
  const session = await withinLimit(resolveMasked(plan, guard, job, { aws, host }), limit);
  checkSession(session, guard, job);
  const delivered = deliver({ session, source: plan.source.kind }, wanted, { job, host, remember });
  job.info(summary(session, delivered));
}

/** A refusal by AWS may be the first text that names an account: mask it before the error is shown. */
async function resolveMasked(plan: Plan, guard: Guard, job: Job, effects: Effects): Promise<Session> {
  try {
    return await resolve(plan, effects);
  } catch (error) {
    maskText(asCredentialError(error).message, guard, job);
    throw error;
  }
}

/** Nothing has been changed while the session is awaited, so giving up leaves the job as it was. */
function withinLimit(session: Promise<Session>, limit: number | undefined): Promise<Session> {
  if (limit === undefined) return session;
  const message = `The step did not finish within the ${limit} s of "action-timeout-s"`;
  const hint = 'Raise "action-timeout-s", or find out what keeps AWS or GitHub from answering.';
  return within(session, limit * 1000, () => new CredentialError('TIMED_OUT', message, { hint }));
}

function summary({ identity, credentials }: Session, delivered: readonly string[]): string {
  const until = credentials.expiration === undefined ? '' : `, until ${credentials.expiration.toISOString()}`;
  return `Delivered ${identity.arn ?? `account ${identity.account}`}: ${delivered.join(', ')}${until}`;
}
