import { beforeAll, expect, test } from 'vitest';
import { expireOrders } from '../src/commands/expire-orders.ts';
import { openAcceptedOrders } from '../src/commands/open-accepted-orders.ts';
import { reportStuckOrders } from '../src/commands/report-stuck-orders.ts';
import { useBank } from './bank.ts';
import { marketTime, weekend } from './builders.ts';
import {
  executed,
  fundsHeld,
  place,
  placedAtVenue,
  prepare,
  read,
  told,
  venueExpired,
} from './story.ts';

const bank = useBank();
beforeAll(() => prepare(bank));

const bell = new Date('2026-07-20T13:30:00.000Z');
const close = new Date('2026-07-20T20:00:00.000Z');

test('an accepted order opens at the bell and not before, once, whoever looks', async () => {
  bank.clock.at = weekend;
  const id = await place(bank);
  await bank.deliver(fundsHeld(id));
  await openAcceptedOrders(bank.app.deps);
  expect((await read(bank, id))?.status).toBe('ACCEPTED');

  bank.clock.at = bell;
  await Promise.all(Array.from({ length: 4 }, () => openAcceptedOrders(bank.app.deps)));
  expect((await read(bank, id))?.status).toBe('OPEN');
  expect(await told(bank, id)).toEqual(['1 order-created', '5 order-opened']);
  const [opened] = (await bank.outbox('orders.order-opened.v1')).slice(-1);
  expect(opened).toMatchObject({
    correlationId: 'request-1',
    payload: { orderId: id, limitPrice: '50', quantity: '10', expiresAt: close.toISOString() },
  });
  await bank.deliver(placedAtVenue(id), executed(id, 1, ['10', '50.00']));
  expect((await read(bank, id))?.status).toBe('FILLED');
});

test('an order that the market never saw ends with its time in force', async () => {
  bank.clock.at = weekend;
  const unanswered = await place(bank);
  const accepted = await place(bank);
  await bank.deliver(fundsHeld(accepted));
  bank.clock.at = new Date(close.getTime() - 1);
  await expireOrders(bank.app.deps);
  expect((await read(bank, accepted))?.status).toBe('ACCEPTED');

  bank.clock.at = close;
  await Promise.all([expireOrders(bank.app.deps), expireOrders(bank.app.deps)]);
  expect(await read(bank, unanswered)).toMatchObject({ status: 'FAILED', code: 'HOLD_TIMEOUT' });
  expect(await read(bank, accepted)).toMatchObject({ status: 'EXPIRED', code: null });
  expect(await told(bank, unanswered)).toEqual(['1 order-created', '4 order-completed']);
  expect(await told(bank, accepted)).toEqual([
    '1 order-created',
    '5 order-expired',
    '6 order-completed',
  ]);
  await bank.deliver(fundsHeld(unanswered));
  expect((await read(bank, unanswered))?.status).toBe('FAILED');
});

test('an order whose hold comes after its time does not go to the market', async () => {
  const id = await place(bank);
  bank.clock.at = new Date('2026-07-16T14:00:00.000Z');
  await bank.deliver(fundsHeld(id));
  await openAcceptedOrders(bank.app.deps);
  expect((await read(bank, id))?.status).toBe('ACCEPTED');
  await expireOrders(bank.app.deps);
  expect((await read(bank, id))?.status).toBe('EXPIRED');
});

test.each([
  ['an early close', '2026-11-27T15:00:00Z', '2026-11-27T18:00:00Z'],
  ['the Friday before the clocks go back', '2026-10-30T15:00:00Z', '2026-10-30T20:00:00Z'],
  ['the Monday after it', '2026-11-02T15:00:00Z', '2026-11-02T21:00:00Z'],
])('a DAY order ends with its day, whenever that is: %s', async (_, created, ends) => {
  bank.clock.at = new Date(created);
  const unanswered = await place(bank);
  bank.clock.at = new Date(new Date(ends).getTime() - 1);
  await expireOrders(bank.app.deps);
  expect((await read(bank, unanswered))?.status).toBe('RESERVING');
  bank.clock.at = new Date(ends);
  await expireOrders(bank.app.deps);
  expect(await read(bank, unanswered)).toMatchObject({ code: 'HOLD_TIMEOUT' });
});

test('a GTC order waits for days and ends after 90 of them; an IOC order never waits', async () => {
  const gtc = await place(bank, { timeInForce: 'GTC' });
  const ioc = await place(bank, { timeInForce: 'IOC' });
  const end = marketTime.getTime() + 90 * 86_400_000;
  bank.clock.at = close;
  await bank.deliver(fundsHeld(ioc));
  await openAcceptedOrders(bank.app.deps);
  await expireOrders(bank.app.deps);
  expect((await read(bank, ioc))?.status).toBe('EXPIRED');
  bank.clock.at = new Date(end - 1);
  await expireOrders(bank.app.deps);
  expect((await read(bank, gtc))?.status).toBe('RESERVING');
  bank.clock.at = new Date(end);
  await expireOrders(bank.app.deps);
  expect(await read(bank, gtc)).toMatchObject({ status: 'FAILED', code: 'HOLD_TIMEOUT' });
});

test('an order at the venue past its time is ended by the venue, stuck till then', async () => {
  const id = await place(bank);
  await bank.deliver(fundsHeld(id));
  bank.clock.at = new Date('2026-07-15T20:05:00.000Z');
  await expireOrders(bank.app.deps);
  expect((await read(bank, id))?.status).toBe('OPEN');
  await reportStuckOrders(bank.app.deps);
  expect(bank.lines.filter((line) => line['alert'] === 'StuckProcess')).toHaveLength(1);
  await bank.deliver(venueExpired(id, 0));
  expect((await read(bank, id))?.status).toBe('EXPIRED');
  expect((await told(bank, id)).at(-1)).toContain('order-completed');
});

test('a process past its deadline raises an alert until it moves', async () => {
  const id = await place(bank);
  const alerts = () => bank.lines.filter((line) => line['alert'] === 'StuckProcess').length;
  await reportStuckOrders(bank.app.deps);
  expect(alerts()).toBe(0);
  bank.clock.at = new Date(marketTime.getTime() + 121_000);
  await reportStuckOrders(bank.app.deps);
  expect(alerts()).toBe(1);
  await bank.deliver(fundsHeld(id));
  await reportStuckOrders(bank.app.deps);
  expect(alerts()).toBe(1);
});

test('jobs that find nothing to do open no transaction', async () => {
  bank.clock.at = marketTime;
  const { deps } = bank.app;
  await openAcceptedOrders(deps);
  await expireOrders(deps);
  const transact: typeof deps.transact = () => {
    throw new Error('a transaction was opened');
  };
  await openAcceptedOrders({ ...deps, transact });
  await expireOrders({ ...deps, transact });
});
