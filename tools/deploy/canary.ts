/** What was seen of one track of a process since the canary began. */
export type Seen = {
  readonly requests: number;
  readonly errors: number;
  /** The 0.95 of the successful ones; null when there was none. */
  readonly p95Ms: number | null;
};

export type Decision = 'promote' | 'hold' | 'roll back';
export type Judgement = { readonly decision: Decision; readonly reason: string };

/** Written before any release (ADR 0028). */
export const criteria = {
  /** Fewer say nothing yet. */
  requestsMin: 200,
  /** What a canary may always fail with, however well stable does, as a share of its requests. */
  errorShareFree: 0.001,
  /** Errors beyond this many times the share of stable roll back. */
  errorFactorMax: 2,
  /** A 0.95 beyond this many times that of stable rolls back if it also misses the objective; */
  latencyFactorMax: 1.5,
  /** and beyond this many times it waits for more requests. */
  latencyFactorHold: 1.2,
} as const;

const shareOf = ({ requests, errors }: Seen): number => (requests === 0 ? 0 : errors / requests);
const percent = (share: number): string => `${(share * 100).toFixed(2)} %`;

/**
 * Compares a canary with what runs beside it. Errors are judged as soon as they are certain: a
 * canary with fewer requests than the least is rolled back once it has failed more often than it
 * may at all.
 */
export function judgeCanary(canary: Seen, stable: Seen, objectiveMs: number): Judgement {
  const { requestsMin, errorShareFree, errorFactorMax } = criteria;
  const errorShareMax = Math.max(errorShareFree, shareOf(stable) * errorFactorMax);
  const failed = canary.errors / Math.max(canary.requests, requestsMin);
  if (failed > errorShareMax) {
    const [own, others] = [percent(shareOf(canary)), percent(shareOf(stable))];
    const reason = `${own} of its requests fail, stable ${others}`;
    return { decision: 'roll back', reason };
  }
  if (canary.requests < requestsMin) {
    return { decision: 'hold', reason: `${canary.requests} requests of ${requestsMin} so far` };
  }
  return judgeLatency(canary.p95Ms, stable.p95Ms, objectiveMs);
}

function judgeLatency(own: number | null, other: number | null, objectiveMs: number): Judgement {
  const { latencyFactorMax, latencyFactorHold } = criteria;
  if (own === null || other === null) {
    return { decision: 'hold', reason: 'no successful request to compare' };
  }
  const reason = `p95 ${own.toFixed(0)} ms, stable ${other.toFixed(0)} ms`;
  if (own > other * latencyFactorMax && own > objectiveMs) return { decision: 'roll back', reason };
  if (own > other * latencyFactorHold && own > objectiveMs) return { decision: 'hold', reason };
  return { decision: 'promote', reason };
}
