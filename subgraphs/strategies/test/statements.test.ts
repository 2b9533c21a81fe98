import { randomUUID } from 'node:crypto';
import { expect, test, vi } from 'vitest';
import { accountOpened } from './builders.ts';
import { alice, strategyId, subgraph, useInvestors } from './investors.ts';

useInvestors();

const text = `query ($representations: [_Any!]!) {
  _entities(representations: $representations) { ... on Account {
    election { strategy { name assets { symbol } } }
    elections { nodes { strategy { name } } }
    plans { nodes { nextRunOn strategy { name }
      runs(first: 5) { nodes { period state strategyOrder { status } } } } } } } }`;

/** How often the database is asked while this runs. */
async function countStatements(ask: () => Promise<unknown>): Promise<number> {
  const { db } = subgraph.deps;
  const spies = [
    vi.spyOn(db, '$queryRaw'),
    ...[db.account, db.asset, db.plan, db.planRun, db.strategy, db.strategyOrder, db.strategySlice]
      // Seven tables of seven types, of which only the name of the method matters here.
      .map((table) => vi.spyOn(table as typeof db.account, 'findMany')),
  ];
  await ask();
  const count = spies.reduce((all, { mock }) => all + mock.calls.length, 0);
  vi.restoreAllMocks();
  return count;
}

test('a hundred accounts with elections and plans cost as many statements as ten', async () => {
  const ids = Array.from({ length: 100 }, () => randomUUID());
  await subgraph.worker.applyBatch(ids.map((id) => accountOpened(id, { ownerIds: [alice] })));
  const at = subgraph.clock.now();
  await subgraph.admin.election.createMany({
    data: ids.map((accountId) => ({ accountId, sequence: 1, strategyId, customerId: alice, at })),
  });
  const day = new Date('2026-01-30T00:00:00Z');
  const terms = { strategyId, amount: 50, currency: 'USD', interval: 'WEEKLY', funding: 'CASH' };
  const dates = { startDate: day, nextPeriod: new Date('2026-02-06T00:00:00Z'), lookAt: at };
  const plans = ids.map((accountId) => ({ id: randomUUID(), accountId, ...terms, ...dates }));
  await subgraph.admin.plan.createMany({
    data: plans.map((plan) => ({ ...plan, customerId: alice, state: 'ACTIVE', createdAt: at })),
  });
  const skipped = { state: 'SKIPPED', reason: 'PAUSED', endedAt: at, createdAt: at, amount: 50 };
  await subgraph.admin.planRun.createMany({
    data: plans.map(({ id: planId }) => {
      return { id: randomUUID(), planId, period: day, dueOn: day, ...skipped };
    }),
  });

  const asker = subgraph.client.asCustomer(alice);
  type Seen = { readonly _entities: readonly { readonly plans: { readonly nodes: object[] } }[] };
  const read = (accountIds: readonly string[]) => {
    const representations = accountIds.map((id) => ({ __typename: 'Account', id }));
    return asker.ask<Seen>(text, { representations });
  };
  const { _entities: seen } = await read(ids);
  expect(seen).toHaveLength(100);
  for (const account of seen) {
    expect(account).toMatchObject({
      election: { strategy: { name: 'Twenty eighty' } },
      elections: { nodes: [{ strategy: { name: 'Twenty eighty' } }] },
      plans: { nodes: [{ nextRunOn: '2026-02-06', runs: { nodes: [{ state: 'SKIPPED' }] } }] },
    });
  }
  const [few, many] = [
    await countStatements(() => read(ids.slice(0, 10))),
    await countStatements(() => read(ids)),
  ];
  expect([few, many]).toEqual([10, 10]);
});
