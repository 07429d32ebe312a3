import type { Env, Job } from '../ports.ts';
import { digest, type Undo } from './delivery.ts';

/** What came of taking the effects back: the variables restored, and those that someone else has changed since. */
export interface Undone {
  readonly restored: readonly string[];
  readonly left: readonly string[];
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

/** Takes the effects back, last in, first out. */
export function replay(undo: readonly Undo[], job: Job, env: Env): Undone {
  const verdicts = undo.toReversed().map((entry) => ({ name: entry.name, restored: restore(entry, job, env) }));
  return {
    restored: verdicts.flatMap(({ name, restored }) => (restored ? [name] : [])),
    left: verdicts.flatMap(({ name, restored }) => (restored ? [] : [name])),
  };
}

/**
 * Restores a variable that still holds our value, and one that shows what stood before us: either it is back already,
 * and saying so again changes nothing, or a step-level `env:` hides our value, which must go from the job all the same.
 */
function restore({ name, ours, before }: Undo, job: Job, env: Env): boolean {
  const present = env[name] ?? '';
  if (digest(present) !== ours && present !== before) return false;
  job.exportVariable(name, before);
  return true;
}

function isUndo(value: unknown): value is Undo {
  if (typeof value !== 'object' || value === null) return false;
  const fields = new Map<string, unknown>(Object.entries(value));
  return (
    fields.get('undo') === 'restore' && ['name', 'ours', 'before'].every((key) => typeof fields.get(key) === 'string')
  );
}
