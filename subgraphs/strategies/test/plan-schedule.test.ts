import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { runPlans } from '../src/plans/commands/run-plans.ts';
import { alice, strategyId, subgraph, useInvestors } from './investors.ts';
import {
  aPlan,
  commandAs,
  newestRun,
  noonOf,
  planOf,
  runAll,
  storyOf,
  typesAbout,
} from './planners.ts';

useInvestors();

test('one run per period, whatever the number of schedulers', async () => {
  subgraph.clock.moveTo(noonOf('2026-02-24'));
  const plans = await Promise.all(
    Array.from({ length: 4 }, () => aPlan({ startDate: '2026-02-24' })),
  );
  subgraph.clock.moveTo(noonOf('2026-03-03'));
  await Promise.all(Array.from({ length: 4 }, () => runPlans(subgraph.deps)));
  await runAll();
  for (const { id } of plans) {
    expect(await storyOf(id)).toEqual(['2026-02-24 SKIPPED MISSED', '2026-03-03 INVESTING']);
    const orders = (await planOf(id)).runs.nodes.map(({ strategyOrder }) => strategyOrder?.id);
    expect(new Set(orders).size).toBe(2);
  }
  const { admin } = subgraph;
  const row = await admin.planRun.findFirstOrThrow({ where: { planId: plans[0]?.id ?? '' } });
  const twice = admin.$executeRaw`
    INSERT INTO plan_run (id, plan_id, period, due_on, state, amount, created_at)
    VALUES (gen_random_uuid(), ${row.planId}::uuid, ${row.period}, ${row.dueOn}, 'DUE', 50, now())`;
  await expect(twice).rejects.toThrow('plan_run_plan_id_period_key');
});

test('after three weeks of downtime the newest run takes place, others were missed', async () => {
  const start = '2026-03-06';
  subgraph.clock.moveTo(noonOf(start));
  const { id } = await aPlan({ startDate: start });
  const { id: paused } = await aPlan({ startDate: start });
  await commandAs(alice, 'PausePlan', { planId: paused });
  subgraph.clock.moveTo(noonOf('2026-03-27'));
  await Promise.all([runPlans(subgraph.deps), runPlans(subgraph.deps)]);
  await runAll();
  expect(await storyOf(id)).toEqual([
    '2026-03-06 SKIPPED MISSED',
    '2026-03-13 SKIPPED MISSED',
    '2026-03-20 SKIPPED MISSED',
    '2026-03-27 INVESTING',
  ]);
  expect(await storyOf(paused)).toEqual(
    ['06', '13', '20', '27'].map((day) => `2026-03-${day} SKIPPED PAUSED`),
  );
  const [missed] = (await planOf(id)).runs.nodes.toReversed();
  expect(await typesAbout(missed?.id ?? '')).toEqual(['plan-run-skipped']);
});

test('what came due in a pause is skipped as the plan is resumed, not saved up', async () => {
  subgraph.clock.moveTo(noonOf('2026-03-30'));
  const { id: planId } = await aPlan({ startDate: '2026-03-31' });
  await commandAs(alice, 'PausePlan', { planId });
  subgraph.clock.moveTo(noonOf('2026-04-08'));
  const { plan } = await commandAs(alice, 'ResumePlan', { planId });
  expect([plan.state, plan.nextRunOn]).toEqual(['ACTIVE', '2026-04-14']);
  await runAll();
  expect(await storyOf(planId)).toEqual(['2026-03-31 SKIPPED PAUSED', '2026-04-07 SKIPPED PAUSED']);
});

test('a run of a closed day is due on the next trading day, as the exchange opens', async () => {
  // A monthly plan from Good Friday on: the exchange opens on Monday.
  subgraph.clock.moveTo(noonOf('2026-04-20'));
  const { id, nextRunOn } = await aPlan({ startDate: '2026-05-31', interval: 'MONTHLY' });
  expect(nextRunOn).toBe('2026-06-01');
  subgraph.clock.moveTo('2026-06-01T13:29:59.000Z');
  await runAll();
  expect(await storyOf(id)).toEqual([]);
  subgraph.clock.moveTo('2026-06-01T13:30:00.000Z');
  await runAll();
  expect(await newestRun(id)).toMatchObject({ period: '2026-05-31', dueOn: '2026-06-01' });
  expect((await planOf(id)).nextRunOn).toBe('2026-06-30');
});

test('a plan ends after its end date, with a run on it if it is planned', async () => {
  subgraph.clock.moveTo(noonOf('2026-06-08'));
  const { id } = await aPlan({ startDate: '2026-06-08', endDate: '2026-06-22' });
  for (const day of ['2026-06-08', '2026-06-15', '2026-06-22']) {
    subgraph.clock.moveTo(noonOf(day));
    await runAll();
  }
  expect(await planOf(id)).toMatchObject({ state: 'ACTIVE', nextRunOn: null });
  subgraph.clock.moveTo(noonOf('2026-06-23'));
  await runAll();
  expect(await planOf(id)).toMatchObject({ state: 'ENDED', nextRunOn: null });
  expect((await storyOf(id)).length).toBe(3);
});

test('however many runs do not get on, a run after them does', async () => {
  const createdAt = subgraph.clock.now();
  const startDate = createdAt.toISOString().slice(0, 10);
  const other = await aPlan({ startDate });
  // Nobody has told of its account, so that none of its runs gets on.
  const stuck = { id: randomUUID(), accountId: randomUUID(), customerId: alice, strategyId };
  const terms = { amount: 50, currency: 'USD', interval: 'WEEKLY', funding: 'CASH' };
  const later = { nextPeriod: new Date('2027-12-31T00:00:00Z'), lookAt: new Date('2027-12-31') };
  const state = { state: 'ACTIVE', startDate: new Date(startDate), createdAt };
  await subgraph.admin.plan.create({ data: { ...stuck, ...terms, ...later, ...state } });
  await subgraph.admin.planRun.createMany({
    data: Array.from({ length: 101 }, (_, nth) => {
      const day = new Date(Date.UTC(2020, 0, 1 + nth));
      const run = { id: randomUUID(), planId: stuck.id, period: day, dueOn: day, amount: 50 };
      return { ...run, state: 'DUE', createdAt };
    }),
  });
  subgraph.clock.moveTo(noonOf(other.nextRunOn ?? ''));
  await runPlans(subgraph.deps);
  expect((await newestRun(other.id)).state).toBe('INVESTING');
});
