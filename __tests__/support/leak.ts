import type { PhaseResult } from '../../emulator/contract.ts';
import type { Seen } from './scenario.ts';

/** A place where a secret must not be: the log as the user sees it, debug lines included, stdout outside `::add-mask::`, or saved state. */
export function leaksIn({ steps, posts, secrets }: Seen): readonly string[] {
  const mains = steps.flatMap(({ result, held, heldFiles }, index) => [
    ...leaksOf(result, secrets).map((place) => `step ${index + 1}: ${place}`),
    // State may hold what was in the job before, for post to put back; never what this step has got.
    ...found(Object.values(result.state).join('\n'), secrets)
      .filter((secret) => !Object.values(held).includes(secret))
      .filter((secret) => !Object.values(heldFiles).some((text) => text.includes(secret)))
      .map(() => `step ${index + 1}: state`),
  ]);
  const ends = posts.flatMap((post, index) =>
    post === undefined ? [] : leaksOf(post, secrets).map((place) => `post ${index + 1}: ${place}`),
  );
  return [...mains, ...ends];
}

function leaksOf({ log, raw, summary }: PhaseResult, secrets: readonly string[]): readonly string[] {
  const outsideMasks = raw.replace(/^::add-mask::.*$/gm, '');
  return [
    ...found(log, secrets).map(() => 'the log'),
    ...found(outsideMasks, secrets).map(() => 'stdout outside ::add-mask::'),
    ...found(summary, secrets).map(() => 'the summary'),
  ];
}

function found(text: string, secrets: readonly string[]): readonly string[] {
  return secrets.filter((secret) => secret.length > 7 && text.includes(secret));
}
