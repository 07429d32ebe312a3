/** The middle of a sample, and the half of it around the middle. */
export interface Spread {
  readonly median: number;
  readonly p25: number;
  readonly p75: number;
}

function quantile(sorted: readonly number[], share: number): number {
  const place = (sorted.length - 1) * share;
  const below = sorted[Math.floor(place)] ?? Number.NaN;
  const above = sorted[Math.ceil(place)] ?? Number.NaN;
  return below + (above - below) * (place - Math.floor(place));
}

export function spread(sample: readonly number[]): Spread {
  const sorted = sample.toSorted((a, b) => a - b);
  return { median: quantile(sorted, 0.5), p25: quantile(sorted, 0.25), p75: quantile(sorted, 0.75) };
}

/** The median of the ratios run by run: both ran in the same round, so a slow moment of the machine hits both alike. */
export const pairedRatio = (sample: readonly number[], base: readonly number[]): number =>
  spread(sample.map((value, round) => value / (base[round] ?? Number.NaN))).median;
