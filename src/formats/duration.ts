import type { Refuse } from '../contract/errors.ts';

/** The allowed range of a duration, in seconds. */
export interface Range {
  readonly least: number;
  readonly most: number;
}

const units = { '': 1, m: 60, h: 3600 } as const;

/** The seconds of `90`, `30m` or `1h`. Throws the error of `refuse`. */
export function secondsIn(text: string, range: Range, refuse: Refuse): number {
  const match = /^(\d{1,9})([mh]?)$/.exec(text);
  const unit = match?.[2] === 'm' || match?.[2] === 'h' ? match[2] : '';
  const seconds = match === null ? Number.NaN : Number(match[1]) * units[unit];
  if (seconds >= range.least && seconds <= range.most) return seconds;
  throw refuse(
    match === null ? 'is not a duration.' : `is ${seconds} seconds, outside ${range.least} to ${range.most}.`,
    `Provide it in seconds, or as "30m" or "1h", between ${range.least} and ${range.most} seconds.`,
  );
}
