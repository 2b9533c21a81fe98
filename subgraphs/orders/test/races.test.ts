import { beforeAll, expect, test, vi } from 'vitest';
import { useBank } from './bank.ts';
import { ids, marketTime } from './builders.ts';
import {
  alice,
  anOrder,
  cancelOrder,
  cancelRefused,
  executed,
  fundsHeld,
  place,
  placedAtVenue,
  placeOrder,
  prepare,
  read,
  rowAndReplay,
  told,
  venueCanceled,
} from './story.ts';

/** Real transactions of PostgreSQL at the same moment, on connections of their own. */
const bank = useBank();
beforeAll(() => prepare(bank));

const times = <T>(count: number, make: (nth: number) => T): T[] =>
  Array.from({ length: count }, (_, nth) => make(nth));

const cancel = (orderId: string, nth: number) => () =>
  bank.ask(alice, cancelOrder, { input: { orderId, idempotencyKey: `${orderId}-${nth}` } });

const lanes = 20;

/** All of them as fast as twenty callers can, each with its next one when the last is answered. */
async function together<T>(tasks: readonly (() => Promise<T>)[]): Promise<T[]> {
  const results: T[] = [];
  const queue = [...tasks.entries()];
  const lane = async () => {
    for (let next = queue.shift(); next; next = queue.shift()) {
      const [nth, task] = next;
      results[nth] = await task();
    }
  };
  await Promise.all(times(lanes, lane));
  return results;
}

async function endOf(id: string) {
  const [row, replayed] = await rowAndReplay(bank, id);
  expect(replayed).toEqual(row);
  const { db } = bank.app.deps;
  expect(await db.$queryRaw`SELECT * FROM order_differs_from_history`).toEqual([]);
  expect(await db.orderException.count({ where: { orderId: id } })).toBe(0);
  expect(await db.parkedEvent.count()).toBe(0);
  expect(await db.waitingMessage.count({ where: { orderId: id } })).toBe(0);
  return row;
}

test.each([1, 2, 3, 4])('100 cancels and fills at once end in one final state %#', async () => {
  const id = await place(bank, { quantity: '50' });
  await bank.deliver(fundsHeld(id), placedAtVenue(id));
  const fill = (nth: number) => () => bank.deliver(executed(id, nth, ['1', '50.00']));
  await together<unknown>(times(100, (nth) => (nth % 2 === 0 ? cancel(id, nth) : fill(nth))));

  const end = await endOf(id);
  expect(end).toMatchObject({ status: 'FILLED', executions: 50, code: null });
  expect(end?.filledQuantity.toFixed()).toBe('50');
  const facts = (await told(bank, id)).map((fact) => fact.split(' ')[1]);
  expect(facts.filter((fact) => fact === 'order-filled')).toHaveLength(50);
  expect(facts.filter((fact) => fact === 'order-completed')).toHaveLength(1);
});

test.each([1, 2, 3, 4])(
  'fills, cancels and the end told by the venue at once leave what was filled %#',
  async () => {
    const id = await place(bank, { quantity: '50' });
    await bank.deliver(fundsHeld(id), placedAtVenue(id));
    const fills = times(40, (nth) => () => bank.deliver(executed(id, nth, ['1', '50.00'])));
    const cancels = times(59, (nth) => cancel(id, nth));
    const mixed = fills.flatMap((fill, nth) => [fill, ...cancels.slice(nth * 2, nth * 2 + 2)]);
    const [first, ...others] = mixed;
    const venueEnds = () => bank.deliver(venueCanceled(id, 40));
    await together<unknown>([first ?? venueEnds, venueEnds, ...others]);
    const end = await endOf(id);
    expect(end).toMatchObject({ status: 'CANCELED', executions: 40, lateFill: false });
    expect(end?.filledQuantity.toFixed()).toBe('40');
  },
);

test('fills told by several events at once, each of them twice, count once', async () => {
  const id = await place(bank, { quantity: '20' });
  await bank.deliver(fundsHeld(id));
  const fills = times(20, (nth) => executed(id, nth, ['1', '50.00']));
  const again = times(20, (nth) => executed(id, nth, ['1', '50.00']));
  await together([...fills, ...fills, ...again].map((event) => () => bank.deliver(event)));
  expect(await endOf(id)).toMatchObject({ status: 'FILLED', executions: 20 });
});

test('100 equal orders at once are one order, one line of audit and one event', async () => {
  const input = anOrder({ type: 'STOP', limitPrice: null, stopPrice: '60.00' });
  const answers = await Promise.all(times(100, () => bank.ask(alice, placeOrder, { input })));
  const texts = new Set(answers.map(({ data }) => JSON.stringify(data)));
  expect(texts.size).toBe(1);
  const placed = answers.at(0)?.data?.['placeOrder'] as { order?: { id: string } } | undefined;
  const id = placed?.order?.id ?? 'no order';
  expect(await told(bank, id)).toEqual(['1 order-created']);
  expect(await bank.app.deps.db.audit.count({ where: { subject: id } })).toBe(1);
  expect((await read(bank, id))?.status).toBe('RESERVING');
});

test('cancels with one key that two orders fight for win once', async () => {
  const orders = [await place(bank), await place(bank)];
  const answers = await Promise.all(
    times(40, (nth) =>
      bank.ask(alice, cancelOrder, {
        input: { orderId: orders[nth % 2] ?? '', idempotencyKey: 'one for two' },
      }),
    ),
  );
  const results = answers.map(({ data }) => data?.['cancelOrder'] as { code?: string });
  const reused = results.filter(({ code }) => code === 'IDEMPOTENCY_KEY_REUSED');
  expect(reused).toHaveLength(20);
  const statuses = await Promise.all(orders.map(async (id) => (await read(bank, id))?.status));
  expect(statuses.sort()).toEqual(['CANCELED', 'RESERVING']);
});

test('one key that another command is using does not serve a placement meanwhile', async () => {
  const { db } = bank.app.deps;
  const idempotencyKey = 'of two commands';
  const request = { customerId: ids.alice, idempotencyKey, requestHash: 'of a cancel' };
  const isWaiting = async () => {
    const locks = await db.$queryRaw<object[]>`
      /* test.waiting-locks */ SELECT FROM pg_locks l JOIN pg_database d ON d.oid = l.database
      WHERE d.datname = current_database() AND locktype = 'advisory' AND NOT granted`;
    expect(locks).toHaveLength(1);
  };
  const placing = await db.$transaction(async (tx) => {
    await tx.orderRequest.create({ data: { ...request, orderId: null, recordedAt: marketTime } });
    const answer = bank.ask(alice, placeOrder, { input: anOrder({ idempotencyKey }) });
    await vi.waitFor(isWaiting, { timeout: 4_000 });
    return { answer };
  });
  const { data } = await placing.answer;
  expect(data?.['placeOrder']).toMatchObject({ code: 'IDEMPOTENCY_KEY_REUSED' });
  expect(await db.order.count({ where: { idempotencyKey } })).toBe(0);
});

test('a refused cancel meets the last fill: the order is filled, once', async () => {
  const id = await place(bank);
  await bank.deliver(fundsHeld(id), placedAtVenue(id));
  await bank.ask(alice, cancelOrder, { input: { orderId: id, idempotencyKey: `${id}-c` } });
  await Promise.all([
    bank.deliver(executed(id, 1, ['4', '50.00'])),
    bank.deliver(executed(id, 2, ['6', '50.00'])),
    bank.deliver(cancelRefused(id)),
  ]);
  const { status } = (await rowAndReplay(bank, id))[0] ?? {};
  expect(status).toBe('FILLED');
});
