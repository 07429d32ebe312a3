import type { Job } from '../contract/ports.ts';
import type { Undo } from './delivery.ts';

const stateName = 'undo';

/** The runner hands state to post in variables, and a variable is 32,767 characters on Windows and 128 KiB on Linux at most. */
const chunkLimit = 30_000;

/** Saves the whole list; a later save replaces an earlier one. A list only grows, so one that is half saved is still a list. */
export function saveUndo(undo: readonly Undo[], job: Job): void {
  for (const [index, chunk] of chunksOf(undo).entries()) job.saveState(chunkName(index), `[${chunk.join(',')}]`);
}

function chunksOf(undo: readonly Undo[]): readonly (readonly string[])[] {
  const chunks: string[][] = [];
  let length = Number.POSITIVE_INFINITY;
  for (const text of undo.map((entry) => JSON.stringify(entry))) {
    length += text.length + 1;
    if (length <= chunkLimit) chunks.at(-1)?.push(text);
    else {
      chunks.push([text]);
      length = text.length + 2;
    }
  }
  return chunks.length === 0 ? [[]] : chunks;
}

/** The name of a part of the list in the step's state. */
export function chunkName(index: number): string {
  return index === 0 ? stateName : `${stateName}${index + 1}`;
}
