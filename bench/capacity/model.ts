import { brokerageDay } from '../load/mixes.ts';
import type { Operation } from '../load/schedule.ts';
import type { Assumptions } from './assumptions.ts';
import { type Measured, measuredAs } from './measured.ts';

export type Inputs = { readonly measured: Measured; readonly assumed: Assumptions };

/** Calls per second of so many users, on average and when most of them are active. */
export function callsOf(
  users: number,
  { traffic }: Assumptions,
): { average: number; peak: number } {
  const { activeOnAverage, activeAtPeak, callsPerMinute } = traffic;
  const calls = (active: number) => Math.round((users * active * callsPerMinute) / 60);
  return { average: calls(activeOnAverage), peak: calls(activeAtPeak) };
}

/** After so many months of growth, the first month being 0. */
export const usersAfter = (months: number, { traffic }: Assumptions): number =>
  Math.round(traffic.usersAtFirst * traffic.growth ** months);

/** How often each operation is among the calls of a day; together 1. */
export function dayShares(): ReadonlyMap<Operation, number> {
  const shares = new Map<Operation, number>();
  const busy = brokerageDay.reduce((sum, { share, intensity }) => sum + share * intensity, 0);
  for (const { share, intensity, weights } of brokerageDay) {
    const entries = Object.entries(weights) as [Operation, number][];
    const whole = entries.reduce((sum, [, weight]) => sum + weight, 0);
    for (const [operation, weight] of entries) {
      const more = ((share * intensity) / busy) * (weight / whole);
      shares.set(operation, (shares.get(operation) ?? 0) + more);
    }
  }
  return shares;
}

/** What one call of the day's mix costs on average. */
type Call = {
  readonly cpuMs: Readonly<Record<string, number>>;
  readonly bytes: Readonly<Record<string, number>>;
  readonly commits: Readonly<Record<string, number>>;
  readonly deliveries: number;
};

const postgres = 'PostgreSQL: ';

function averageCall({ operations }: Measured): Call {
  const [cpuMs, bytes, commits]: Record<string, number>[] = [{}, {}, {}];
  let deliveries = 0;
  const add = (to: Record<string, number> | undefined, name: string, n: number) => {
    if (to) to[name] = (to[name] ?? 0) + n;
  };
  for (const [operation, share] of dayShares()) {
    const one = operations[measuredAs(operation)];
    for (const [name, ms] of Object.entries(one.cpuMs)) add(cpuMs, name, share * ms);
    for (const [name, n] of Object.entries(one.bytes)) add(bytes, name, share * n);
    const total = Object.values(one.bytes).reduce((sum, n) => sum + n, 0) || 1;
    // Who writes more bytes commits more often: the server counts commits as one.
    for (const [name, n] of Object.entries(one.bytes)) {
      add(commits, name, (share * one.commits * n) / total);
    }
    deliveries += share * one.deliveries;
  }
  return { cpuMs: cpuMs ?? {}, bytes: bytes ?? {}, commits: commits ?? {}, deliveries };
}

export type Part = {
  readonly name: string;
  readonly kind: 'process' | 'database' | 'redis';
  /** Cores in use at the peak. */
  readonly cores: number;
  /** Instances, partitions or shards that bear it. */
  readonly count: number;
  /** Users up to whom one of it is enough, and what runs out first. */
  readonly usersOfOne: number;
  readonly runsOut: string;
};

export type Size = {
  readonly users: number;
  readonly calls: { readonly average: number; readonly peak: number };
  readonly parts: readonly Part[];
  readonly connections: number;
  readonly storageGbPerYear: number;
  readonly costPerMonth: number;
  /** What has to be divided because one no longer bears the load, first things first. */
  readonly divided: readonly string[];
};

type Limit = { readonly what: string; readonly needed: number };

/** How many of a part are needed, and for what: the need that is greatest. */
function countOf(limits: readonly Limit[]): { count: number; most: Limit } {
  const [first = { what: 'nothing', needed: 0 }] = limits;
  const most = limits.reduce((a, b) => (b.needed > a.needed ? b : a), first);
  return { count: Math.max(1, Math.ceil(most.needed - 1e-9)), most };
}

const callsPerYear = (average: number, { traffic }: Assumptions): number =>
  average * 3_600 * traffic.hoursPerDay * traffic.daysPerYear;

const gb = 1e9;

/** Needs of one of `name` at this load, each as a multiple of what one gives. */
function limitsOf(name: string, size: { users: number }, { measured, assumed }: Inputs) {
  const call = averageCall(measured);
  const { average, peak } = callsOf(size.users, assumed);
  const cores = (peak * (call.cpuMs[name] ?? 0)) / 1_000;
  const { utilization, node, database, redis } = assumed;
  if (name === 'Redis') {
    return { cores, limits: [{ what: 'its core', needed: cores / (redis.cores * utilization) }] };
  }
  if (!name.startsWith(postgres)) {
    return { cores, limits: [{ what: 'its core', needed: cores / (node.cores * utilization) }] };
  }
  const own = name.slice(postgres.length);
  const commits = peak * (call.commits[own] ?? 0);
  const kept = callsPerYear(average, assumed) * (call.bytes[own] ?? 0) * database.yearsKept;
  const limits: readonly Limit[] = [
    { what: 'its cores', needed: cores / (database.cores * utilization) },
    { what: 'durable commits', needed: commits / (database.commitsPerSecond * utilization) },
    { what: 'its storage', needed: kept / gb / database.storageGbMax },
  ];
  return { cores, limits };
}

const kindOf = (name: string): Part['kind'] =>
  name === 'Redis' ? 'redis' : name.startsWith(postgres) ? 'database' : 'process';

/** Play parts outside the bank, or belong to the server and to no database of its own. */
const outside = new Set(['venue', 'mail-catcher', 'PostgreSQL: venue', 'PostgreSQL: queues']);
const shared = 'PostgreSQL: its own processes';

function partOf(name: string, users: number, inputs: Inputs): Part {
  const { cores, limits } = limitsOf(name, { users }, inputs);
  const { count, most } = countOf(limits);
  const kind = kindOf(name);
  const least = kind === 'process' ? inputs.assumed.instancesMin : 1;
  const usersOfOne = most.needed === 0 ? Number.POSITIVE_INFINITY : Math.floor(users / most.needed);
  return { name, kind, cores, count: Math.max(count, least), usersOfOne, runsOut: most.what };
}

/** Everything that so many users need: the model. */
export function sizeFor(users: number, inputs: Inputs): Size {
  const { measured, assumed } = inputs;
  const calls = callsOf(users, assumed);
  const call = averageCall(measured);
  const names = Object.keys(call.cpuMs).filter((name) => !outside.has(name) && name !== shared);
  const parts = names.map((name) => partOf(name, users, inputs));
  const bytes = Object.values(call.bytes).reduce((sum, n) => sum + n, 0);
  const storageGbPerYear = (callsPerYear(calls.average, assumed) * bytes) / gb;
  const instances = parts.filter(({ kind }) => kind === 'process');
  const stateful = new Set(
    parts.flatMap(({ kind, name }) => (kind === 'database' ? [name.slice(postgres.length)] : [])),
  );
  const connections = instances
    .filter(({ name }) => stateful.has(name))
    .reduce((sum, { count }) => sum + count * assumed.connectionsPerInstance, 0);
  const divided = parts
    .filter(({ kind, usersOfOne }) => kind !== 'process' && usersOfOne < users)
    .toSorted((a, b) => a.usersOfOne - b.usersOfOne)
    .map(({ name }) => name);
  const priced = { parts, calls, storageGbPerYear };
  return {
    users,
    calls,
    parts,
    connections,
    storageGbPerYear,
    divided,
    costPerMonth: costOf(priced, assumed),
  };
}

/** Dollars in a month, storage as it is after the first year. */
function costOf(
  { parts, calls, storageGbPerYear }: Pick<Size, 'parts' | 'calls' | 'storageGbPerYear'>,
  { prices, node, database, traffic }: Assumptions,
): number {
  const count = (kind: Part['kind']) =>
    parts.reduce((sum, part) => sum + (part.kind === kind ? part.count : 0), 0);
  const copies = 1 + prices.databaseStandbys;
  const callsPerMonth = (calls.average * 3_600 * traffic.hoursPerDay * traffic.daysPerYear) / 12;
  return (
    count('process') * (node.cores * prices.perCore + node.memoryGb * prices.perMemoryGb) +
    count('database') * database.cores * prices.databaseCore * copies +
    storageGbPerYear * prices.storageGb * copies +
    count('redis') * prices.redisShard * copies +
    (callsPerMonth / 1e6) * prices.perMillionCalls
  );
}

/** What breaks first as users grow, if there is one of everything: nearest first. */
export function breakingOrder(inputs: Inputs): readonly Part[] {
  const at = inputs.assumed.traffic.usersAtFirst;
  return sizeFor(at, inputs).parts.toSorted((a, b) => a.usersOfOne - b.usersOfOne);
}
