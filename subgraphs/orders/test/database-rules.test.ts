import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Database, openDatabase } from '../src/data/client.ts';
import { orderStatuses } from '../src/domain/status.ts';
import { orderEvents, targetsOf, transitions } from '../src/domain/transitions.ts';
import { useBank } from './bank.ts';
import { executed, fundsHeld, place, prepare, read } from './story.ts';

/** Everything here goes around the application, by SQL. */
const bank = useBank();
beforeAll(() => prepare(bank));

let admin: Database;
beforeAll(() => {
  admin = openDatabase(bank.adminUrl, 8);
});
afterAll(() => admin.$disconnect());

const refused = async (sql: string, as = admin): Promise<string> => {
  try {
    await as.$executeRawUnsafe(sql);
  } catch (error) {
    return String(error);
  }
  return 'it was allowed';
};

test('the database has exactly the transitions of the domain', async () => {
  const rows = await bank.app.deps.db.orderTransition.findMany();
  const shown = rows.map(({ fromStatus, event, toStatus }) => `${fromStatus} ${event} ${toStatus}`);
  const expected = transitions.map((row) => row.join(' '));
  expect(shown.sort()).toEqual(expected.sort());
});

const atOnce = 50;

test('for every state, event and next state the trigger allows what the table has', async () => {
  const origins = ['NONE', ...orderStatuses] as const;
  const id = await place(bank);
  const insert = (sequence: number, from: string, [event, to]: readonly [string, string]) =>
    `INSERT INTO order_event (order_id, sequence, event, from_status, to_status,
       cumulative_quantity, occurred_at)
     VALUES ('${id}', ${sequence}, '${event}', '${from}', '${to}', 0, now())`;
  const triples = origins.flatMap((from) =>
    orderEvents.flatMap((event) => orderStatuses.map((to) => ({ from, event, to }))),
  );
  const judge = async ({ from, event, to }: (typeof triples)[number]) => {
    const said = await refused(insert(2, from, [event, to]));
    const isAllowed = !said.includes('no transition from');
    return isAllowed === targetsOf(from, event).includes(to) ? [] : [`${from} ${event} ${to}`];
  };
  const wrong: string[] = [];
  // In pieces: a question waits for a free connection, and gives up after ten seconds.
  for (let at = 0; at < triples.length; at += atOnce) {
    const told = await Promise.all(triples.slice(at, at + atOnce).map(judge));
    wrong.push(...told.flat());
  }
  expect(wrong).toEqual([]);
}, 60_000);

/** Tables that only grow, or, for the transitions, do not even that. */
const appendOnly = [
  'account_plan',
  'audit',
  'order_event',
  'order_exception',
  'order_exception_resolution',
  'order_request',
  'order_transition',
];

describe('the schema refuses', () => {
  test('an event that does not start where the one before it ended', async () => {
    const id = await place(bank);
    const said = await refused(`INSERT INTO order_event
      (order_id, sequence, event, from_status, to_status, cumulative_quantity, occurred_at)
      VALUES ('${id}', 2, 'PLACED', 'OPEN', 'PLACED', 0, now())`);
    expect(said).toContain('starts from OPEN, the one before it ended in RESERVING');
  });

  test('a state without its event, and an event without its state', async () => {
    const id = await place(bank);
    const row = await refused(`UPDATE "order" SET status = 'OPEN', version = 2 WHERE id = '${id}'`);
    expect(row).toContain('the row differs from its history');
    const event = await refused(`INSERT INTO order_event
      (order_id, sequence, event, from_status, to_status, cumulative_quantity, leaves_quantity,
       occurred_at)
      VALUES ('${id}', 2, 'RESERVED', 'RESERVING', 'OPEN', 0, 10, now())`);
    expect(event).toContain('the row differs from its history');
    expect((await read(bank, id))?.status).toBe('RESERVING');
  });

  test('an order filled past its quantity or its money, and one FILLED too early', async () => {
    const id = await place(bank);
    const byAmount = await place(bank, {
      type: 'MARKET',
      limitPrice: null,
      quantity: null,
      amount: '100.00',
    });
    const set = (what: string, which = id) =>
      refused(`UPDATE "order" SET version = 2, ${what} WHERE id = '${which}'`);
    expect(await set('filled_quantity = 10.000000001, executions = 1')).toContain(
      'order_within_quantity',
    );
    expect(
      await set('filled_gross = 99.91, filled_quantity = 1, executions = 1', byAmount),
    ).toContain('order_within_amount');
    expect(await set(`status = 'FILLED'`)).toContain('order_filled');
    expect(await set('filled_quantity = 10, executions = 1')).toContain('order_filled');
  });

  test('a second booking of an execution', async () => {
    const id = await place(bank);
    await bank.deliver(fundsHeld(id), executed(id, 1, ['1', '50.00']));
    const said = await refused(`INSERT INTO order_event SELECT order_id, sequence + 1, event,
        'PARTIALLY_FILLED', to_status, code, cumulative_quantity, leaves_quantity, execution_id,
        quantity, price, value, commission_fee, sec_fee, taf_fee, executed_at, trade_date,
        settlement_date, late
      FROM order_event WHERE order_id = '${id}' AND event = 'EXECUTED'`);
    expect(said).toMatch(/order_event_order_id_execution_id_key|occurred_at/);
  });

  test('a change of the terms, of history, and of what was set down once', async () => {
    const id = await place(bank);
    const stop = await place(bank, { type: 'STOP', limitPrice: null, stopPrice: '60.00' });
    for (const [which, term] of [
      [id, 'limit_price = 51'],
      [stop, 'stop_price = 61'],
    ]) {
      const terms = `UPDATE "order" SET version = 2, ${term} WHERE id = '${which}'`;
      expect(await refused(terms)).toContain('its terms never change');
    }
    for (const table of appendOnly) {
      expect(await refused(`DELETE FROM ${table}`)).toContain('append-only');
      expect(await refused(`TRUNCATE ${table} CASCADE`)).toContain('append-only');
    }
    expect(await refused('UPDATE order_event SET price = 1')).toContain('append-only');
    expect(await refused('DELETE FROM "order"')).toContain('append-only');
  });

  test('all of that for the role of the service already by its grants', async () => {
    const { db } = bank.app.deps;
    for (const table of appendOnly) {
      expect(await refused(`DELETE FROM ${table}`, db)).toContain('permission denied');
    }
    expect(await refused('UPDATE order_event SET price = 1', db)).toContain('permission denied');
    expect(await refused('DELETE FROM "order"', db)).toContain('permission denied');
    const row = `INSERT INTO order_transition VALUES ('FILLED', 'EXECUTED', 'FILLED')`;
    expect(await refused(row, db)).toContain('permission denied');
  });

  test('one key of a customer for an order and for another command', async () => {
    const id = await place(bank, { idempotencyKey: 'of an order' });
    const { db } = bank.app.deps;
    const row = await db.order.findUniqueOrThrow({ where: { id } });
    const { customerId, requestHash } = row;
    const other = { customerId, requestHash, orderId: id, recordedAt: row.createdAt };
    const request = (idempotencyKey: string) =>
      db.orderRequest.createMany({ data: [{ ...other, idempotencyKey }] });
    expect(await request('of an order')).toEqual({ count: 0 });
    expect(await request('of a cancel')).toEqual({ count: 1 });
    const data = [{ ...row, id: randomUUID(), idempotencyKey: 'of a cancel' }];
    expect(await db.order.createMany({ data })).toEqual({ count: 0 });
  });

  test('two orders of a customer with one key', async () => {
    const id = await place(bank, { idempotencyKey: 'one of a kind' });
    const { db } = bank.app.deps;
    const row = await db.order.findUniqueOrThrow({ where: { id } });
    await expect(db.order.create({ data: { ...row, id: randomUUID() } })).rejects.toThrow(
      'Unique constraint failed',
    );
  });
});
