import { randomUUID } from 'node:crypto';
import { PlanFundingRefusedV1 } from '@simplebank/contracts/accounts';
import { createChance, shuffled } from '@simplebank/testkit/chance';
import { expect, test } from 'vitest';
import { runPlans } from '../src/plans/commands/run-plans.ts';
import {
  accountOpened,
  anEvent,
  assetUpdated,
  orderCompleted,
  orderCreated,
  orderRejected,
  payment,
} from './builders.ts';
import {
  abc,
  account,
  alice,
  createStrategy,
  def,
  eventsAbout,
  halted,
  investAs,
  subgraph,
  useInvestors,
} from './investors.ts';
import {
  aPlan,
  commandAs,
  newestRun,
  noonOf,
  planOf,
  type Run,
  runAll,
  storyOf,
  typesAbout,
} from './planners.ts';

useInvestors();

const dayMs = 86_400_000;
const firstDay = () => subgraph.clock.now().toISOString().slice(0, 10);

/** A plan whose run of today waits for its deposit. */
async function aFundingRun(): Promise<{ planId: string; run: Run }> {
  const { id: planId, nextRunOn } = await aPlan({ funding: 'DEPOSIT', startDate: firstDay() });
  const due = noonOf(nextRunOn ?? '');
  if (due > subgraph.clock.now()) subgraph.clock.moveTo(due);
  await runAll();
  return { planId, run: await newestRun(planId) };
}
const deposit = (planRunId: string, amount = '50') => ({
  ...{ id: randomUUID(), accountId: account, amount, planRunId },
});

/** The orders of an investment of Twenty eighty, filled. */
async function fill(strategyOrderId: string): Promise<void> {
  const orders = [abc, def].map((assetId) => ({
    ...{ orderId: randomUUID(), strategyOrderId, accountId: account, assetId },
  }));
  await subgraph.worker.applyBatch(orders.map(orderCreated));
  await subgraph.worker.applyBatch(orders.map((order) => orderCompleted(order)));
}

test('a run of cash invests on its day, and completes when its orders have ended', async () => {
  const { id, nextRunOn } = await aPlan();
  expect(nextRunOn).toBe('2026-01-30');
  await runAll();
  const run = await newestRun(id);
  expect(run).toMatchObject({
    ...{ period: '2026-01-30', dueOn: '2026-01-30', state: 'INVESTING', reason: null },
    ...{ paymentId: null, strategyOrder: { status: 'PLACING' }, amount: { amount: '50.00' } },
  });
  expect((await planOf(id)).nextRunOn).toBe('2026-02-06');
  await fill(run.strategyOrder?.id ?? '');
  await runAll();
  expect(await newestRun(id)).toMatchObject({
    ...{ state: 'COMPLETED', strategyOrder: { status: 'COMPLETED' } },
  });
  expect(await eventsAbout(run.id)).toMatchObject([
    {
      type: 'strategies.plan-run-completed.v1',
      payload: {
        ...{ planRunId: run.id, planId: id, accountId: account, customerId: alice },
        ...{ period: '2026-01-30', strategyOrderId: run.strategyOrder?.id },
      },
    },
  ]);
  const acts = await subgraph.admin.audit.findMany({
    where: { subject: run.id },
    orderBy: { id: 'asc' },
  });
  expect(acts.map(({ command, role }) => [command, role])).toEqual([
    ['beginPlanRun', 'service'],
    ['investPlanRun', 'service'],
    ['completePlanRun', 'service'],
  ]);
});

test('a run asks for its deposit once, waits for it, and invests it', async () => {
  const { planId, run } = await aFundingRun();
  expect(run).toMatchObject({ state: 'FUNDING', strategyOrder: null });
  await runAll();
  expect(await eventsAbout(run.id)).toMatchObject([
    {
      type: 'strategies.plan-run-funding.v1',
      payload: { planRunId: run.id, planId, amount: '50', currency: 'USD', customerId: alice },
    },
  ]);
  const paid = deposit(run.id);
  await subgraph.worker.applyBatch([payment('CREATED', paid)]);
  await runAll();
  expect(await storyOf(planId)).toEqual([`${run.period} FUNDING`]);
  await subgraph.worker.applyBatch([payment('COMPLETED', paid)]);
  await runAll();
  const invested = await newestRun(planId);
  expect(invested).toMatchObject({ state: 'INVESTING', paymentId: paid.id });
  const order = await subgraph.admin.strategyOrder.findUniqueOrThrow({
    where: { id: invested.strategyOrder?.id ?? '' },
  });
  expect([order.paymentId, order.customerId, order.amount.toFixed(2)]).toEqual([
    paid.id,
    alice,
    '50.00',
  ]);
});

test.each([
  ['FAILED', 'PAYMENT_FAILED'],
  ['CANCELED', 'PAYMENT_CANCELED'],
] as const)(
  'a deposit that has %s fails the run, tells it, and the plan goes on',
  async (end, reason) => {
    const { planId, run } = await aFundingRun();
    const paid = deposit(run.id);
    await subgraph.worker.applyBatch([payment(end, paid), payment('CREATED', paid)]);
    await runAll();
    expect(await storyOf(planId)).toEqual([`${run.period} FAILED ${reason}`]);
    expect(await typesAbout(run.id)).toEqual(['plan-run-funding', 'plan-run-failed']);
    expect((await planOf(planId)).state).toBe('ACTIVE');
  },
);

test('a deposit that is refused fails the run with its code, told once or twice', async () => {
  const { planId, run } = await aFundingRun();
  const payload = { planRunId: run.id, accountId: account, code: 'ACCOUNT_STATUS' };
  const told = () => anEvent(PlanFundingRefusedV1, { id: run.id }, payload);
  await subgraph.worker.applyBatch([told()]);
  await subgraph.worker.applyBatch([told()]);
  expect(await storyOf(planId)).toEqual([`${run.period} FAILED ACCOUNT_STATUS`]);
  expect(await typesAbout(run.id)).toEqual(['plan-run-funding', 'plan-run-failed']);
});

test('a deposit silent for eight days fails the run, and arriving later stays cash', async () => {
  const { planId, run } = await aFundingRun();
  const paid = deposit(run.id);
  await subgraph.worker.applyBatch([payment('CREATED', paid)]);
  await commandAs(alice, 'PausePlan', { planId });
  subgraph.clock.advance(8 * dayMs - 60_000);
  await runAll();
  expect((await storyOf(planId))[0]).toBe(`${run.period} FUNDING`);
  subgraph.clock.advance(60_000);
  await runAll();
  await subgraph.worker.applyBatch([payment('COMPLETED', paid)]);
  await runAll();
  expect((await storyOf(planId))[0]).toBe(`${run.period} FAILED FUNDING_TIMEOUT`);
});

test('any order and number of messages about a deposit leads the run to the same end', async () => {
  const histories = [
    { ends: [['COMPLETED', 2]], end: 'INVESTING' },
    { ends: [['FAILED', 2]], end: 'FAILED PAYMENT_FAILED' },
    { ends: [['CANCELED', 2]], end: 'FAILED PAYMENT_CANCELED' },
    // The provider first says no and then yes: the run has failed, the money is in cash.
    {
      ends: [
        ['FAILED', 2],
        ['COMPLETED', 3],
      ],
      end: 'FAILED PAYMENT_FAILED',
    },
  ] as const;
  for (const { ends, end } of histories) {
    for (const seed of [1, 2]) {
      const { planId, run } = await aFundingRun();
      const paid = deposit(run.id);
      const bodies = [
        payment('CREATED', paid),
        ...ends.map(([status, version]) => payment(status, { ...paid, version })),
      ];
      for (const body of shuffled([...bodies, ...bodies], createChance(seed))) {
        await subgraph.worker.applyBatch([body]);
        await runPlans(subgraph.deps);
      }
      expect(await storyOf(planId)).toEqual([`${run.period} ${end}`]);
    }
  }
});

test('canceling a plan skips what it has not invested; its deposit then stays cash', async () => {
  const { planId, run } = await aFundingRun();
  const { plan } = await commandAs(alice, 'CancelPlan', { planId });
  expect([plan.state, plan.nextRunOn]).toEqual(['CANCELED', null]);
  const paid = deposit(run.id);
  await subgraph.worker.applyBatch([payment('CREATED', paid), payment('COMPLETED', paid)]);
  subgraph.clock.advance(30 * dayMs);
  await runAll();
  expect(await storyOf(planId)).toEqual([`${run.period} SKIPPED PLAN_CANCELED`]);
  expect(await typesAbout(run.id)).toEqual(['plan-run-funding', 'plan-run-skipped']);
});

test('a run for which nothing may be bought fails before any money is asked for', async () => {
  const own = await createStrategy('Soon gone', [{ assetId: 'ABC', percentage: '100' }]);
  const accountId = randomUUID();
  await subgraph.worker.applyBatch([accountOpened(accountId, { ownerIds: [alice] })]);
  const startDate = firstDay();
  const archived = await aPlan({ strategyId: own, startDate, funding: 'DEPOSIT' });
  const frozen = await aPlan({ accountId, startDate, funding: 'DEPOSIT' });
  const cash = await aPlan({ strategyId: own, startDate });
  const archive = `mutation ($id: ID!) {
    archiveStrategy(input: { strategyId: $id, reason: "test" }) { __typename }
  }`;
  await subgraph.client.asStaff('operations').ask(archive, { id: own });
  await subgraph.admin
    .$executeRaw`UPDATE account SET status = 'FROZEN' WHERE id = ${accountId}::uuid`;
  const due = (await planOf(archived.id)).nextRunOn;
  subgraph.clock.moveTo(noonOf(due ?? ''));
  await runAll();
  for (const [plan, reason] of [
    [archived, 'STRATEGY_NOT_ACTIVE'],
    [frozen, 'ACCOUNT_STATUS'],
    [cash, 'STRATEGY_NOT_ACTIVE'],
  ] as const) {
    expect(await storyOf(plan.id)).toEqual([`${startDate} FAILED ${reason}`]);
    expect(await typesAbout((await newestRun(plan.id)).id)).toEqual(['plan-run-failed']);
    expect((await planOf(plan.id)).state).toBe('ACTIVE');
  }
});

test('a deposit that was invested otherwise fails the run with PAYMENT_USED', async () => {
  const { planId, run } = await aFundingRun();
  const paid = deposit(run.id);
  await subgraph.worker.applyBatch([payment('COMPLETED', paid)]);
  await investAs(alice, { amount: '50', paymentId: paid.id });
  await runAll();
  expect(await storyOf(planId)).toEqual([`${run.period} FAILED PAYMENT_USED`]);
});

test('a run whose orders are all refused tells that nothing was bought, and why', async () => {
  const { id } = await aPlan({ startDate: firstDay() });
  subgraph.clock.moveTo(noonOf((await planOf(id)).nextRunOn ?? ''));
  await runAll();
  const strategyOrderId = (await newestRun(id)).strategyOrder?.id ?? '';
  const refusals = [abc, def].map((assetId) =>
    orderRejected(
      { orderId: randomUUID(), strategyOrderId, accountId: account, assetId },
      'INSUFFICIENT_FUNDS',
    ),
  );
  await subgraph.worker.applyBatch(refusals);
  await runAll();
  const run = await newestRun(id);
  expect(run.state).toBe('COMPLETED');
  const told = (await eventsAbout(run.id)).at(-1);
  expect(told?.payload).toMatchObject({ bought: 'NOTHING', reasons: ['INSUFFICIENT_FUNDS'] });
});

test('an investment that orders nothing completes its run, which shows why', async () => {
  const own = await createStrategy('To be halted', [{ assetId: 'HLT', percentage: '100' }]);
  await subgraph.worker.applyBatch([
    assetUpdated(halted, { symbol: 'HLT', state: 'HALTED', version: 2 }),
  ]);
  const { id } = await aPlan({ strategyId: own, startDate: firstDay() });
  subgraph.clock.moveTo(noonOf((await planOf(id)).nextRunOn ?? ''));
  await runAll();
  const run = await newestRun(id);
  expect([run.state, run.strategyOrder?.status]).toEqual(['COMPLETED', 'COMPLETED_ADJUSTED']);
  expect((await eventsAbout(run.id)).at(-1)).toMatchObject({
    type: 'strategies.plan-run-completed.v1',
    payload: { bought: 'NOTHING', reasons: ['HALTED'] },
  });
});
