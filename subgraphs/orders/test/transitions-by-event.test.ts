import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import { tellOrders } from '../src/commands/advance-orders.ts';
import { tellDue } from '../src/commands/tell-due.ts';
import { orderStatuses } from '../src/domain/status.ts';
import { type OrderEvent, orderEvents, targetsOf } from '../src/domain/transitions.ts';
import { useBank } from './bank.ts';
import { aSplit, marketTime, weekend } from './builders.ts';
import {
  alice,
  cancelOrder,
  cancelRefused,
  executed,
  fundsHeld,
  fundsRefused,
  place,
  placedAtVenue,
  prepare,
  read,
  rowAndReplay,
  venueCanceled,
  venueExpired,
  venueRejected,
} from './story.ts';

/** The third way to see the table of domain §3.1: by what arrives, beside the code and the SQL. */
const bank = useBank();
beforeAll(() => prepare(bank));

type Status = (typeof orderStatuses)[number];
type Reach = (id: string) => Promise<unknown>;

const deliver =
  (...events: readonly ((id: string) => ReturnType<typeof fundsHeld>)[]): Reach =>
  (id) =>
    bank.deliver(...events.map((event) => event(id)));
const four = (id: string) => executed(id, 1, ['4', '50.00']);
const ten = (id: string) => executed(id, 1, ['10', '50.00']);
let keys = 0;
const cancel = (orderId: string) =>
  bank.ask(alice, cancelOrder, { input: { orderId, idempotencyKey: `cancel-${keys++}` } });

/** How an order gets into each state; ACCEPTED is placed and answered on a weekend. */
const reach: Readonly<Record<Status, Reach>> = {
  RESERVING: async () => {},
  ACCEPTED: deliver(fundsHeld),
  OPEN: deliver(fundsHeld),
  PLACED: deliver(fundsHeld, placedAtVenue),
  PARTIALLY_FILLED: deliver(fundsHeld, placedAtVenue, four),
  CANCEL_PENDING: async (id) => {
    await deliver(fundsHeld, placedAtVenue)(id);
    await cancel(id);
  },
  FILLED: deliver(fundsHeld, ten),
  CANCELED: deliver(fundsHeld, (id) => venueCanceled(id, 0)),
  EXPIRED: deliver(fundsHeld, (id) => venueExpired(id, 0)),
  REJECTED: deliver(fundsRefused),
  FAILED: deliver(fundsHeld, (id) => venueRejected(id)),
};

const executionsIn = (status: Status) =>
  status === 'PARTIALLY_FILLED' || status === 'FILLED' ? 1 : 0;

const due = (event: 'MARKET_OPENED' | 'TIME_ENDED') => (id: string) =>
  bank.app.deps.transact((tx) =>
    tellDue(tx, bank.app.deps, { due: [{ id, correlationId: 'job', traceparent: null }], event }),
  );

const split: Reach = (orderId) => {
  const message = aSplit({ actionId: randomUUID() });
  const cause = { correlationId: 'job', causationId: null, traceparent: null };
  return bank.app.deps.transact((tx) =>
    tellOrders(tx, bank.app.deps, [{ orderId, message, cause }]),
  );
};

/** Begins a history, or is for staff only when an order is stuck: tested by themselves. */
type Elsewhere = 'CREATED' | 'ENDED_BY_STAFF';
type Arriving = Exclude<OrderEvent, Elsewhere>;

/** How each event comes to an order that is in this state; it is new each time. */
const arrival = (status: Status): Readonly<Record<Arriving, Reach>> => ({
  RESERVED: deliver(fundsHeld),
  REFUSED: deliver(fundsRefused),
  CANCEL_ASKED: cancel,
  TIME_ENDED: due('TIME_ENDED'),
  MARKET_OPENED: due('MARKET_OPENED'),
  PLACED: deliver(placedAtVenue),
  EXECUTED: deliver((id) => executed(id, 2, ['1', '50.00'])),
  VENUE_CANCELED: deliver((id) => venueCanceled(id, executionsIn(status))),
  CANCEL_REFUSED: deliver(cancelRefused),
  VENUE_EXPIRED: deliver((id) => venueExpired(id, executionsIn(status))),
  VENUE_FAILED: deliver((id) => venueRejected(id, executionsIn(status))),
  REBASED: split,
});

const fromVenue = /^(VENUE_|PLACED|EXECUTED|CANCEL_REFUSED)/;

/** What a pair does: a move, a refusal, a wait for the opening, or an exception with its alert. */
async function isAsTheTableSays(status: Status, event: Arriving) {
  bank.clock.at = status === 'ACCEPTED' ? weekend : marketTime;
  const id = await place(bank);
  await reach[status](id);
  const before = await rowAndReplay(bank, id);
  expect(before[0]?.status).toBe(status);
  bank.lines.length = 0;
  const answer = await arrival(status)[event](id);

  const after = await rowAndReplay(bank, id);
  expect(after[1]).toEqual(after[0]);
  const { db } = bank.app.deps;
  const where = { orderId: id };
  const exceptions = await db.orderException.findMany({ where });
  const waiting = await db.waitingMessage.count({ where });
  const alerts = bank.lines.filter((line) => line['alert'] === 'OrderException').length;
  const targets = targetsOf(status, event);
  const unopened = status === 'RESERVING' || status === 'ACCEPTED';
  const told = { exceptions: exceptions.map((row) => row.reason), waiting, alerts };
  if (targets.length > 0) {
    expect([targets, told]).toEqual([expect.arrayContaining([after[0]?.status]), quiet]);
    expect(after[0]?.version).toBe((before[0]?.version ?? 0) + 1);
    return;
  }
  expect(after).toEqual(before);
  if (event === 'CANCEL_ASKED') {
    expect(told).toEqual(quiet);
    expect(answer).toMatchObject({ data: { cancelOrder: { code: 'NOT_CANCELABLE' } } });
    return;
  }
  if (unopened && fromVenue.test(event)) expect(told).toEqual({ ...quiet, waiting: 1 });
  else expect(told).toEqual({ exceptions: ['ILLEGAL_TRANSITION'], waiting: 0, alerts: 1 });
}
const quiet = { exceptions: [], waiting: 0, alerts: 0 };

describe('an order in any state, told anything by its event, moves as the table says', () => {
  test.each(orderStatuses)('%s', async (status) => {
    const events = orderEvents.filter(
      (event): event is Arriving => event !== 'CREATED' && event !== 'ENDED_BY_STAFF',
    );
    for (const event of events) await isAsTheTableSays(status, event);
  });
});

test.each(['PARTIALLY_FILLED', 'FILLED'] as const)(
  'an execution that %s knows already is ignored, whatever event tells it',
  async (status) => {
    const id = await place(bank);
    await reach[status](id);
    const before = [await read(bank, id), await bank.outbox()];
    await deliver(status === 'FILLED' ? ten : four)(id);
    expect([await read(bank, id), await bank.outbox()]).toEqual(before);
    expect(await bank.app.deps.db.orderException.count({ where: { orderId: id } })).toBe(0);
  },
);

test('an execution past the quantity is an exception, not booked to the customer', async () => {
  const id = await place(bank);
  await deliver(fundsHeld, four, (one) => executed(one, 2, ['6.000000001', '50.00']))(id);
  expect(await read(bank, id)).toMatchObject({ status: 'PARTIALLY_FILLED', filledQuantity: '4' });
  const row = await bank.app.deps.db.orderException.findFirst({ where: { orderId: id } });
  expect(row).toMatchObject({ reason: 'OVERFILL', event: 'EXECUTED', status: 'PARTIALLY_FILLED' });
});
