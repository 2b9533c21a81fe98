import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  type PlanState,
  planStates,
  planTransitions,
  type RunState,
  runStates,
  runTransitions,
} from '../src/plans/domain/transitions.ts';
import { aSubgraph, type Subgraph } from './builders.ts';

/** What the database refuses by itself, whatever the application does (domain §6.3). */
let subgraph: Subgraph;
const strategyId = randomUUID();
beforeAll(async () => {
  subgraph = await aSubgraph();
  await subgraph.admin.$transaction(async (tx) => {
    await tx.$executeRaw`
      INSERT INTO strategy (id, name, name_key, state, current_version, created_by_id, created_at)
      VALUES (${strategyId}::uuid, 'S', 's', 'ACTIVE', 1, ${strategyId}::uuid, now())`;
    await tx.$executeRaw`
      INSERT INTO strategy_version VALUES (${strategyId}::uuid, 1, ${strategyId}::uuid, now())`;
    await tx.$executeRaw`
      INSERT INTO strategy_slice VALUES (${strategyId}::uuid, 1, 0, ${strategyId}::uuid, 100)`;
  });
});
afterAll(() => subgraph.close());

const day = (text: string) => new Date(`${text}T00:00:00Z`);
async function aPlan(given: object = {}): Promise<string> {
  const id = randomUUID();
  await subgraph.admin.plan.create({
    data: {
      ...{ id, accountId: id, customerId: id, strategyId, amount: 50, currency: 'USD' },
      ...{ interval: 'WEEKLY', startDate: day('2026-01-30'), funding: 'CASH', state: 'ACTIVE' },
      ...{ nextPeriod: day('2026-01-30'), lookAt: new Date(), createdAt: new Date() },
      ...given,
    },
  });
  return id;
}
async function planIn(state: PlanState): Promise<string> {
  const id = await aPlan();
  if (state !== 'ACTIVE') await subgraph.admin.plan.update({ where: { id }, data: { state } });
  return id;
}

/** All that a state asks for beside itself. */
async function fieldsOf(state: RunState) {
  const isEnd = state === 'COMPLETED' || state === 'SKIPPED' || state === 'FAILED';
  const invests = state === 'INVESTING' || state === 'COMPLETED';
  return {
    state,
    reason: state === 'SKIPPED' || state === 'FAILED' ? 'WHY' : null,
    endedAt: isEnd ? new Date() : null,
    deadline: new Date(),
    strategyOrderId: invests ? await anOrder() : null,
  };
}
async function anOrder(): Promise<string> {
  const id = randomUUID();
  await subgraph.admin.strategyOrder.create({
    data: {
      ...{ id, strategyId, accountId: id, customerId: id, amount: 50, currency: 'USD' },
      ...{ status: 'WAITING_FOR_PAYMENT', idempotencyKey: id, requestHash: '' },
      ...{ createdAt: new Date(), expiresAt: new Date() },
    },
  });
  return id;
}
async function aRun(given: object = {}): Promise<string> {
  const id = randomUUID();
  const period = day('2026-01-30');
  const data = { id, planId: await aPlan(), period, dueOn: period, state: 'DUE', amount: 50 };
  await subgraph.admin.planRun.create({ data: { ...data, createdAt: new Date(), ...given } });
  return id;
}
async function runIn(state: RunState): Promise<string> {
  const id = await aRun();
  const way = { COMPLETED: ['INVESTING', 'COMPLETED'], DUE: [] } as const;
  const steps: readonly RunState[] =
    state === 'COMPLETED' || state === 'DUE' ? way[state] : [state];
  for (const step of steps) {
    const { strategyOrderId, ...fields } = await fieldsOf(step);
    const before = await subgraph.admin.planRun.findUniqueOrThrow({ where: { id } });
    const data = { ...fields, strategyOrderId: before.strategyOrderId ?? strategyOrderId };
    await subgraph.admin.planRun.update({ where: { id }, data });
  }
  return id;
}

test('a plan goes from state to state as the table says, and no other way', async () => {
  for (const from of planStates) {
    for (const to of planStates.filter((state) => state !== from)) {
      const id = await planIn(from);
      const move = subgraph.admin.plan.update({ where: { id }, data: { state: to } });
      if (planTransitions[from].includes(to)) await move;
      else await expect(move).rejects.toThrow(`does not go from ${from} to ${to}`);
    }
  }
});

test('a run goes from state to state as the table says, and no other way', async () => {
  for (const from of runStates) {
    for (const to of runStates.filter((state) => state !== from)) {
      const id = await runIn(from);
      const { strategyOrderId, ...fields } = await fieldsOf(to);
      const { strategyOrderId: first } = await subgraph.admin.planRun.findUniqueOrThrow({
        where: { id },
      });
      const invests = strategyOrderId === null ? null : (first ?? strategyOrderId);
      const data = { ...fields, strategyOrderId: invests };
      const move = subgraph.admin.planRun.update({ where: { id }, data });
      if (runTransitions[from].includes(to)) await move;
      else await expect(move).rejects.toThrow(`does not go from ${from} to ${to}`);
    }
  }
});

test('a plan begins ACTIVE, a run begins DUE or SKIPPED', async () => {
  await expect(aPlan({ state: 'PAUSED' })).rejects.toThrow('a plan begins ACTIVE');
  const begun = { state: 'FUNDING', deadline: new Date() };
  await expect(aRun(begun)).rejects.toThrow('a run begins DUE or SKIPPED');
  await aRun({ state: 'SKIPPED', reason: 'MISSED', endedAt: new Date() });
});

test('what was agreed in a plan stays, and its periods only pass', async () => {
  const id = await aPlan();
  const { admin } = subgraph;
  for (const change of [
    () => admin.$executeRaw`UPDATE plan SET account_id = customer_id, customer_id = strategy_id`,
    () => admin.$executeRaw`UPDATE plan SET start_date = start_date - 1`,
    () => admin.$executeRaw`UPDATE plan SET end_date = start_date + 365`,
    () => admin.$executeRaw`UPDATE plan SET "interval" = 'MONTHLY'`,
    () => admin.$executeRaw`UPDATE plan SET funding = 'DEPOSIT'`,
    () => admin.$executeRaw`UPDATE plan SET currency = 'EUR'`,
  ]) {
    await expect(change()).rejects.toThrow('cannot become another');
  }
  await subgraph.admin.plan.update({ where: { id }, data: { nextPeriod: day('2026-02-06') } });
  const back = subgraph.admin.plan.update({
    where: { id },
    data: { nextPeriod: day('2026-01-30') },
  });
  await expect(back).rejects.toThrow('has passed period');
});

test.each([
  [{ amount: 0.99 }, 'plan_amount'],
  [{ interval: 'DAILY' }, 'plan_interval'],
  [{ funding: 'GIFT' }, 'plan_funding'],
  [{ endDate: day('2026-01-29') }, 'plan_dates'],
])('a plan with %j is refused', async (given, constraint) => {
  await expect(aPlan(given)).rejects.toThrow(constraint);
});

test('an end has a time, a skip and a failure a reason, an investment its order', async () => {
  const wrong = [
    [{ state: 'SKIPPED', reason: 'MISSED' }, 'plan_run_ended'],
    [{ state: 'SKIPPED', endedAt: new Date() }, 'plan_run_reason'],
    [{ reason: 'MISSED' }, 'plan_run_reason'],
    [{ strategyOrderId: await anOrder() }, 'plan_run_invested'],
    [{ dueOn: day('2026-01-29') }, 'plan_run_due'],
    [{ amount: 0.5 }, 'plan_run_amount'],
  ] as const;
  for (const [given, constraint] of wrong) {
    await expect(aRun(given)).rejects.toThrow(constraint);
  }
  const id = await aRun();
  const move = subgraph.admin.planRun.update({ where: { id }, data: { state: 'FUNDING' } });
  await expect(move).rejects.toThrow('plan_run_funding');
});

test('a run keeps its plan, its period and its amount', async () => {
  await aRun();
  const { admin } = subgraph;
  const planId = await aPlan();
  for (const change of [
    () => admin.$executeRaw`UPDATE plan_run SET period = period - 7`,
    () => admin.$executeRaw`UPDATE plan_run SET amount = amount + 1`,
    () => admin.$executeRaw`UPDATE plan_run SET plan_id = ${planId}::uuid`,
  ]) {
    await expect(change()).rejects.toThrow('cannot become another');
  }
});

test('plans and runs never go away', async () => {
  await aRun();
  const { admin, deps } = subgraph;
  for (const change of [
    () => admin.$executeRaw`DELETE FROM plan_run`,
    () => admin.$executeRaw`TRUNCATE plan CASCADE`,
  ]) {
    await expect(change()).rejects.toThrow('append-only');
  }
  await expect(deps.db.$executeRaw`DELETE FROM plan`).rejects.toThrow('denied');
});
