/** Looks for the highest rate that is borne. */
export type Search = {
  /** Requests per second to try next; null when the answer is near enough. */
  next(): number | null;
  tried(rate: number, borne: boolean): void;
  /** The highest rate that was borne; 0 when none was. */
  readonly best: () => number;
};

export type SearchWishes = {
  readonly from: number;
  /** Doubles until a rate is not borne, then halves what lies between. */
  readonly until: number;
  /** Ends when the lowest rate that failed is at most so many times the highest that did not. */
  readonly precision: number;
  readonly stepsMax: number;
};

const roundTo = 5;

/** A rate that fails makes all above it count as failed, whatever an earlier one said. */
export function searchRate({ from, until, precision, stepsMax }: SearchWishes): Search {
  let [borne, failed, steps] = [0, Number.POSITIVE_INFINITY, 0];
  const rounded = (rate: number) => Math.max(roundTo, Math.round(rate / roundTo) * roundTo);
  const between = () => {
    if (failed === Number.POSITIVE_INFINITY) return borne === 0 ? from : Math.min(borne * 2, until);
    return rounded(borne === 0 ? failed / 2 : (borne + failed) / 2);
  };
  return {
    next: () => {
      const rate = between();
      const known = rate <= borne || rate >= failed;
      const close = borne > 0 && failed / borne <= precision;
      return steps >= stepsMax || known || close ? null : rate;
    },
    tried: (rate, isBorne) => {
      steps += 1;
      if (isBorne) borne = Math.max(borne, rate);
      else failed = Math.min(failed, rate);
    },
    best: () => borne,
  };
}
