import { randomUUID } from 'node:crypto';
import { OrderPlacedV1 } from '@simplebank/contracts/market';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { findHistory, findOrders } from '../src/data/orders.ts';
import { replay } from '../src/domain/history.ts';
import { type Told, tell, useBank } from './bank.ts';
import { marketTime, weekend } from './builders.ts';
import {
  cancelRefused,
  executed,
  fundsHeld,
  fundsRefused,
  type Input,
  place,
  placedAtVenue,
  positionRefused,
  positionReserved,
  prepare,
  read,
  told,
  venueCanceled,
  venueExpired,
  venueRejected,
} from './story.ts';

const bank = useBank();
beforeAll(() => prepare(bank));

/** The row and the replay of its history, which must be the same order. */
async function rowAndReplay(id: string) {
  const { db } = bank.app.deps;
  const [order] = await findOrders(db, [id]);
  if (!order) throw new Error(`order ${id} is gone`);
  return [order, replay(order, await findHistory(db, order))];
}

test('a buy is opened, placed, filled in two and completed; its row equals its history', async () => {
  const id = await place(bank);
  await bank.deliver(fundsHeld(id));
  expect((await read(bank, id))?.status).toBe('OPEN');
  await bank.deliver(placedAtVenue(id));
  expect((await read(bank, id))?.status).toBe('PLACED');
  await bank.deliver(executed(id, 1, ['4', '49.98']));
  expect(await read(bank, id)).toMatchObject({ status: 'PARTIALLY_FILLED', leavesQuantity: '6' });
  await bank.deliver(executed(id, 2, ['6', '50.00']));

  expect(await read(bank, id)).toMatchObject({
    status: 'FILLED',
    code: null,
    quantity: '10',
    filledQuantity: '10',
    leavesQuantity: '0',
    averagePrice: { amount: '49.992' },
    filledValue: { amount: '499.92' },
    fees: { total: { amount: '0.5' }, commission: { amount: '0.5' }, sec: { amount: '0' } },
    lateFill: false,
    executions: [
      {
        id: `${id}-1`,
        quantity: '4',
        price: { amount: '49.98' },
        value: { amount: '199.92' },
        fees: { total: { amount: '0.2' } },
        late: false,
      },
      {
        id: `${id}-2`,
        quantity: '6',
        price: { amount: '50' },
        value: { amount: '300' },
        fees: { total: { amount: '0.3' } },
        late: false,
      },
    ],
  });
  expect(await told(bank, id)).toEqual([
    '1 order-created',
    '3 order-opened',
    '7 order-filled',
    '9 order-filled',
    '10 order-completed',
  ]);
  const [row, replayed] = await rowAndReplay(id);
  expect(replayed).toEqual(row);
  const process = await bank.app.deps.db.orderProcess.findUnique({ where: { orderId: id } });
  expect(process).toMatchObject({ step: 'DONE', deadline: null, correlationId: 'request-1' });
});

test('what follows an execution says its value, fees, dates and the running totals', async () => {
  const id = await place(bank, { side: 'SELL', quantity: '100' });
  await bank.deliver(positionReserved(id), executed(id, 1, ['100', '50.00']));
  const rows = (await bank.outbox()).filter(({ aggregateId }) => aggregateId === id);
  expect(rows.find(({ type }) => type === 'orders.order-filled.v1')?.payload).toMatchObject({
    executionId: `${id}-1`,
    quantity: '100',
    price: '50',
    value: '5000',
    fees: { commission: '5', sec: '0.11', taf: '0.02' },
    cumulativeQuantity: '100',
    leavesQuantity: '0',
    executions: 1,
    executedAt: marketTime.toISOString(),
    tradeDate: '2026-07-15',
    settlementDate: '2026-07-16',
    late: false,
  });
  expect(rows.find(({ type }) => type === 'orders.order-completed.v1')?.payload).toMatchObject({
    status: 'FILLED',
    filledQuantity: '100',
    value: '5000',
    fees: '5.13',
    executions: 1,
  });
  expect(rows.at(-1)).toMatchObject({ correlationId: 'story-1', causationId: expect.any(String) });
});

describe('an order that does not trade ends with its code and releases what was set aside', () => {
  const sale = { side: 'SELL' };
  type Ending = readonly [string, Input, (id: string) => Told[], string | null, string[]];
  const endings: readonly Ending[] = [
    [
      'REJECTED',
      {},
      (id) => [fundsRefused(id)],
      'INSUFFICIENT_FUNDS',
      ['3 order-rejected', '4 order-completed'],
    ],
    [
      'REJECTED',
      sale,
      (id) => [positionRefused(id)],
      'INSUFFICIENT_POSITION',
      ['3 order-rejected', '4 order-completed'],
    ],
    [
      'FAILED',
      {},
      (id) => [fundsHeld(id), venueRejected(id)],
      'VENUE_REJECTED',
      ['3 order-opened', '6 order-completed'],
    ],
    [
      'EXPIRED',
      {},
      (id) => [fundsHeld(id), placedAtVenue(id), venueExpired(id, 0)],
      null,
      ['3 order-opened', '7 order-expired', '8 order-completed'],
    ],
  ];
  const named = endings.map(([status, input, events, code, facts]) => ({
    status,
    input,
    events,
    code,
    facts,
  }));

  test.each(named)('$status $code', async ({ status, input, events, code, facts }) => {
    const id = await place(bank, input);
    await bank.deliver(...events(id));
    expect(await read(bank, id)).toMatchObject({ status, code, filledQuantity: '0' });
    expect(await told(bank, id)).toEqual(['1 order-created', ...facts]);
  });
});

/** All that must not depend on the order of arrival: the row without its time, and what left. */
async function endOf(id: string) {
  const order = await read(bank, id);
  if (!order) throw new Error(`order ${id} is gone`);
  const { id: _, executions, ...shown } = order;
  const [row, replayed] = await rowAndReplay(id);
  expect(replayed).toEqual(row);
  const facts = (await told(bank, id)).map((fact) => fact.split(' ')[1]);
  const { db } = bank.app.deps;
  return {
    shown,
    executions: (executions as unknown[]).length,
    facts: facts.sort(),
    waiting: await db.waitingMessage.count({ where: { orderId: id } }),
    exceptions: await db.orderException.count({ where: { orderId: id } }),
    parked: await db.parkedEvent.count(),
  };
}

describe('shuffled and doubled deliveries end in the same state as those in order', () => {
  const stories: readonly (readonly [string, (id: string) => Told[]])[] = [
    [
      'FILLED',
      (id) => [
        executed(id, 1, ['3', '49.99']),
        executed(id, 2, ['3', '49.98']),
        executed(id, 3, ['4', '50.00']),
      ],
    ],
    ['CANCELED', (id) => [executed(id, 1, ['3', '49.99']), venueCanceled(id, 1)]],
    ['EXPIRED', (id) => [executed(id, 1, ['3', '49.99']), venueExpired(id, 1)]],
    ['CANCELED', (id) => [executed(id, 1, ['3', '49.99']), venueRejected(id, 1)]],
  ];
  const named = stories.map(([status, events]) => ({ status, events }));

  test.each(named)('$status %#', async ({ status, events }) => {
    const all = (id: string) => [fundsHeld(id), placedAtVenue(id), ...events(id)];
    const first = await place(bank);
    for (const event of all(first)) await bank.deliver(event);
    const inOrder = await endOf(first);
    expect(inOrder.shown.status).toBe(status);
    expect([inOrder.waiting, inOrder.exceptions, inOrder.parked]).toEqual([0, 0, 0]);

    const seeds = fc.sample(fc.tuple(fc.nat(), fc.boolean()), { numRuns: 12, seed: 7 });
    for (const [seed, isOneBatch] of seeds) {
      const id = await place(bank);
      const doubled = [...all(id)].flatMap((event) => [event, event]);
      const whole = fc.shuffledSubarray(doubled, { minLength: doubled.length });
      const [shuffled = []] = fc.sample(whole, { numRuns: 1, seed });
      if (isOneBatch) await bank.deliver(...shuffled);
      else for (const event of shuffled) await bank.deliver(event);
      expect(await endOf(id)).toEqual(inOrder);
    }
  });
});

test('a batch about many orders moves each of them once', async () => {
  const ids = await Promise.all(Array.from({ length: 20 }, () => place(bank)));
  await bank.deliver(...ids.map((id) => fundsHeld(id)));
  const events = ids.flatMap((id) => [
    executed(id, 1, ['4', '50.00']),
    placedAtVenue(id),
    executed(id, 2, ['6', '49.99']),
  ]);
  await bank.deliver(...events, ...events);
  const states = await Promise.all(ids.map((id) => read(bank, id)));
  expect(new Set(states.map((state) => state?.status))).toEqual(new Set(['FILLED']));
  const { db } = bank.app.deps;
  const where = { orderId: { in: ids }, event: 'EXECUTED' };
  expect(await db.orderEvent.count({ where })).toBe(40);
});

test('an execution past the quantity is an exception with an alert, and changes no row', async () => {
  const id = await place(bank);
  await bank.deliver(fundsHeld(id), executed(id, 1, ['6', '50.00']));
  const before = [await read(bank, id), await told(bank, id)];
  await bank.deliver(executed(id, 2, ['5', '50.00']));
  expect([await read(bank, id), await told(bank, id)]).toEqual(before);
  const [exception] = await bank.app.deps.db.orderException.findMany({ where: { orderId: id } });
  expect(exception).toMatchObject({
    reason: 'OVERFILL',
    status: 'PARTIALLY_FILLED',
    event: 'EXECUTED',
    detail: { quantity: '5', price: '50', executionId: `${id}-2` },
  });
  const alerts = bank.lines.filter((line) => line['alert'] === 'OrderException');
  expect(alerts.map((line) => [line['levelname'], line['order_id'], line['error_code']])).toEqual([
    ['ERROR', id, 'OVERFILL'],
  ]);
});

test('what no transition fits is kept for staff and changes no row', async () => {
  const id = await place(bank);
  await bank.deliver(fundsHeld(id), cancelRefused(id));
  expect((await read(bank, id))?.status).toBe('OPEN');
  const found = await bank.app.deps.db.orderException.findMany({ where: { orderId: id } });
  expect(found.map(({ reason, event }) => [reason, event])).toEqual([
    ['ILLEGAL_TRANSITION', 'CANCEL_REFUSED'],
  ]);
});

test('a fill after the cancel is booked as late, and completes the order again', async () => {
  const id = await place(bank);
  await bank.deliver(fundsHeld(id), venueCanceled(id, 0), executed(id, 1, ['2', '50.00']));
  expect(await read(bank, id)).toMatchObject({
    status: 'CANCELED',
    filledQuantity: '2',
    lateFill: true,
    executions: [{ late: true }],
  });
  expect(await told(bank, id)).toEqual([
    '1 order-created',
    '3 order-opened',
    '5 order-canceled',
    '6 order-completed',
    '7 order-filled',
    '8 order-completed',
  ]);
});

test('outside market hours an order waits as ACCEPTED', async () => {
  bank.clock.at = weekend;
  const id = await place(bank);
  await bank.deliver(fundsHeld(id));
  expect((await read(bank, id))?.status).toBe('ACCEPTED');
  expect(await told(bank, id)).toEqual(['1 order-created']);
});

test('an event about an order that is not known here waits for it, and stops no other', async () => {
  const stranger = randomUUID();
  const payload = { orderId: stranger, venueOrderId: 'V', placedAt: marketTime.toISOString() };
  const id = await place(bank);
  await bank.deliver(tell(OrderPlacedV1, stranger, { payload }), fundsHeld(id));
  expect((await read(bank, id))?.status).toBe('OPEN');
  const parked = await bank.app.deps.db.parkedEvent.findMany();
  expect(parked.map((row) => [row.aggregateId, row.state])).toEqual([[stranger, 'WAITING']]);
  await bank.app.deps.db.parkedEvent.deleteMany();
});
