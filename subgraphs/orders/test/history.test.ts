import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { type Database, openDatabase } from '../src/data/client.ts';
import { useBank } from './bank.ts';
import { marketTime } from './builders.ts';
import {
  alice,
  bob,
  cancelOrder,
  executed,
  fundsHeld,
  place,
  placedAtVenue,
  prepare,
  venueCanceled,
} from './story.ts';

const bank = useBank();
const minute = 60_000;
const at = (minutes: number) => new Date(marketTime.getTime() + minutes * minute);
let id = '';

/** On the venue after 1 minute, filled in parts after 2 and 3, canceled after 4, late at 6. */
beforeAll(async () => {
  await prepare(bank);
  id = await place(bank);
  const input = { orderId: id, idempotencyKey: 'stop it' };
  const story: readonly (() => Promise<unknown>)[] = [
    () => bank.deliver(fundsHeld(id), placedAtVenue(id)),
    () => bank.deliver(executed(id, 1, ['3', '49.90'])),
    () => bank.deliver(executed(id, 2, ['2', '50.00'])),
    () => bank.ask(alice, cancelOrder, { input }),
    () => bank.deliver(venueCanceled(id, 2)),
    () => bank.deliver(executed(id, 3, ['1', '50.00'])),
  ];
  for (const [nth, tell] of story.entries()) {
    bank.clock.at = at(nth + 1);
    await tell();
  }
});

const asOf = `query ($id: ID!, $instant: DateTime!) { orderAsOf(id: $id, instant: $instant) {
  status quantity filledQuantity leavesQuantity lateFill updatedAt
  averagePrice { amount } filledValue { amount } fees { total { amount } }
  executions { id } history { nodes { to } } } }`;

const shown = z.object({
  status: z.string(),
  filledQuantity: z.string(),
  lateFill: z.boolean(),
  filledValue: z.object({ amount: z.string() }),
  fees: z.object({ total: z.object({ amount: z.string() }) }),
  executions: z.array(z.object({ id: z.string() })),
  history: z.object({ nodes: z.array(z.object({ to: z.string() })) }),
});

async function asOfInstant(instant: Date, viewer = alice) {
  const { data, errors } = await bank.ask(viewer, asOf, { id, instant: instant.toISOString() });
  expect(errors).toEqual([]);
  if (data?.['orderAsOf'] === null) return null;
  const order = shown.parse(data?.['orderAsOf']);
  const { status, filledQuantity, lateFill, filledValue, fees, executions, history } = order;
  const money = [filledValue.amount, fees.total.amount];
  return [status, filledQuantity, ...money, executions.length, history.nodes.length, lateFill];
}

describe('an order as it was', () => {
  test.each<readonly [number, readonly unknown[]]>([
    [0, ['RESERVING', '0', '0.00', '0.00', 0, 1, false]],
    [1, ['PLACED', '0', '0.00', '0.00', 0, 3, false]],
    [1.5, ['PLACED', '0', '0.00', '0.00', 0, 3, false]],
    [2, ['PARTIALLY_FILLED', '3', '149.70', '0.15', 1, 4, false]],
    [3, ['PARTIALLY_FILLED', '5', '249.70', '0.25', 2, 5, false]],
    [4, ['CANCEL_PENDING', '5', '249.70', '0.25', 2, 6, false]],
    [5, ['CANCELED', '5', '249.70', '0.25', 2, 7, false]],
    [6, ['CANCELED', '6', '299.70', '0.30', 3, 8, true]],
    [9_999, ['CANCELED', '6', '299.70', '0.30', 3, 8, true]],
  ])('after %s minutes', async (minutes, expected) => {
    expect(await asOfInstant(at(minutes))).toEqual(expected);
  });

  test('is nothing before it existed, and nothing for others', async () => {
    expect(await asOfInstant(new Date(marketTime.getTime() - 1))).toBeNull();
    expect(await asOfInstant(at(9), bob)).toBeNull();
  });
});

const lines = `query ($id: ID!, $first: Int, $after: String) { order(id: $id) {
  history(first: $first, after: $after) {
    edges { cursor } pageInfo { hasNextPage endCursor }
    nodes { sequence event from to code cumulativeQuantity leavesQuantity occurredAt
      execution { id value { amount } late } } } } }`;
const linesShape = z.object({
  order: z.object({
    history: z.object({
      edges: z.array(z.object({ cursor: z.string() })),
      nodes: z.array(z.object({ sequence: z.number(), event: z.string() }).loose()),
      pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullable() }),
    }),
  }),
});

test('its history tells each line once, page by page, oldest first', async () => {
  const seen: Record<string, unknown>[] = [];
  let after: string | null = null;
  for (const hasNextPage of [true, true, false]) {
    const { data } = await bank.ask(alice, lines, { id, first: 3, after });
    const { history } = linesShape.parse(data).order;
    seen.push(...history.nodes);
    expect(history.pageInfo.hasNextPage).toBe(hasNextPage);
    after = history.pageInfo.endCursor;
  }
  expect(seen.map(({ sequence, event }) => `${sequence} ${event}`)).toEqual([
    '1 CREATED',
    '2 RESERVED',
    '3 PLACED',
    '4 EXECUTED',
    '5 EXECUTED',
    '6 CANCEL_ASKED',
    '7 VENUE_CANCELED',
    '8 EXECUTED',
  ]);
  expect(seen[0]).toMatchObject({ from: null, to: 'RESERVING', execution: null });
  expect(seen[7]).toEqual({
    sequence: 8,
    event: 'EXECUTED',
    from: 'CANCELED',
    to: 'CANCELED',
    code: null,
    cumulativeQuantity: '6',
    leavesQuantity: '4',
    occurredAt: at(6).toISOString(),
    execution: { id: `${id}-3`, value: { amount: '50.00' }, late: true },
  });
});

test.each([
  ['first', { first: 0 }],
  ['first', { first: 101 }],
  ['after', { after: 'x' }],
])('a page of history out of bounds is an error that names %s', async (field, change) => {
  const { errors } = await bank.ask(alice, lines, { id, ...change });
  expect(errors.map(({ extensions }) => extensions)).toEqual([{ code: 'BAD_INPUT', field }]);
});

describe('the database itself replays every history', () => {
  let admin: Database;
  beforeAll(() => {
    admin = openDatabase(bank.adminUrl, 1);
  });
  afterAll(() => admin.$disconnect());
  const drift = async () =>
    (await admin.$queryRaw<{ order_id: string }[]>`SELECT * FROM order_differs_from_history`).map(
      (row) => row.order_id,
    );

  test('and finds no order that differs, though it finds each one that is made to', async () => {
    expect(await drift()).toEqual([]);
    const changes = [
      'filled_gross = filled_gross + 0.000001',
      'filled_value = filled_value + 0.01',
      'commission_fee = commission_fee - 0.01',
      'executions = executions + 1',
      'late_fill = false',
      `code = 'VENUE_FAILED'`,
      `venue_order_id = 'V-other'`,
      `status = 'EXPIRED'`,
      `updated_at = updated_at + interval '1 ms'`,
    ];
    await admin.$executeRawUnsafe('SET session_replication_role = replica');
    for (const change of changes) {
      const [column = ''] = change.split(' =');
      const before = await admin.order.findUniqueOrThrow({ where: { id } });
      await admin.$executeRawUnsafe(`UPDATE "order" SET ${change} WHERE id = '${id}'`);
      expect([column, await drift()]).toEqual([column, [id]]);
      await admin.order.update({ where: { id }, data: before });
    }
    await admin.$executeRawUnsafe('SET session_replication_role = origin');
    expect(await drift()).toEqual([]);
  });
});
