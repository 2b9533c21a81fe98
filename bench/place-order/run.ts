import { fork } from 'node:child_process';
import { once } from 'node:events';
import { type CpuTimes, cpuBetween, cpuTimes } from '../banks/processes.ts';
import { lanesOf } from '../load/lanes.ts';
import type { BenchBank } from './bank.ts';
import type { LoadPlan, LoadResult } from './load-process.ts';
import type { Person } from './people.ts';
import { type Counts, type OrderRow, quietAt, type StepRow, type Tables } from './rows.ts';

export type Setup = {
  readonly bank: BenchBank;
  readonly tables: Tables;
  readonly people: readonly Person[];
};
export type Wanted = Pick<LoadPlan, 'seconds' | 'rate' | 'run' | 'symbols'>;
export type Outcome = {
  /** Orders due per second; 0: as many as the customers can place. */
  readonly rate: number;
  readonly load: LoadResult;
  readonly orders: readonly OrderRow[];
  readonly quietAt: number;
  /** From the first order until nothing was under way, as the counts are. */
  readonly cpu: CpuTimes;
  readonly steps: readonly StepRow[];
  readonly counts: Counts;
};

const program = new URL('./load-process.ts', import.meta.url);

async function runLoad(plan: LoadPlan): Promise<LoadResult> {
  const child = fork(program, { execArgv: ['--import', 'tsx'] });
  child.send(plan);
  const [result] = await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(([code]) => {
      throw new Error(`the load ended with ${code}`);
    }),
  ]);
  return result;
}

/** Loads the bank, waits until nothing is under way, and reads what became of the orders. */
export async function runOnce({ bank, tables, people }: Setup, wanted: Wanted): Promise<Outcome> {
  const lanes = lanesOf(people);
  await quietAt(tables);
  const countsBefore = await tables.counts();
  const cpuBefore = cpuTimes(bank.processes);
  const load = await runLoad({ ...wanted, webUrl: bank.webUrl, lanes });
  const quiet = await quietAt(tables);
  const cpu = cpuBetween(cpuBefore, cpuTimes(bank.processes));
  const counts = await tables.counts();
  const since = new Date(load.startedAt);
  const accountIds = people.map(({ accountId }) => accountId);
  return {
    rate: wanted.rate,
    load,
    orders: await tables.orders(accountIds, since),
    steps: await tables.steps(accountIds, since),
    quietAt: quiet,
    cpu,
    counts: {
      commits: counts.commits - countsBefore.commits,
      events: counts.events - countsBefore.events,
      deliveries: counts.deliveries - countsBefore.deliveries,
    },
  };
}

/** Every accepted order is there once, filled as it was placed; throws on the first that is not. */
export function nothingLost({ load, orders }: Outcome): void {
  const rows = new Map(orders.map((row) => [row.id, row]));
  const accepted = load.placed.filter(({ orderId }) => orderId !== null);
  for (const { orderId, quantity } of accepted) {
    const row = rows.get(orderId ?? '');
    if (!row) throw new Error(`order ${orderId} was accepted and is gone`);
    if (row.status !== 'FILLED' || Number(row.filledQuantity) !== Number(quantity)) {
      throw new Error(`order ${orderId} for ${quantity} ended ${row.status} ${row.filledQuantity}`);
    }
  }
  const unheard = load.placed.length - accepted.length;
  if (orders.length < accepted.length || orders.length > accepted.length + unheard) {
    throw new Error(`${accepted.length} orders were accepted, ${orders.length} are there`);
  }
}
