import { boundedMap } from '@simplebank/chassis/bounded-map';

const callersMax = 20_000;
/** Whoever came as often within this time is a caller that we know. */
const oftenFrom = 3;
const memoryMs = 600_000;

type Seen = { readonly times: number; readonly atMs: number };

/** Which callers come often; who has not come for ten minutes begins anew. */
export function createFamiliarity(now: () => number = () => performance.now()) {
  const seen = boundedMap<string, Seen>(callersMax);
  return {
    /** True from the third time on. */
    greet(key: string): boolean {
      const atMs = now();
      const before = seen.get(key);
      const known = before && atMs - before.atMs < memoryMs ? before.times : 0;
      seen.set(key, { times: Math.min(known + 1, oftenFrom), atMs });
      return known + 1 >= oftenFrom;
    },
  };
}
