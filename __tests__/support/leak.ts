import type { PhaseResult } from '../../emulator/contract.ts';

/** Where a secret stands that it must not: the log as the user sees it, debug lines included, stdout outside `::add-mask::`, or saved state. */
export function leaksIn(seen: {
  readonly steps: readonly { readonly result: PhaseResult }[];
  readonly posts: readonly (PhaseResult | undefined)[];
  readonly secrets: readonly string[];
  readonly before: Readonly<Record<string, string>>;
}): readonly string[] {
  const phases = [...seen.steps.map(({ result }) => result), ...seen.posts.flatMap((post) => post ?? [])];
  return phases.flatMap((phase, index) => leaksOf(phase, seen).map((place) => `phase ${index + 1}: ${place}`));
}

function leaksOf(
  phase: PhaseResult,
  { secrets, before }: { readonly secrets: readonly string[]; readonly before: Readonly<Record<string, string>> },
): readonly string[] {
  const outsideMasks = phase.raw.replace(/^::add-mask::.*$/gm, '');
  // State may hold what stood in the job before, for post to put back; never what this step has got.
  const fresh = secrets.filter((secret) => !Object.values(before).includes(secret) && !secret.startsWith('AKIA'));
  const found = (text: string, of: readonly string[]) =>
    of.filter((secret) => secret.length > 7 && text.includes(secret));
  return [
    ...found(phase.log, secrets).map(() => 'the log'),
    ...found(outsideMasks, secrets).map(() => 'stdout outside ::add-mask::'),
    ...found(Object.values(phase.state).join('\n'), fresh).map(() => 'state'),
    ...found(phase.summary, secrets).map(() => 'the summary'),
  ];
}
