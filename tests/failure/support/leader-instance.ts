import { setTimeout as pause } from 'node:timers/promises';
import type { SqlRunner } from '@simplebank/chassis/database';
import { transactor } from '@simplebank/chassis/database';
import { asLeader } from '@simplebank/chassis/leader';
import { asLeaseholder, type Lease } from '@simplebank/chassis/lease';
import { createSqlClient } from '../../events/support/sql-client.ts';

/** One instance of a service with one job; `tests/failure/leader.test.ts` starts several. */
const [url = '', mode = 'lease'] = process.argv.slice(2);
const periods = ['0001', '0002', '0003', '0004'];
const stepsPerPeriod = 6;
const stepMs = 150;

const transact = transactor<SqlRunner>(createSqlClient(url, 4), { onCommit: () => {} });
const say = (told: object) => console.log(JSON.stringify({ pid: process.pid, ...told }));

async function step(tx: SqlRunner, period: string, token: string): Promise<void> {
  await tx.$executeRaw`INSERT INTO probe_step (period, pid, token)
    VALUES (${period}, ${process.pid}::int, ${token})`;
  // Slow enough that a signal mostly meets an open transaction.
  await pause(stepMs);
}

const isDone = (period: string): Promise<boolean> =>
  transact(async (tx) => {
    const rows = await tx.$queryRaw<unknown[]>`SELECT FROM probe_effect WHERE period = ${period}`;
    return rows.length > 0;
  });

const effect = (period: string, token: string) => async (tx: SqlRunner) => {
  await tx.$executeRaw`INSERT INTO probe_effect (period, pid, token)
    VALUES (${period}, ${process.pid}::int, ${token})`;
};

async function work(lease: Lease<SqlRunner>): Promise<void> {
  for (const period of periods) {
    if (await isDone(period)) continue;
    for (let nth = 0; nth < stepsPerPeriod; nth += 1) {
      await lease.write((tx) => step(tx, period, lease.token));
    }
    await lease.once(period, effect(period, lease.token));
  }
}

/** The whole of a period in one transaction, as most of the bank's jobs do it. */
const inOneTransaction = () =>
  asLeader(transact, 'accounts.probe', async (tx) => {
    for (const period of periods) {
      const done = await tx.$queryRaw<unknown[]>`SELECT FROM probe_effect WHERE period = ${period}`;
      if (done.length > 0) continue;
      await step(tx, period, 'none');
      return effect(period, 'none')(tx);
    }
  });

const turn = () =>
  mode === 'lease' ? asLeaseholder({ transact, name: 'accounts.probe' }, work) : inOneTransaction();

say({ event: 'started' });
for (;;) {
  try {
    await turn();
  } catch (error) {
    say({ event: 'refused', error: error instanceof Error ? error.name : 'unknown' });
  }
  await pause(50);
}
