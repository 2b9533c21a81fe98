import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Bench, openBench } from './bench.ts';
import { anOrder, completed, created, filled } from './builders.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
  const accountId = randomUUID();
  const assetId = randomUUID();
  const buy = anOrder({ accountId, assetId, side: 'BUY' });
  const sale = anOrder({ accountId, assetId, side: 'SELL' });
  await bench.deliver(
    filled(buy, { quantity: '10', value: '1000', nth: 1 }),
    created(sale, '4'),
    filled(sale, { quantity: '1', value: '110', nth: 1 }),
  );
  const open = anOrder({ accountId, assetId, side: 'SELL' });
  await bench.deliver(completed(sale, 1), created(open, '5'));
});
afterAll(() => bench.close());

/** The constraint that refuses the text, run as one transaction around the application. */
async function refusal(text: string): Promise<string | null> {
  const client = await bench.sql.connect();
  try {
    await client.query('BEGIN');
    await client.query(text);
    await client.query('COMMIT');
    return null;
  } catch (error) {
    await client.query('ROLLBACK');
    const { constraint, message } = error as { constraint?: string; message: string };
    return constraint ?? message;
  } finally {
    client.release();
  }
}

test.each([
  ['UPDATE position SET quantity = 4', 'position_never_short'],
  ['UPDATE position SET reserved = -1', 'position_reserved'],
  ['UPDATE lot SET remaining = -1, remaining_cost = 0', 'lot_remaining'],
  ['UPDATE lot SET remaining = 11', 'lot_remaining'],
  ['UPDATE lot SET remaining_cost = 1001', 'lot_remaining_cost'],
  ['UPDATE lot SET remaining = 0', 'lot_emptied'],
  ["UPDATE reservation SET consumed = 99 WHERE state = 'RESERVED'", 'reservation_parts'],
  ["UPDATE reservation SET state = 'ENDED'", 'reservation_ended'],
])('a row that breaks its own rule is refused: %s', async (text, constraint) => {
  expect(await refusal(text)).toBe(constraint);
});

test.each([
  ['UPDATE position SET quantity = quantity + 1', 'position_equals_lots'],
  ['UPDATE position SET cost = cost - 0.01', 'position_equals_lots'],
  ['DELETE FROM position', 'position_equals_lots'],
  ['UPDATE lot SET remaining = remaining - 1', 'position_equals_lots'],
  [
    `INSERT INTO lot SELECT gen_random_uuid(), account_id, asset_id, sale.order_id,
       sale.execution_id, executed_at, trade_date, 1, 1, 0, 1, 1, 0
     FROM execution AS sale WHERE side = 'SELL'`,
    'position_equals_lots',
  ],
  ['UPDATE position SET reserved = 4', 'position_equals_reservations'],
  [
    "UPDATE reservation SET released = 5, state = 'ENDED' WHERE state = 'RESERVED'",
    'position_equals_reservations',
  ],
  [
    `INSERT INTO reservation SELECT gen_random_uuid(), account_id, asset_id, 1, 0, 0, 'RESERVED',
       null, now() FROM position`,
    'position_equals_reservations',
  ],
])('lots, reservations and position cannot part, whichever is touched: %s', async (text, rule) => {
  expect(await refusal(text)).toBe(rule);
});

test('a change of both sides together passes', async () => {
  const both = `UPDATE lot SET remaining = remaining - 1, remaining_cost = remaining_cost - 1;
    UPDATE position SET quantity = quantity - 1, cost = cost - 1`;
  const back = `UPDATE lot SET remaining = remaining + 1, remaining_cost = remaining_cost + 1;
    UPDATE position SET quantity = quantity + 1, cost = cost + 1`;
  expect([await refusal(both), await refusal(back)]).toEqual([null, null]);
});

test.each(['execution', 'lot_match', 'missing_shares'])('%s is append-only', async (table) => {
  const refused = await Promise.all([
    refusal(`UPDATE ${table} SET quantity = 1`),
    refusal(`DELETE FROM ${table}`),
    refusal(`TRUNCATE ${table} CASCADE`),
  ]);
  expect(refused).toEqual(
    ['UPDATE', 'DELETE', 'TRUNCATE'].map((what) =>
      expect.stringMatching(new RegExp(`is append-only: ${what} refused`)),
    ),
  );
});

test.each([
  'cost = cost + 1',
  'fee = fee + 1',
  "acquired_on = '2020-01-01'",
  'account_id = gen_random_uuid()',
])('what was bought is never rewritten: UPDATE lot SET %s', async (change) => {
  expect(await refusal(`UPDATE lot SET ${change}`)).toMatch(/changes only in what is left/);
});

test('a match is reversed once, and its gain is what its parts say', async () => {
  const columns = `lot_id, order_id, execution_id, method, -quantity, -cost, -buy_fee, -proceeds,
    -sale_fee, -gross_gain, -net_gain, term, matched_at`;
  const reversal = `INSERT INTO lot_match SELECT gen_random_uuid(), id, ${columns} FROM lot_match
    WHERE reverses IS NULL`;
  expect(await refusal(`${reversal}; ${reversal}`)).toBe('lot_match_reverses_key');
  const wrong = `INSERT INTO lot_match SELECT gen_random_uuid(), null, lot_id, order_id,
    execution_id, method, 1, 1, 0, 1, 0, 1, 1, term, matched_at FROM lot_match`;
  expect(await refusal(wrong)).toBe('lot_match_gain');
});

test('the role of the service may not change what is append-only', async () => {
  const role = new pg.Client({ connectionString: bench.roleUrl });
  await role.connect();
  const tries = [
    'UPDATE lot_match SET quantity = 1',
    'DELETE FROM execution',
    'DELETE FROM lot',
    'UPDATE missing_shares SET quantity = 1',
    'DELETE FROM reservation',
    'TRUNCATE position',
  ];
  const codes: string[] = [];
  for (const text of tries) {
    codes.push(
      await role.query(text).then(
        () => 'done',
        ({ code }) => code,
      ),
    );
  }
  await role.end();
  expect(codes).toEqual(tries.map(() => '42501'));
});
