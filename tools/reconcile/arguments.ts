/** What `npm run reconcile -- …` was asked for. */
export type Wish = {
  readonly waitMs: number;
  readonly json: boolean;
  /** Null for once. */
  readonly everyMs: number | null;
  readonly metricsPort: number;
  /** Mends damaged copies, then compares again. */
  readonly repair: boolean;
};

export const usage = `npm run reconcile -- [--wait 10s] [--json] [--repair]
npm run reconcile -- --every 60s [--wait 10s] [--metrics-port 9400]

Proves that the books of the contexts agree; it reports, and edits nothing unless told to repair.
  --wait          how long work in flight has to arrive before a difference is drift (10s)
  --json          one JSON line instead of a table
  --repair        makes damaged copies anew from their owners' events, then compares again; owners
                  and what is booked or reckoned are never edited
  --every         goes on, once in this time, as a process with /metrics and /health
  --metrics-port  where it tells them (any free port)
Exit code 0: no drift. 1: drift. 2: it could not compare.`;

const units: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000 };

/** Milliseconds of `500ms`, `10s` or `2m`; null for anything else. */
function parseDuration(text: string): number | null {
  const [, count, unit = ''] = /^(\d{1,6})(ms|s|m)$/.exec(text) ?? [];
  const factor = units[unit];
  return count === undefined || factor === undefined ? null : Number(count) * factor;
}

const defaults: Wish = {
  ...{ waitMs: 10_000, json: false, everyMs: null, metricsPort: 0, repair: false },
};

/** Null when it is not understood. */
export function parseArguments(args: readonly string[]): Wish | null {
  const [name, value = '', ...rest] = args;
  if (name === undefined) return defaults;
  if (name === '--json') {
    const others = parseArguments(args.slice(1));
    return others && { ...others, json: true };
  }
  if (name === '--repair') {
    const others = parseArguments(args.slice(1));
    return others?.everyMs === null ? { ...others, repair: true } : null;
  }
  const others = parseArguments(rest);
  if (!others) return null;
  if (name === '--metrics-port') {
    const port = /^\d{1,5}$/.test(value) ? Number(value) : Number.NaN;
    return port <= 65_535 ? { ...others, metricsPort: port } : null;
  }
  const ms = parseDuration(value);
  if (ms === null) return null;
  if (name === '--wait') return { ...others, waitMs: ms };
  return name === '--every' && ms > 0 && !others.repair ? { ...others, everyMs: ms } : null;
}
