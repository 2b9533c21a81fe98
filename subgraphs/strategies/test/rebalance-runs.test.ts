import { createChance, shuffled } from '@simplebank/testkit/chance';
import { beforeEach, describe, expect, test } from 'vitest';
import { beginQueuedRuns, timeOutRuns } from '../src/rebalancing/index.ts';
import { accountOpened } from './builders.ts';
import { abc, alice, bob, def, eventsAbout, subgraph, useInvestors } from './investors.ts';
import {
  orderCompleted,
  orderCreated,
  orderRejected,
  positionChanged,
} from './rebalance-events.ts';
import { anAccount, cancelAs, fill, orderOf, quote, seen, started } from './rebalancers.ts';

useInvestors();
beforeEach(() => quote());

const held = { [abc]: '80', [def]: '10' };
const typesAbout = async (id: string) => (await eventsAbout(id)).map(({ type }) => type);
const ready = 'strategies.rebalance-ready.v1';
const completed = 'strategies.rebalance-completed.v1';

test('news of orders leads to the same end in any order and number of arrivals', async () => {
  const ends: unknown[] = [];
  for (const seed of [1, 2, 3, 4]) {
    const id = await started({ accountId: await anAccount({ held }), amount: '50.00' });
    const planned = await seen(id);
    const tell = async (bodies: readonly string[]) => {
      for (const body of shuffled([...bodies, ...bodies], createChance(seed))) {
        await subgraph.worker.applyBatch([body]);
      }
    };
    const sale = orderOf(planned, 'SELL', abc);
    await tell([orderCreated(sale), orderCompleted(sale, { status: 'EXPIRED', value: '150.00' })]);
    const purchase = orderOf(planned, 'BUY', def);
    await tell([
      orderCreated(purchase),
      orderRejected(purchase, 'INSUFFICIENT_FUNDS'),
      orderCompleted(purchase, { status: 'REJECTED', value: '0' }),
    ]);
    const { status, items, proceeds } = await seen(id);
    const told = items.map(({ orderId: _, order: __, ...item }) => item);
    ends.push([status, proceeds, told, await typesAbout(id)]);
  }
  expect(ends).toEqual(ends.map(() => ends[0]));
  expect(ends[0]).toMatchObject([
    'COMPLETED_ADJUSTED',
    { amount: '150.00' },
    [
      { side: 'SELL', status: 'COMPLETED', orderStatus: 'EXPIRED' },
      { side: 'BUY', status: 'SKIPPED', skipReason: 'ORDER_REFUSED', amount: { amount: '200.00' } },
    ],
    [ready, ready, completed],
  ]);
});

test('a batch at once ends as its events one by one, and a late fill is recorded', async () => {
  const id = await started({ accountId: await anAccount({ held }) });
  const run = await seen(id);
  const [sale, purchase] = [orderOf(run, 'SELL', abc), orderOf(run, 'BUY', def)];
  await subgraph.worker.applyBatch([orderCompleted(sale, { value: '300.00' }), orderCreated(sale)]);
  await subgraph.worker.applyBatch([
    orderCompleted(purchase, { status: 'EXPIRED', value: '100.00', version: 6 }),
    orderCreated(purchase),
  ]);
  expect(await seen(id)).toMatchObject({ status: 'COMPLETED_ADJUSTED' });
  const late = orderCompleted(purchase, { value: '300.00', version: 8 });
  await subgraph.worker.applyBatch([late, late]);
  const after = await seen(id);
  expect(after.status).toBe('COMPLETED_ADJUSTED');
  expect(after.items[1]).toMatchObject({
    orderStatus: 'FILLED',
    filledValue: { amount: '300.00' },
  });
  expect(await typesAbout(id)).toEqual([ready, ready, completed]);
});

test('a cancel while it sells stops the purchases; the sales go on and are recorded', async () => {
  const id = await started({ accountId: await anAccount({ held }) });
  const success = { __typename: 'CancelRebalanceSuccess' };
  expect(await cancelAs(alice, { rebalanceRunId: id })).toMatchObject({
    ...success,
    rebalanceRun: { status: 'CANCELED_MID_RUN' },
  });
  expect(await cancelAs(alice, { rebalanceRunId: id })).toMatchObject(success);
  const after = await fill(id, 'SELL', { [abc]: { value: '300.00' } });
  expect(after).toMatchObject({ status: 'CANCELED_MID_RUN', proceeds: null, reason: null });
  expect(after.items).toMatchObject([
    { side: 'SELL', status: 'COMPLETED', filledValue: { amount: '300.00' } },
    { side: 'BUY', status: 'SKIPPED', skipReason: 'RUN_ENDED', amount: null },
  ]);
  expect(await typesAbout(id)).toEqual([ready, completed]);
  const acts = await subgraph.admin.audit.findMany({
    where: { subject: id },
    orderBy: { id: 'asc' },
  });
  expect(acts.map(({ command, actor }) => [command, actor])).toEqual([
    ['startRebalance', alice],
    ['beginRebalance', alice],
    ['cancelRebalance', alice],
  ]);
});

test('after the end of a run an account is rebalanced by what is free then', async () => {
  const accountId = await anAccount({ held });
  const first = await started({ accountId });
  await cancelAs(alice, { rebalanceRunId: first });
  const reserved = { accountId, assetId: abc, quantity: '80', reserved: '30', version: 2 };
  await subgraph.worker.applyBatch([positionChanged(reserved)]);
  const { items } = await seen(await started({ accountId }));
  // 50 ABC that are free and 10 DEF: 150.00 of 700.00 are over.
  expect(items).toMatchObject([{ side: 'SELL', quantity: '15' }, { side: 'BUY' }]);
});

test('a phase that lasts too long is TIMED_OUT, and nothing more is sent', async () => {
  const id = await started({ accountId: await anAccount({ held }) });
  subgraph.clock.advance(10 * 60_000 - 1);
  await timeOutRuns(subgraph.deps);
  expect(await seen(id)).toMatchObject({ status: 'SELLING' });
  subgraph.clock.advance(1);
  await Promise.all([timeOutRuns(subgraph.deps), timeOutRuns(subgraph.deps)]);
  const late = { status: 'TIMED_OUT', reason: 'ORDERS_LATE' };
  expect(await seen(id)).toMatchObject(late);
  expect(await fill(id, 'SELL', { [abc]: { value: '300.00' } })).toMatchObject({
    ...late,
    items: [{ status: 'COMPLETED' }, { skipReason: 'RUN_ENDED' }],
  });
  expect(await typesAbout(id)).toEqual([ready, completed]);
});

test('no purchase is sent after the deadline of the sales', async () => {
  const id = await started({ accountId: await anAccount({ held }) });
  subgraph.clock.advance(10 * 60_000);
  const after = await fill(id, 'SELL', { [abc]: { value: '300.00' } });
  expect(after).toMatchObject({ status: 'TIMED_OUT', reason: 'ORDERS_LATE' });
});

test('purchases have half an hour, then the run is TIMED_OUT and they go on', async () => {
  const id = await started({ accountId: await anAccount(), mode: 'BUY_ONLY', amount: '100' });
  expect(await seen(id)).toMatchObject({ status: 'BUYING' });
  subgraph.clock.advance(30 * 60_000);
  await timeOutRuns(subgraph.deps);
  expect(await seen(id)).toMatchObject({
    status: 'TIMED_OUT',
    items: [{ status: 'REQUESTED' }, {}],
  });
});

describe('while the market is closed', () => {
  /** The end of the trading day on which the file begins, and the next opening, in UTC. */
  const [evening, opening] = ['2026-01-30T23:00:00.000Z', '2026-02-02T14:30:00.000Z'];

  test('a run waits for the opening and is decided at the prices of then', async () => {
    subgraph.clock.moveTo(evening);
    await quote();
    const [begins, canceled, fails, waits] = await Promise.all([
      started({ accountId: await anAccount({ held }) }),
      started({ accountId: await anAccount({ held }) }),
      queuedOfClosed(),
      started({
        accountId: await anAccount({ held: { [abc]: '80' } }),
        mode: 'CASH_FLOW',
        amount: '-790',
      }),
    ]);
    expect(await seen(begins)).toMatchObject({ status: 'QUEUED', items: [] });
    await beginQueuedRuns(subgraph.deps);
    expect(await seen(begins)).toMatchObject({ status: 'QUEUED' });
    await cancelAs(alice, { rebalanceRunId: canceled });
    expect(await seen(canceled)).toMatchObject({ status: 'CANCELED', items: [] });
    expect(await typesAbout(canceled)).toEqual([completed]);

    subgraph.clock.moveTo(opening);
    await beginQueuedRuns(subgraph.deps);
    // The last prices are of Friday: nothing is decided by them.
    expect(await seen(begins)).toMatchObject({ status: 'QUEUED' });
    expect(await seen(fails)).toMatchObject({ status: 'FAILED', reason: 'ACCOUNT_STATUS' });
    await quote({ [abc]: '9.00' });
    await Promise.all([beginQueuedRuns(subgraph.deps), beginQueuedRuns(subgraph.deps)]);
    expect(await seen(begins)).toMatchObject({
      status: 'SELLING',
      items: [{ side: 'SELL', price: '9' }, { side: 'BUY' }],
    });
    expect(await typesAbout(begins)).toEqual([ready]);
    expect(await seen(waits)).toMatchObject({ status: 'FAILED', reason: 'AMOUNT_ABOVE_VALUE' });
  });

  test('a run without a fresh price half an hour after the opening is TIMED_OUT', async () => {
    subgraph.clock.moveTo('2026-02-02T23:00:00.000Z');
    await quote();
    const id = await started({ accountId: await anAccount({ held }) });
    subgraph.clock.moveTo('2026-02-03T14:59:59.999Z');
    await beginQueuedRuns(subgraph.deps);
    await timeOutRuns(subgraph.deps);
    expect(await seen(id)).toMatchObject({ status: 'QUEUED' });
    subgraph.clock.advance(1);
    await timeOutRuns(subgraph.deps);
    expect(await seen(id)).toMatchObject({ status: 'TIMED_OUT', reason: 'NOT_BEGUN' });
    expect(await typesAbout(id)).toEqual([completed]);
  });

  /** Its account is frozen before the market opens. */
  async function queuedOfClosed(): Promise<string> {
    const accountId = await anAccount({ held });
    const id = await started({ accountId });
    const frozen = accountOpened(accountId, { ownerIds: [alice, bob], status: 'FROZEN' });
    const { aggregateVersion: _, ...told } = JSON.parse(frozen);
    await subgraph.worker.applyBatch([JSON.stringify({ ...told, aggregateVersion: 2 })]);
    return id;
  }
});
