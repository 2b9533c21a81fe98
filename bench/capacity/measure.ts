import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import type { RunningBank } from '../banks/bank.ts';
import { openCrowd } from '../banks/crowd.ts';
import { distributedBank } from '../banks/distributed.ts';
import { type CpuTimes, cpuBetween, cpuTimes } from '../banks/processes.ts';
import { watch } from '../banks/watch.ts';
import { machineFacts, percentile } from '../facts.ts';
import { troublesOf } from '../load/figures.ts';
import { symbols } from '../load/lanes.ts';
import { type Load, openLoad, type Plan } from '../load/load.ts';
import type { Lane } from '../load/requests.ts';
import type { Phase } from '../load/schedule.ts';
import { type Counts, openTables, quietAt, type Tables } from '../place-order/rows.ts';
import {
  type Measured,
  type MeasuredName,
  type MeasuredOperation,
  measuredNames,
} from './measured.ts';

const customers = 8;
const atOnce = 4;
const quantileCount = 21;
const idleMs = 5_000;

/** Bytes of each database, tables and indexes. */
async function sizes(adminUrl: string): Promise<Readonly<Record<string, number>>> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    const { rows } = await client.query<{ name: string; bytes: number }>(
      `SELECT datname AS name, pg_database_size(datname)::float8 AS bytes FROM pg_database
       WHERE NOT datistemplate AND datname NOT IN ('postgres', 'queues')`,
    );
    return Object.fromEntries(rows.map(({ name, bytes }) => [name, bytes]));
  } finally {
    await client.end();
  }
}

const only = (operation: MeasuredName): readonly Phase[] => [
  { name: operation, share: 1, intensity: 1, weights: { [operation]: 1 } },
];

type State = {
  readonly at: number;
  readonly cpu: CpuTimes;
  readonly bytes: Readonly<Record<string, number>>;
  readonly counts: Counts;
};

/** What one call cost: the difference of two states, less what the bank spends on nothing. */
function perCall(before: State, after: State, of: { calls: number; restingCores: CpuTimes }) {
  const { calls, restingCores } = of;
  const elapsedMs = after.at - before.at;
  const each = (total: number) => Math.max(0, total) / calls;
  const cpu = Object.entries(cpuBetween(before.cpu, after.cpu)).map(
    ([name, ms]) => [name, each(ms - (restingCores[name] ?? 0) * elapsedMs)] as const,
  );
  const bytes = Object.entries(after.bytes).map(
    ([name, total]) => [name, each(total - (before.bytes[name] ?? 0))] as const,
  );
  return {
    cpuMs: Object.fromEntries(cpu.filter(([, ms]) => ms > 0.01)),
    bytes: Object.fromEntries(bytes.filter(([, n]) => n > 0)),
    commits: each(after.counts.commits - before.counts.commits),
    events: each(after.counts.events - before.counts.events),
    deliveries: each(after.counts.deliveries - before.counts.deliveries),
  };
}

type Setting = {
  readonly bank: RunningBank;
  readonly adminUrl: string;
  readonly tables: Tables;
  readonly load: Load;
  readonly lanes: readonly Lane[];
  readonly seconds: number;
};

async function stateOf({ bank, adminUrl, tables }: Setting): Promise<State> {
  await quietAt(tables);
  const [bytes, counts] = [await sizes(adminUrl), await tables.counts()];
  return { at: performance.now(), cpu: cpuTimes(bank.processes), bytes, counts };
}

type One = { readonly cost: MeasuredOperation; readonly connections: number };

/** One customer alone for the times, then several for what a call costs. */
async function measureOne(
  setting: Setting,
  operation: MeasuredName,
  restingCores: CpuTimes,
): Promise<One> {
  const { bank, lanes, seconds, load } = setting;
  const planOf = (part: string, atOnceNow: number): Plan => ({
    ...{ webUrls: [bank.webUrl], lanes, symbols, phases: only(operation), perSecond: 1 },
    ...{ seconds, seed: 5, run: `${operation}-${part}`, atOnce: atOnceNow },
  });
  const alone = await load.run(planOf('alone', 1));
  const before = await stateOf(setting);
  const many = await watch(setting, () => load.run(planOf('many', atOnce)));
  const after = await stateOf(setting);
  const [trouble] = troublesOf([...alone.samples, ...many.load.samples]);
  if (trouble) throw new Error(`${operation} cannot be measured: ${trouble}`);
  const ms = alone.samples.map((sample) => sample.ms);
  const quantilesMs = Array.from({ length: quantileCount }, (_, nth) =>
    percentile(ms, nth / (quantileCount - 1)),
  );
  const calls = many.load.samples.length;
  const cost = { quantilesMs, ...perCall(before, after, { calls, restingCores }) };
  return { cost, connections: many.sessions.open };
}

/** Measures each operation by itself on a distributed bank of one process each. */
export async function measure(seconds: number, say: (line: string) => void): Promise<Measured> {
  const machine = machineFacts();
  const measured = await distributedBank();
  const bank = await measured.start();
  const load = openLoad();
  try {
    const adminUrl = measured.adminUrl();
    const tables = await openTables(adminUrl);
    const lanes = await openCrowd(bank, customers);
    const setting = { bank, adminUrl, tables, load, lanes, seconds };
    const restingCores = await atRest(setting);
    const operations: [MeasuredName, MeasuredOperation][] = [];
    let connections = 0;
    for (const operation of measuredNames) {
      const one = await measureOne(setting, operation, restingCores);
      operations.push([operation, one.cost]);
      connections = Math.max(connections, one.connections);
      say(`${operation} is measured`);
    }
    say(await measured.booksAgree());
    await tables.close();
    return { machine, operations: rounded(operations), connections };
  } finally {
    load.close();
    await bank.stop();
    await measured.close();
  }
}

/** Cores that each program uses while nobody asks: prices and looks at queues go on. */
async function atRest(setting: Setting): Promise<CpuTimes> {
  const before = await stateOf(setting);
  await pause(idleMs);
  const after = await stateOf(setting);
  const used = Object.entries(cpuBetween(before.cpu, after.cpu));
  return Object.fromEntries(used.map(([name, ms]) => [name, ms / (after.at - before.at)]));
}

/** Three digits after the point: more would be a promise that no measurement keeps. */
const rounded = (operations: readonly [MeasuredName, MeasuredOperation][]) =>
  JSON.parse(
    JSON.stringify(Object.fromEntries(operations), (_, value) =>
      typeof value === 'number' ? Number(value.toFixed(3)) : value,
    ),
  ) as Measured['operations'];
