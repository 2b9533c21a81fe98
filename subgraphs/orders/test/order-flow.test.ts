import { randomUUID } from 'node:crypto';
import { OrderPlacedV1 } from '@simplebank/contracts/market';
import { beforeAll, describe, expect, test } from 'vitest';
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
  rowAndReplay,
  told,
  venueCanceled,
  venueExpired,
  venueRejected,
} from './story.ts';

const bank = useBank();
beforeAll(() => prepare(bank));

test('a buy is opened, placed, filled and completed; its row equals its history', async () => {
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
    fees: { total: { amount: '0.50' }, commission: { amount: '0.50' }, sec: { amount: '0.00' } },
    lateFill: false,
    executions: [
      {
        id: `${id}-1`,
        quantity: '4',
        price: { amount: '49.98' },
        value: { amount: '199.92' },
        fees: { total: { amount: '0.20' } },
        late: false,
      },
      {
        id: `${id}-2`,
        quantity: '6',
        price: { amount: '50.00' },
        value: { amount: '300.00' },
        fees: { total: { amount: '0.30' } },
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
  const [row, replayed] = await rowAndReplay(bank, id);
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

test('an execution past the quantity is an exception with an alert, no row changes', async () => {
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

test('an execution told by two events, at once or later, is booked once', async () => {
  const id = await place(bank);
  const again = () => executed(id, 1, ['4', '50.00']);
  await bank.deliver(fundsHeld(id), again(), again());
  await bank.deliver(again());
  expect(await read(bank, id)).toMatchObject({ filledQuantity: '4', executions: [{}] });
  expect(await bank.app.deps.db.orderException.count({ where: { orderId: id } })).toBe(0);
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

test('an event about an order that is not known here waits and stops no other', async () => {
  const stranger = randomUUID();
  const payload = { orderId: stranger, venueOrderId: 'V', placedAt: marketTime.toISOString() };
  const id = await place(bank);
  await bank.deliver(tell(OrderPlacedV1, stranger, { payload }), fundsHeld(id));
  expect((await read(bank, id))?.status).toBe('OPEN');
  const parked = await bank.app.deps.db.parkedEvent.findMany();
  expect(parked.map((row) => [row.aggregateId, row.state])).toEqual([[stranger, 'WAITING']]);
  await bank.app.deps.db.parkedEvent.deleteMany();
});
