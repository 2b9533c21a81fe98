import { setTimeout as pause } from 'node:timers/promises';

const line = /^(?:simplebank_)?nodejs_eventloop_lag_p99_seconds(?:\{[^}]*\})? (\S+)$/m;
const patienceMs = 10_000;
const msPerSecond = 1_000;

/** A gateway in an overload may not answer at once; it is asked a second time, then left out. */
async function scrape(url: string): Promise<string | null> {
  for (const waitMs of [0, msPerSecond]) {
    await pause(waitMs);
    try {
      const answer = await fetch(`${url}/metrics`, { signal: AbortSignal.timeout(patienceMs) });
      if (answer.ok) return await answer.text();
    } catch {}
  }
  return null;
}

/**
 * The event loop's lag of each program, p99 in milliseconds since it was last asked for: each
 * scrape begins anew. Programs that do not tell are left out.
 */
export async function loopLags(
  operations: Readonly<Record<string, string>>,
): Promise<Readonly<Record<string, number>>> {
  const told = await Promise.all(
    Object.entries(operations).map(async ([name, url]) => {
      const [, seconds] = line.exec((await scrape(url)) ?? '') ?? [];
      return seconds === undefined ? [] : [[name, Number(seconds) * msPerSecond] as const];
    }),
  );
  return Object.fromEntries(told.flat());
}
