import type { Job, Machine } from '../contract/ports.ts';
import { exportVariables, type Undo } from './delivery.ts';
import { deliveryError } from './file-errors.ts';
import type { DeliverEffects } from './index.ts';

/** What a job may have inherited; the expiration goes with its keys, or later keys would count as expired. */
const credentialVariables: readonly string[] = [
  'AWS_ACCESS_KEY_ID',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'AWS_CREDENTIAL_EXPIRATION',
  'AWS_REGION',
  'AWS_DEFAULT_REGION',
];

/** The host with its environment as it is now, whatever this step sets or blanks later. */
export function snapshot(host: Machine, job: Job): Machine {
  const env = { ...host.env };
  const secret = (name: string): string | undefined => {
    const value = env[name] || undefined;
    if (value !== undefined) job.mask(value);
    return value;
  };
  return { ...host, env, secret };
}

/** Blanks the credentials and the region that the job has inherited. Returns how post puts them back. Throws DELIVERY_FAILED. */
export function blankInherited({ job, host, remember }: Omit<DeliverEffects, 'inputs'>): readonly Undo[] {
  const held = credentialVariables.filter((name) => host.env[name]);
  let blanked: readonly Undo[] = [];
  const record = (undo: readonly Undo[]): void => {
    blanked = undo;
    remember(undo, job);
  };
  try {
    exportVariables(Object.fromEntries(held.map((name) => [name, ''])), { job, host, record: record });
  } catch (error) {
    throw deliveryError('The inherited credentials could not be blanked', error);
  }
  job.info(held.length === 0 ? 'There are no inherited credentials to blank.' : `Blanked ${held.join(', ')}.`);
  return blanked;
}
