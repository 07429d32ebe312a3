/** The time as AWS has it, which refuses signatures that are minutes off. */
export interface Clock {
  now(): Date;
  /** Takes the `Date` header of an answer; whether the time is another now. */
  correct(date: string | undefined): boolean;
}

/** Milliseconds by which a clock may be off: AWS takes signatures of five minutes more or less. */
const tolerance = 240_000;

/** This machine's clock, until an answer says that it is wrong. */
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
