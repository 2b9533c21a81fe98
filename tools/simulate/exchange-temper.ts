/** How the exchange misbehaves; each is a chance from 0 to 1. */
export type Temper = {
  readonly rejects: number;
  /** It does what it was asked, and the answer is lost. */
  readonly answersLost: number;
  readonly callsLost: number;
  /** The same report again, and whole pages again. */
  readonly repeats: number;
  /** An execution that is told after the end of its order. */
  readonly lateFills: number;
  /** Starts an outage of some seconds or minutes. */
  readonly outages: number;
};

export const peaceful: Temper = {
  ...{ rejects: 0, answersLost: 0, callsLost: 0, repeats: 0, lateFills: 0, outages: 0 },
};
