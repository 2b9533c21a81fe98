import { chances } from '../load/schedule.ts';
import { type Assumptions, assumptions } from './assumptions.ts';
import { type Measured, measuredAs } from './measured.ts';
import { dayShares, type Inputs, type Size } from './model.ts';
import { type Event, eventQueue } from './simulation-queue.ts';

/** One station of a request's way: how long it is served there, on one of several servers. */
type Visit = { readonly station: string; readonly ms: number };
type Way = {
  readonly visits: readonly Visit[];
  /** What the answer waits for; later visits go on after it. */
  readonly answered: number;
  /** Spent on nothing that is shared: the network, a disk that is asked alone. */
  readonly alone: number;
  readonly shape: readonly number[];
};

const mean = (values: readonly number[]) => values.reduce((sum, n) => sum + n, 0) / values.length;

/** Gateway, context and its database are asked before the answer; all others work after it. */
function waysOf({ operations }: Measured): readonly { share: number; way: Way }[] {
  return [...dayShares()].map(([operation, share]) => {
    const { cpuMs, quantilesMs } = operations[measuredAs(operation)];
    const visits = Object.entries(cpuMs).map(([station, ms]) => ({ station, ms }));
    const first = owners[operation] ?? [];
    const before = visits.filter(({ station }) => first.some((name) => station.endsWith(name)));
    const after = visits.filter((visit) => !before.includes(visit));
    const served = before.reduce((sum, { ms }) => sum + ms, 0);
    const average = mean(quantilesMs);
    const alone = Math.max(0, average - served);
    const shape = quantilesMs.map((ms) => ms / average);
    return { share, way: { visits: [...before, ...after], answered: before.length, alone, shape } };
  });
}

/** Whose work an answer waits for. */
const owners: Readonly<Record<string, readonly string[]>> = {
  quote: ['web', 'assets'],
  'asset list': ['web', 'assets'],
  portfolio: ['web', 'accounts', 'holdings'],
  'order list': ['web', 'accounts', 'orders'],
  activities: ['web', 'accounts'],
  place: ['web', 'orders'],
  rest: ['web', 'orders'],
  cancel: ['web', 'orders'],
  deposit: ['web', 'accounts'],
};

export type Simulated = {
  readonly requests: number;
  readonly meanMs: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  /** Of the busiest station: the time its servers worked, of all the time. */
  readonly busiest: { readonly station: string; readonly used: number };
};

/** Servers of a station: each instance of a process is one, a database has all its cores. */
export function serversOf(size: Size, assumed: Assumptions = assumptions) {
  const servers = size.parts.map(({ name, kind, count }) => {
    return [name, kind === 'database' ? count * assumed.database.cores : count] as const;
  });
  return new Map<string, number>(servers);
}

type Station = { readonly freeAt: Float64Array; next: number; worked: number };

/** In turn, as a round robin gives it: to a server that may be busy while another one rests. */
function serve(station: Station, at: number, ms: number): number {
  const server = station.next % station.freeAt.length;
  station.next += 1;
  station.worked += ms;
  const endsAt = Math.max(at, station.freeAt[server] ?? 0) + ms;
  station.freeAt[server] = endsAt;
  return endsAt;
}

type Wishes = {
  readonly perSecond: number;
  readonly servers: ReadonlyMap<string, number>;
  readonly requests: number;
  readonly seed: number;
};

type Job = { readonly startedAt: number; readonly way: Way; readonly scale: number };

const warmUpShare = 0.2;

/**
 * Plays requests through the stations that they visit, one after the other, each first come, first
 * served: arrivals by chance, service times with the spread that was measured. The same seed gives
 * the same answer.
 */
export function simulate({ measured }: Inputs, wishes: Wishes): Simulated {
  const chance = chances(wishes.seed);
  const ways = waysOf(measured);
  const stations = new Map<string, Station>();
  for (const [name, n] of wishes.servers) {
    stations.set(name, { freeAt: new Float64Array(n), next: 0, worked: 0 });
  }
  const pick = (): Way => {
    let left = chance() * ways.reduce((sum, { share }) => sum + share, 0);
    for (const { share, way } of ways) {
      left -= share;
      if (left < 0) return way;
    }
    throw new Error('the shares of a day are not its whole');
  };
  const events = eventQueue<Job>();
  let at = 0;
  for (let nth = 0; nth < wishes.requests; nth += 1) {
    at -= (Math.log(1 - chance()) * 1_000) / wishes.perSecond;
    const way = pick();
    const scale = way.shape[Math.floor(chance() * way.shape.length)] ?? 1;
    events.add({ at, step: 0, job: { startedAt: at, way, scale } });
  }
  return play(events, stations, at);
}

function play(
  events: ReturnType<typeof eventQueue<Job>>,
  stations: ReadonlyMap<string, Station>,
  endsAt: number,
): Simulated {
  const answers: number[] = [];
  for (let event = events.take(); event; event = events.take()) {
    const { job, step, at }: Event<Job> = event;
    const { way, scale, startedAt } = job;
    if (step === way.answered && startedAt > endsAt * warmUpShare) {
      answers.push(at - startedAt + way.alone * scale);
    }
    const visit = way.visits[step];
    if (!visit) continue;
    const station = stations.get(visit.station);
    const until = station ? serve(station, at, visit.ms * scale) : at;
    events.add({ at: until, step: step + 1, job });
  }
  const used = [...stations].map(([station, { worked, freeAt }]) => {
    return { station, used: worked / (endsAt * freeAt.length) };
  });
  const sorted = answers.toSorted((a, b) => a - b);
  const [busiest = { station: 'none', used: 0 }] = used.toSorted((a, b) => b.used - a.used);
  const at = (share: number) => sorted[Math.floor(sorted.length * share)] ?? Number.NaN;
  return {
    requests: answers.length,
    meanMs: mean(answers),
    p50Ms: at(0.5),
    p95Ms: at(0.95),
    busiest,
  };
}
