import { randomUUID } from 'node:crypto';
import { beforeEach, expect, test } from 'vitest';
import { assetUpdated } from './builders.ts';
import {
  abc,
  alice,
  createStrategy,
  def,
  eventsAbout,
  subgraph,
  useInvestors,
} from './investors.ts';
import { orderRejected } from './rebalance-events.ts';
import {
  anAccount,
  fill,
  halfAndHalf,
  orderOf,
  quote,
  seen,
  startAs,
  started,
} from './rebalancers.ts';

useInvestors();
beforeEach(() => quote());

const money = (amount: string) => ({ amount });
const ready = 'strategies.rebalance-ready.v1';
const completed = 'strategies.rebalance-completed.v1';

test('FULL sells what is over, then buys with what the sales brought net of fees', async () => {
  // 80 ABC at 10.00 and 10 DEF at 20.00 make 1,000.00: 300.00 of ABC are over.
  const accountId = await anAccount({ held: { [abc]: '80', [def]: '10' } });
  const id = await started({ accountId });
  const common = { strategyVersion: 1, accountId, account: { id: accountId }, mode: 'FULL' };
  const item = { skipReason: null, code: null, orderId: null, order: null, orderStatus: null };
  const none = { filledQuantity: '0', filledValue: money('0.00'), fees: money('0.00') };
  expect(await seen(id)).toEqual({
    ...{ ...common, id, status: 'SELLING', reason: null, sellOutside: false },
    ...{ strategy: { id: await halfAndHalf() }, amount: null, proceeds: null, endedAt: null },
    ...{ createdAt: '2026-01-30T17:00:00.000Z', deadline: '2026-01-30T17:10:00.000Z' },
    items: [
      {
        ...{ side: 'SELL', assetId: abc, asset: { id: abc }, symbol: 'ABC', percentage: '50' },
        ...{ value: money('800.00'), price: '10', wanted: money('300.00'), amount: null },
        ...{ quantity: '30', status: 'REQUESTED', ...item, ...none },
      },
      {
        ...{ side: 'BUY', assetId: def, asset: { id: def }, symbol: 'DEF', percentage: '50' },
        ...{ value: money('200.00'), price: '20', wanted: money('300.00'), amount: null },
        ...{ quantity: null, status: 'PLANNED', ...item, ...none },
      },
    ],
  });

  const buying = await fill(id, 'SELL', { [abc]: { value: '299.10', fees: '0.35' } });
  expect(buying).toMatchObject({ status: 'BUYING', proceeds: money('298.75') });
  expect(buying.items[1]).toMatchObject({ status: 'REQUESTED', amount: money('298.75') });
  const done = await fill(id, 'BUY', { [def]: { value: '298.45', fees: '0.30' } });
  expect(done).toMatchObject({ status: 'COMPLETED', endedAt: '2026-01-30T17:00:00.000Z' });
  expect(done.items.map(({ orderId, order }) => [orderId, order])).toEqual(
    (['SELL', 'BUY'] as const).map((side, nth) => {
      const { orderId } = orderOf(done, side, [abc, def][nth] ?? '');
      return [orderId, { id: orderId }];
    }),
  );

  const customer = { runId: id, accountId, customerId: alice };
  expect(await eventsAbout(id)).toEqual([
    {
      type: ready,
      payload: {
        ...customer,
        currency: 'USD',
        parts: [{ side: 'SELL', assetId: abc, quantity: '30' }],
      },
    },
    {
      type: ready,
      payload: {
        ...customer,
        currency: 'USD',
        parts: [{ side: 'BUY', assetId: def, amount: '298.75' }],
      },
    },
    { type: completed, payload: { ...customer, status: 'COMPLETED' } },
  ]);
});

test('an account on its targets needs no order: its run completes at once', async () => {
  const accountId = await anAccount({ held: { [abc]: '50', [def]: '25' } });
  const id = await started({ accountId });
  expect(await seen(id)).toMatchObject({ status: 'COMPLETED', items: [], proceeds: money('0.00') });
  expect((await eventsAbout(id)).map(({ type }) => type)).toEqual([completed]);
});

test('BUY_ONLY fills gaps with the amount and lets be what is over', async () => {
  const accountId = await anAccount({ held: { [abc]: '80', [def]: '10' } });
  const id = await started({ accountId, mode: 'BUY_ONLY', amount: '100.00' });
  expect((await seen(id)).items).toMatchObject([
    { side: 'BUY', assetId: def, wanted: money('350.00'), amount: money('100.00') },
  ]);
});

test('money in goes over the gaps, money out comes from the excesses', async () => {
  const held = { [abc]: '80', [def]: '10' };
  const put = await started({
    accountId: await anAccount({ held }),
    mode: 'CASH_FLOW',
    amount: '800',
  });
  expect((await seen(put)).items).toMatchObject([
    { side: 'BUY', assetId: abc, wanted: money('100.00'), amount: money('100.00') },
    { side: 'BUY', assetId: def, wanted: money('700.00'), amount: money('700.00') },
  ]);
  const out = await started({
    accountId: await anAccount({ held }),
    mode: 'CASH_FLOW',
    amount: '-500',
  });
  const sales = (await seen(out)).items;
  expect(sales).toMatchObject([
    { side: 'SELL', assetId: abc, wanted: money('500.00'), quantity: '50' },
  ]);
  const done = await fill(out, 'SELL', { [abc]: { value: '500.00', fees: '0.50' } });
  expect(done).toMatchObject({ status: 'COMPLETED', proceeds: money('499.50') });
});

test('what is to go goes to the last nano-share; what is outside stays unless asked', async () => {
  const own = await createStrategy('One alone', [
    { assetId: 'ABC', percentage: '90' },
    { assetId: 'CASH', percentage: '10' },
  ]);
  const held = { [abc]: '10', [def]: '3.333333333' };
  const lets = await started({ accountId: await anAccount({ held, strategyId: own }) });
  expect(await seen(lets)).toMatchObject({ status: 'COMPLETED', items: [] });
  const accountId = await anAccount({ held, strategyId: own });
  const sells = await started({ accountId, sellOutside: true });
  expect((await seen(sells)).items).toMatchObject([
    { side: 'BUY', assetId: abc, wanted: money('66.67'), status: 'PLANNED' },
    { side: 'SELL', assetId: def, percentage: '0', quantity: '3.333333333' },
  ]);
  const done = await fill(sells, 'SELL', { [def]: { value: '70.00', fees: '0.07' } });
  // Never past the target: the rest of the proceeds stays on the account.
  expect(done.items).toMatchObject([{ amount: money('66.67') }, {}]);
});

test('halts, states and small parts are recorded as skipped, the rest goes on', async () => {
  const [slow, tiny, old] = [randomUUID(), randomUUID(), randomUUID()];
  await subgraph.worker.applyBatch([
    assetUpdated(slow, { symbol: 'SLOW' }),
    assetUpdated(tiny, { symbol: 'TINY' }),
    assetUpdated(old, { symbol: 'OLD', fractionable: false }),
  ]);
  const strategyId = await createStrategy('Obstacles', [
    { assetId: 'SLOW', percentage: '30' },
    { assetId: 'TINY', percentage: '0.05' },
    { assetId: 'OLD', percentage: '29.95' },
    { assetId: 'ABC', percentage: '40' },
  ]);
  await subgraph.worker.applyBatch([
    assetUpdated(slow, { symbol: 'SLOW', state: 'HALTED', version: 2 }),
    assetUpdated(old, { symbol: 'OLD', fractionable: false, state: 'SELL_ONLY', version: 2 }),
  ]);
  await quote({ [slow]: '1.00', [tiny]: '1.00', [old]: '700.00' });
  const accountId = await anAccount({ strategyId, held: { [old]: '1', [abc]: '30' } });
  const id = await started({ accountId });
  expect((await seen(id)).items).toMatchObject([
    {
      symbol: 'SLOW',
      side: 'BUY',
      status: 'SKIPPED',
      skipReason: 'HALTED',
      wanted: money('300.00'),
    },
    { symbol: 'TINY', side: 'BUY', status: 'SKIPPED', skipReason: 'BELOW_MINIMUM' },
    { symbol: 'OLD', side: 'SELL', status: 'SKIPPED', skipReason: 'TOO_SMALL_FOR_ONE_SHARE' },
    { symbol: 'ABC', side: 'BUY', status: 'SKIPPED', skipReason: 'BELOW_MINIMUM' },
  ]);
  expect(await seen(id)).toMatchObject({ status: 'COMPLETED_ADJUSTED', proceeds: money('0.00') });
});

test('all orders refused is a failure, one of several an adjustment', async () => {
  const accountId = await anAccount();
  const input = { accountId, mode: 'CASH_FLOW', amount: '100.00' };
  const refuse = async (id: string, assetIds: readonly string[]) => {
    const run = await seen(id);
    for (const assetId of assetIds) {
      const order = { ...orderOf(run, 'BUY', assetId), orderId: null };
      await subgraph.worker.applyBatch([orderRejected(order, 'PRICE_UNAVAILABLE')]);
    }
    return seen(id);
  };
  const failed = await refuse(await started(input), [abc, def]);
  expect(failed).toMatchObject({ status: 'FAILED', reason: 'ORDERS_REFUSED' });
  expect(failed.items).toMatchObject([
    { status: 'SKIPPED', skipReason: 'ORDER_REFUSED', code: 'PRICE_UNAVAILABLE' },
    { status: 'SKIPPED', skipReason: 'ORDER_REFUSED', code: 'PRICE_UNAVAILABLE' },
  ]);
  const id = await started(input);
  await refuse(id, [abc]);
  const done = await fill(id, 'BUY', { [def]: { value: '50.00' } });
  expect(done).toMatchObject({ status: 'COMPLETED_ADJUSTED', reason: null });
});

test('a hundred equal submissions are one run; another wish with the key is refused', async () => {
  const accountId = await anAccount({ held: { [abc]: '80' } });
  const wish = { accountId, idempotencyKey: randomUUID() };
  const answers = await Promise.all(Array.from({ length: 100 }, () => startAs(alice, wish)));
  const ids = new Set(answers.map(({ rebalanceRun }) => rebalanceRun?.id));
  expect(ids.size).toBe(1);
  expect(await eventsAbout([...ids][0] ?? '')).toHaveLength(1);
  const other = await startAs(alice, { ...wish, amount: '1.00' });
  expect(other.code).toBe('IDEMPOTENCY_KEY_REUSED');
});
