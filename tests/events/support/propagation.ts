import { metrics } from '@simplebank/chassis/metrics';

type Value = {
  readonly metricName?: string;
  readonly labels: Readonly<Record<string, string | number | undefined>>;
  readonly value: number;
};
type Bucket = { readonly upTo: number; readonly count: number };

const name = 'simplebank_propagation_lag_seconds';

export type Lag = {
  readonly events: number;
  /** By subscriber. */
  readonly heard: Readonly<Record<string, number>>;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
};

/** As `histogram_quantile` reckons it: evenly within a bucket. */
function quantile(buckets: readonly Bucket[], share: number): number {
  const rank = (buckets.at(-1)?.count ?? 0) * share;
  const at = buckets.findIndex(({ count }) => count >= rank);
  const before = buckets[at - 1] ?? { upTo: 0, count: 0 };
  const bucket = buckets[at] ?? before;
  if (!Number.isFinite(bucket.upTo)) return before.upTo * 1_000;
  const within = (rank - before.count) / Math.max(1, bucket.count - before.count);
  return Math.round((before.upTo + (bucket.upTo - before.upTo) * within) * 1_000);
}

/** From the moment an event tells of to the end of its effect, over all subscribers. */
export async function propagationLag(): Promise<Lag> {
  const { values = [] } = (await metrics.getSingleMetric(name)?.get()) ?? {};
  const all = values as readonly Value[];
  const counts = new Map<number, number>();
  for (const { metricName, labels, value } of all) {
    if (metricName !== `${name}_bucket`) continue;
    const upTo = labels['le'] === '+Inf' ? Number.POSITIVE_INFINITY : Number(labels['le']);
    counts.set(upTo, (counts.get(upTo) ?? 0) + value);
  }
  const buckets = [...counts]
    .map(([upTo, count]) => ({ upTo, count }))
    .toSorted((a, b) => a.upTo - b.upTo);
  const heard: Record<string, number> = {};
  for (const { metricName, labels, value } of all) {
    if (metricName !== `${name}_count`) continue;
    const service = String(labels['service']);
    heard[service] = (heard[service] ?? 0) + value;
  }
  const [p50Ms = 0, p95Ms = 0, p99Ms = 0] = [0.5, 0.95, 0.99].map((one) => quantile(buckets, one));
  return { events: buckets.at(-1)?.count ?? 0, heard, p50Ms, p95Ms, p99Ms };
}
