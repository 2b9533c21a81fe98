import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Database, openDatabase } from '../src/data/client.ts';
import { useBank } from './bank.ts';
import { place, prepare } from './story.ts';

/** Around the application, by SQL: a copy of a good order that breaks one rule of domain §3.4. */
const bank = useBank();
let admin: Database;
beforeAll(async () => {
  await prepare(bank);
  admin = openDatabase(bank.adminUrl, 2);
});
afterAll(() => admin.$disconnect());

const byAmount = { quantity: null, amount: 5, trade_value: 5 };

test.each<readonly [string, object]>([
  ['order_limit_price', { type: 'MARKET' }],
  ['order_limit_price', { limit_price: null }],
  ['order_stop_price', { stop_price: 60 }],
  ['order_stop_price', { type: 'STOP_LIMIT' }],
  ['order_prices_positive', { limit_price: 0 }],
  ['order_prices_positive', { type: 'STOP_LIMIT', stop_price: -1 }],
  ['order_amount_buys', { ...byAmount, side: 'SELL', hold_amount: null }],
  ['order_whole_units', { time_in_force: 'GTC', quantity: 0.5 }],
  ['order_whole_units', { ...byAmount, time_in_force: 'IOC' }],
  ['order_at_once', { time_in_force: 'FOK', type: 'STOP_LIMIT', stop_price: 60 }],
  ['order_type', { type: 'TRAILING_STOP', limit_price: null }],
  ['order_time_in_force', { time_in_force: 'OPG' }],
  ['order_size', { amount: 5, trade_value: 5 }],
  ['order_hold', { hold_amount: null }],
  ['order_positive', { venue_price: 0 }],
])('a new order that breaks %s is refused %#', async (constraint, change) => {
  const id = await place(bank);
  const copy = JSON.stringify({ idempotency_key: 'copied', ...change });
  const inserted = admin.$executeRaw`
    INSERT INTO "order" SELECT (jsonb_populate_record(o,
      jsonb_build_object('id', gen_random_uuid()) || ${copy}::jsonb)).*
    FROM "order" o WHERE id = ${id}::uuid`;
  await expect(inserted).rejects.toThrow(constraint);
});

test('choices of a commission plan and audit lines say what the columns allow', async () => {
  const plan = admin.$executeRaw`INSERT INTO account_plan
    VALUES (gen_random_uuid(), 1, 'gold', gen_random_uuid(), 'because', now())`;
  await expect(plan).rejects.toThrow('account_plan_name');
  const resolution = admin.$executeRaw`INSERT INTO order_exception_resolution
    VALUES (gen_random_uuid(), gen_random_uuid(), 'of nothing', now())`;
  await expect(resolution).rejects.toThrow('order_exception_resolution_exception_id_fkey');
});
