import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Bench, openBench } from './bench.ts';
import { anOrder, completed, created, filled } from './builders.ts';
import { stateOf } from './state.ts';

let bench: Bench;
let accountId: string;
let assetId: string;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench.close());
beforeEach(() => {
  accountId = randomUUID();
  assetId = randomUUID();
});

const order = (side: 'BUY' | 'SELL') => anOrder({ accountId, assetId, side });
const state = () => stateOf(bench.sql, accountId);
async function hold(quantity: string, value: string) {
  const buy = order('BUY');
  await bench.deliver(created(buy, quantity), filled(buy, { quantity, value, nth: 1 }));
  await bench.deliver(completed(buy, 1));
}

describe('a late sale', () => {
  test('takes shares that nobody has reserved', async () => {
    await hold('10', '1000');
    const sale = order('SELL');
    await bench.deliver(created(sale, '4'), completed(sale, 0));
    await bench.deliver(filled(sale, { quantity: '4', value: '400', nth: 1, late: true }));
    await bench.deliver(completed(sale, 1));
    const { positions, reservations } = await state();
    expect(positions).toEqual([{ quantity: '6', reserved: '0', cost: '600' }]);
    expect(reservations).toEqual([{ quantity: '4', consumed: '4', released: '0', state: 'ENDED' }]);
  });

  test('without enough free shares leaves the missing ones to the house', async () => {
    await hold('10', '1000');
    const late = order('SELL');
    await bench.deliver(created(late, '4'), completed(late, 0));
    const other = order('SELL');
    await bench.deliver(created(other, '9'));
    await bench.deliver(
      filled(late, { quantity: '4', value: '401', fee: '1', nth: 1, late: true }),
    );
    const { positions, matches } = await state();
    expect(positions).toEqual([{ quantity: '9', reserved: '9', cost: '900' }]);
    expect(matches).toMatchObject([{ quantity: '1', proceeds: '100.25', sale_fee: '0.25' }]);
    const { rows } = await bench.sql.query(
      `SELECT trim_scale(quantity)::text AS quantity, trim_scale(value)::text AS value,
              trim_scale(fee)::text AS fee
       FROM missing_shares WHERE account_id = $1`,
      [accountId],
    );
    expect(rows).toEqual([{ quantity: '3', value: '300.75', fee: '0.75' }]);
  });
});

test('a buy that comes after a sale of younger shares puts the lots in order again', async () => {
  const old = order('BUY');
  const young = order('BUY');
  const sale = order('SELL');
  const day = (text: string) => new Date(`${text}T15:00:00.000Z`);
  await bench.deliver(
    filled(young, { quantity: '5', value: '100', nth: 1, at: day('2026-11-20') }),
    created(sale, '5'),
  );
  await bench.deliver(
    filled(sale, { quantity: '5', value: '150', nth: 1, at: day('2026-11-23') }),
    completed(sale, 1),
  );
  await bench.deliver(filled(old, { quantity: '5', value: '50', nth: 1, at: day('2026-11-19') }));
  const { positions, matches } = await state();
  expect(positions).toEqual([{ quantity: '5', reserved: '0', cost: '100' }]);
  expect(matches).toMatchObject([{ lot: `${old.orderId}-1`, cost: '50', net_gain: '100' }]);
  const { rows } = await bench.sql.query(
    `SELECT count(*)::int AS rows, sum(cost)::int AS cost FROM lot_match
     WHERE order_id = $1`,
    [sale.orderId],
  );
  expect(rows).toEqual([{ rows: 3, cost: 50 }]);
});
