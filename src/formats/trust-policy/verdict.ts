/** Whether one part of a statement holds for a request; `unknown`: it depends on what is not known here. */
export type Verdict = 'holds' | 'fails' | 'unknown';

/** Holds if all do; one that fails decides. */
export function allOf(verdicts: readonly Verdict[]): Verdict {
  if (verdicts.includes('fails')) return 'fails';
  return verdicts.includes('unknown') ? 'unknown' : 'holds';
}

/** Holds if any does; one that holds decides. */
export function anyOf(verdicts: readonly Verdict[]): Verdict {
  if (verdicts.includes('holds')) return 'holds';
  return verdicts.includes('unknown') ? 'unknown' : 'fails';
}

export function not(verdict: Verdict): Verdict {
  if (verdict === 'unknown') return 'unknown';
  return verdict === 'holds' ? 'fails' : 'holds';
}

export const verdictOf = (holds: boolean): Verdict => (holds ? 'holds' : 'fails');
