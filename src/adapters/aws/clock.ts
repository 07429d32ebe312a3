/** The time of AWS, which refuses signatures that are minutes off. */
export interface Clock {
  now(): Date;
  /** Reads the `Date` header of a response; true if it changed the time. */
  correct(date: string | undefined): boolean;
}

/** Milliseconds by which a clock may be off: AWS accepts signatures up to five minutes off. */
const tolerance = 240_000;

/** This machine's clock, until a response shows that it is wrong. */
export function startClock(): Clock {
  let offset = 0;
  return {
    now: () => new Date(Date.now() + offset),
    correct(date = '') {
      const found = Date.parse(date) - Date.now();
      if (Number.isNaN(found) || Math.abs(found - offset) < tolerance) return false;
      offset = found;
      return true;
    },
  };
}
