import { asCredentialError } from '../errors.ts';
import type { Env, Job } from '../ports.ts';
import { digest, type Undo } from './delivery.ts';

/** What came of each effect when it was taken back. */
export interface Undone {
  readonly restored: readonly string[];
  /** Changed by someone else since, and so left alone. */
  readonly left: readonly string[];
  /** Could not be written. */
  readonly failed: readonly string[];
}

const stateName = 'undo';

/** Saves the whole list; a later save replaces an earlier one. */
export function saveUndo(undo: readonly Undo[], job: Job): void {
  job.saveState(stateName, JSON.stringify(undo));
}

/** The list that main saved; empty where main changed nothing. Throws where the state is not ours. */
export function savedUndo(job: Job): readonly Undo[] {
  const text = job.state(stateName);
  if (text === '') return [];
  const list: unknown = JSON.parse(text);
  if (Array.isArray(list) && list.every(isUndo)) return list;
  throw new Error('the saved state is not an undo list of this version');
}

/** Takes the effects back, last in, first out; one that fails does not keep the others. */
export function replay(undo: readonly Undo[], job: Job, env: Env): Undone {
  const verdicts = new Map<string, keyof Undone>();
  for (const entry of undo.toReversed()) {
    const verdict = restore(entry, job, env);
    // Of several effects on one variable the last one taken back decides, unless it found one that could not be.
    if (verdict !== undefined && verdicts.get(entry.name) !== 'failed') verdicts.set(entry.name, verdict);
  }
  const named = (wanted: keyof Undone) =>
    [...verdicts].flatMap(([name, verdict]) => (verdict === wanted ? [name] : []));
  return { restored: named('restored'), left: named('left'), failed: named('failed') };
}

/**
 * Restores a variable that still holds our value, and one that shows what stood before us: either it is back already,
 * and saying so again changes nothing, or a step-level `env:` hides our value, which must go from the job all the same.
 */
function restore({ name, ours, before }: Undo, job: Job, env: Env): keyof Undone | undefined {
  const present = env[name] ?? '';
  if (present === '' && before === '') return undefined;
  if (digest(present) !== ours && present !== before) return 'left';
  try {
    job.exportVariable(name, before);
    return 'restored';
  } catch (error) {
    job.debug(`${name}: ${asCredentialError(error).message}`);
    return 'failed';
  }
}

function isUndo(value: unknown): value is Undo {
  if (typeof value !== 'object' || value === null) return false;
  const fields = new Map<string, unknown>(Object.entries(value));
  return (
    fields.get('undo') === 'restore' && ['name', 'ours', 'before'].every((key) => typeof fields.get(key) === 'string')
  );
}
