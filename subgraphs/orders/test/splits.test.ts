import { randomUUID } from 'node:crypto';
import { CorporateActionEffectiveV1 } from '@simplebank/contracts/assets';
import { TradeExecutedV1 } from '@simplebank/contracts/market';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { openAcceptedOrders } from '../src/commands/open-accepted-orders.ts';
import { rebaseOrders } from '../src/commands/rebase-orders.ts';
import { tell, useBank } from './bank.ts';
import { ids, marketTime } from './builders.ts';
import { exDate, noon, useSplits } from './split-story.ts';
import { auditing, support } from './staff.ts';
import {
  alice,
  assetUpdated,
  cancelRefused,
  fundsHeld,
  place,
  placedAtVenue,
  read,
  rowAndReplay,
  told,
  venueCanceled,
} from './story.ts';

const bank = useBank();
const auditOf = auditing(bank);
const { assetId, admin, gtc, split, splits } = useSplits(bank);

const traded = (orderId: string, nth: number, [quantity, price, executedAt]: string[]) =>
  tell(TradeExecutedV1, orderId, {
    payload: {
      ...{ orderId, executionId: `${orderId}-${nth}`, quantity: quantity ?? '' },
      ...{ price: price ?? '', executedAt: executedAt ?? '' },
    },
    version: nth + 1,
  });
const old = (orderId: string) => traded(orderId, 1, ['4', '50', marketTime.toISOString()]);
const young = (orderId: string) => traded(orderId, 2, ['5', '12.5', noon.toISOString()]);

const nodes = z.object({ nodes: z.array(z.unknown()) });
const historyShape = z.object({ order: z.object({ history: nodes }) });
const exceptionsShape = z.object({ orderExceptions: nodes });

const nothing: Record<string, unknown> = {};
const differing = () => admin().$queryRaw<object[]>`SELECT * FROM order_differs_from_history`;

describe('a split', () => {
  test('re-bases an order at the venue, tells it, audits it, and does so once', async () => {
    const id = await gtc();
    await bank.deliver(fundsHeld(id), placedAtVenue(id), old(id));
    const actionId = randomUUID();
    await splits([4, 1], assetId(), actionId);
    const shown = await read(bank, id);
    expect(shown).toMatchObject({ status: 'PARTIALLY_FILLED', code: null, quantity: '28' });
    expect(shown).toMatchObject({ leavesQuantity: '24', limitPrice: { amount: '12.50' } });
    const [fact, ...more] = await bank.outbox('orders.order-rebased.v1');
    expect(more).toEqual([]);
    expect(fact?.payload).toMatchObject({
      ...{ orderId: id, actionId, exDate, numerator: 4, denominator: 1, quantity: '28' },
      ...{ leavesQuantity: '24', limitPrice: '12.5', stopPrice: null },
    });
    const before = [shown, await told(bank, id)];
    await bank.deliver(split([4, 1], assetId(), actionId));
    await rebaseOrders(bank.app.deps);
    expect([await read(bank, id), await told(bank, id)]).toEqual(before);
    expect(
      (await auditOf(id)).map(({ command, actor, reason }) => [command, actor, reason]),
    ).toEqual([
      ['placeOrder', ids.alice, null],
      ['rebaseOrder', actionId, `ABC split 4 for 1 on ${exDate}`],
    ]);
    const [row, replayed] = await rowAndReplay(bank, id);
    expect([row, await differing()]).toEqual([replayed, []]);
  });

  test('is in the history of the order, and not yet in the order as it was', async () => {
    const id = await gtc();
    await bank.deliver(fundsHeld(id), placedAtVenue(id));
    await splits();
    const query = `query ($id: ID!, $instant: DateTime!) {
      order(id: $id) { history { nodes { event rebasing { exDate numerator denominator goesOn
        quantity quantityBefore limitPrice { amount } limitPriceBefore { amount }
        stopPrice { amount } } } } }
      orderAsOf(id: $id, instant: $instant) { quantity limitPrice { amount } } }`;
    const { data, errors } = await bank.ask(alice, query, {
      id,
      instant: marketTime.toISOString(),
    });
    expect(errors).toEqual([]);
    const { order } = historyShape.parse(data);
    expect(order.history.nodes.at(-1)).toEqual({
      event: 'REBASED',
      rebasing: {
        ...{ exDate, numerator: 4, denominator: 1, goesOn: true, stopPrice: null },
        ...{ quantity: '40', quantityBefore: '10' },
        ...{ limitPrice: { amount: '12.50' }, limitPriceBefore: { amount: '50.00' } },
      },
    });
    expect(data?.['orderAsOf']).toEqual({ quantity: '10', limitPrice: { amount: '50.00' } });
  });

  test('changes what waits for the market before it goes, amounts in their price', async () => {
    bank.clock.at = new Date('2026-07-15T23:00:00.000Z');
    const [id, byAmount] = [
      await gtc({ timeInForce: 'DAY' }),
      await gtc({ timeInForce: 'DAY', quantity: null, amount: '100.00' }),
    ];
    await bank.deliver(fundsHeld(id), fundsHeld(byAmount));
    bank.clock.at = noon;
    await bank.deliver(split());
    await openAcceptedOrders(bank.app.deps);
    expect([await read(bank, id), await read(bank, byAmount)]).toMatchObject([
      { status: 'ACCEPTED', quantity: '10' },
      { status: 'ACCEPTED', limitPrice: { amount: '50.00' } },
    ]);
    await rebaseOrders(bank.app.deps);
    await openAcceptedOrders(bank.app.deps);
    expect([await read(bank, id), await read(bank, byAmount)]).toMatchObject([
      { status: 'OPEN', quantity: '40', limitPrice: { amount: '12.50' } },
      { status: 'OPEN', amount: { amount: '100.00' }, limitPrice: { amount: '12.50' } },
    ]);
    const opened = await bank.outbox('orders.order-opened.v1');
    expect(opened.find(({ aggregateId }) => aggregateId === id)?.payload).toMatchObject({
      ...{ quantity: '40', limitPrice: '12.5' },
    });
  });

  test('leaves alone orders of other assets, of the ex-date, and those that are over', async () => {
    const ended = await gtc();
    await bank.deliver(fundsHeld(ended), placedAtVenue(ended), venueCanceled(ended, 0));
    const other = await place(bank, { timeInForce: 'GTC' });
    bank.clock.at = noon;
    const young = await gtc();
    await splits();
    for (const id of [ended, other, young]) {
      expect(await read(bank, id)).toMatchObject({ quantity: '10' });
    }
    const terms = { kind: 'DIVIDEND', rate: '1', currency: 'USD', payDate: exDate } as const;
    const payload = { actionId: randomUUID(), assetId: assetId(), symbol: 'ABC', exDate, terms };
    await bank.deliver(tell(CorporateActionEffectiveV1, payload.actionId, { payload }));
    expect(await admin().split.count({ where: { actionId: payload.actionId } })).toBe(0);
  });

  test('of which no whole shares are left cancels through the venue with its code', async () => {
    const [id, refused] = [await gtc(), await gtc()];
    await bank.deliver(
      fundsHeld(id),
      placedAtVenue(id),
      fundsHeld(refused),
      placedAtVenue(refused),
    );
    await splits([1, 3]);
    expect(await read(bank, id)).toMatchObject({
      ...{ status: 'CANCEL_PENDING', code: 'CORPORATE_ACTION' },
    });
    expect((await told(bank, id)).at(-1)).toContain('order-cancel-requested');
    await bank.deliver(venueCanceled(id, 0), cancelRefused(refused));
    expect(await read(bank, id)).toMatchObject({ status: 'CANCELED', code: 'CORPORATE_ACTION' });
    const query = `{ orderExceptions(first: 100) { nodes { order { id } reason event } } }`;
    const { data } = await bank.ask(support, query);
    const { orderExceptions } = exceptionsShape.parse(data);
    expect(orderExceptions.nodes).toContainEqual({
      ...{ order: { id: refused }, reason: 'CORPORATE_ACTION', event: 'CANCEL_REFUSED' },
    });
    expect(bank.lines.some((line) => line['alert'] === 'OrderException')).toBe(true);
  });

  test('moves the limit of an order by amount that is at the venue, and tells so', async () => {
    const id = await gtc({ timeInForce: 'DAY', quantity: null, amount: '100.00' });
    await bank.deliver(fundsHeld(id), placedAtVenue(id));
    await splits();
    const facts = await bank.outbox('orders.order-rebased.v1');
    expect(facts.filter(({ aggregateId }) => aggregateId === id)).toMatchObject([
      { payload: { quantity: null, leavesQuantity: null, limitPrice: '12.5' } },
    ]);
  });

  test('re-bases all others when one order cannot be, and that one when it can', async () => {
    const ids = [await gtc(), await gtc(), await gtc()];
    const [stuck = '', ...others] = ids;
    await admin().$executeRawUnsafe(
      `ALTER TABLE order_event ADD CONSTRAINT stuck CHECK (order_id <> '${stuck}') NOT VALID`,
    );
    await expect(splits()).rejects.toThrow('stuck');
    for (const id of others) expect(await read(bank, id)).toMatchObject({ quantity: '40' });
    expect(await read(bank, stuck)).toMatchObject({ quantity: '10' });
    await admin().$executeRaw`ALTER TABLE order_event DROP CONSTRAINT stuck`;
    await rebaseOrders(bank.app.deps);
    expect(await read(bank, stuck)).toMatchObject({ quantity: '40' });
  });

  test('that left less than was traded since takes the rest from the venue', async () => {
    const id = await gtc();
    const nine = traded(id, 1, ['9', '50', noon.toISOString()]);
    await bank.deliver(fundsHeld(id), placedAtVenue(id), nine);
    await splits([1, 3]);
    expect(await read(bank, id)).toMatchObject({ status: 'FILLED', filledQuantity: '9' });
    expect((await told(bank, id)).slice(-2).map((fact) => fact.split(' ')[1])).toEqual([
      ...['order-cancel-requested', 'order-completed'],
    ]);
  });

  test('and executions, cancels and repeats end alike, whichever comes first', async () => {
    const ends: object[] = [];
    const orders = permutations(['old', 'young', 'split', 'end']);
    // Every third: the test of the domain has them all.
    for (const order of orders.filter((_, nth) => nth % 3 === 0)) {
      // An asset for each: a split re-bases all orders of its asset.
      const [own, actionId] = [randomUUID(), randomUUID()];
      bank.clock.at = marketTime;
      await bank.deliver(assetUpdated({ assetId: own }));
      const id = await gtc({ assetId: own });
      await bank.deliver(fundsHeld(id), placedAtVenue(id));
      bank.clock.at = noon;
      for (const what of [...order, ...order]) {
        if (what === 'old') await bank.deliver(old(id));
        if (what === 'young') await bank.deliver(young(id));
        if (what === 'end') await bank.deliver(venueCanceled(id, 2));
        if (what === 'split') await splits([4, 1], own, actionId);
      }
      const { id: _, asset: __, executions, ...shown } = (await read(bank, id)) ?? nothing;
      const facts = (await told(bank, id)).map((fact) => fact.split(' ')[1] ?? '');
      const completed = facts.filter((fact) => fact === 'order-completed').length;
      await admin().split.updateMany({ where: { doneAt: null }, data: { doneAt: noon } });
      ends.push({ ...shown, completed, executions: (executions as unknown[]).length });
    }
    expect(new Set(ends.map((end) => JSON.stringify(end))).size).toBe(1);
    expect(ends[0]).toMatchObject({ status: 'CANCELED', quantity: '28', filledQuantity: '9' });
    expect(await differing()).toEqual([]);
  });
});

function permutations<T>(items: readonly T[]): T[][] {
  if (items.length <= 1) return [[...items]];
  return items.flatMap((item, nth) =>
    permutations(items.toSpliced(nth, 1)).map((rest) => [item, ...rest]),
  );
}
