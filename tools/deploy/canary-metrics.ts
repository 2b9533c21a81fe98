import { z } from 'zod';
import type { Seen } from './canary.ts';

const operations = 'simplebank_operation_duration_seconds';
const timeoutMs = 10_000;

const answer = z.object({
  status: z.literal('success'),
  data: z.object({ result: z.array(z.object({ value: z.tuple([z.number(), z.string()]) })) }),
});

/** Questions to Prometheus about one track of a process over the last minutes. */
export function canaryQueries(name: string, track: 'canary' | 'stable', minutes: number) {
  const own = `service="${name}", track="${track}"`;
  const total = (labels: string) => `sum(increase(${operations}_count{${labels}}[${minutes}m]))`;
  const buckets = `rate(${operations}_bucket{${own}, outcome="ok"}[${minutes}m])`;
  return {
    requests: total(own),
    errors: total(`${own}, outcome="error"`),
    p95Seconds: `histogram_quantile(0.95, sum by (le) (${buckets}))`,
  };
}

/** Null when nothing matches. Throws when Prometheus is silent for 10 s or answers an error. */
async function ask(url: string, query: string): Promise<number | null> {
  const at = `${url}/api/v1/query?${new URLSearchParams({ query })}`;
  const response = await fetch(at, { signal: AbortSignal.timeout(timeoutMs) });
  const { data } = answer.parse(await response.json());
  const value = Number(data.result[0]?.value[1] ?? Number.NaN);
  return Number.isFinite(value) ? value : null;
}

type Asked = {
  readonly name: string;
  readonly track: 'canary' | 'stable';
  readonly minutes: number;
};

/** What Prometheus saw of one track. */
export async function seenBy(url: string, { name, track, minutes }: Asked): Promise<Seen> {
  const queries = canaryQueries(name, track, minutes);
  const [requests, errors, p95] = await Promise.all([
    ask(url, queries.requests),
    ask(url, queries.errors),
    ask(url, queries.p95Seconds),
  ]);
  return {
    requests: Math.round(requests ?? 0),
    errors: Math.round(errors ?? 0),
    p95Ms: p95 === null ? null : p95 * 1000,
  };
}
