import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { fullStateOf, toldOf } from './actions-state.ts';
import { type Bench, openBench } from './bench.ts';
import { anOrder, completed, created, dividend, filled, split, toldAt } from './builders.ts';
import { publishedFor } from './state.ts';

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
const fillOf = (of: ReturnType<typeof order>, day: string, quantity: string) =>
  filled(of, { quantity, value: '100', nth: 1, at: new Date(`${day}T15:00:00.000Z`) });
const buy = (day: string, quantity: string) => bench.deliver(fillOf(order('BUY'), day, quantity));
const state = () => fullStateOf(bench.sql, accountId);

test('four for one: shares, lots and reservations follow, costs stay, it is told', async () => {
  await buy('2026-11-20', '3');
  const sale = order('SELL');
  await bench.deliver(toldAt(created(sale, '2'), '2026-11-20T16:00:00.000Z'));
  const told = split(assetId, '2026-11-23', '4/1');
  await bench.deliver(told);
  await bench.deliver(told);
  expect(await state()).toMatchObject({
    positions: [{ quantity: '12', reserved: '8', cost: '100' }],
    lots: [{ remaining: '12', remaining_cost: '100' }],
    reservations: [{ quantity: '8', consumed: '0', released: '0', state: 'RESERVED' }],
    actions: [{ quantity: '3', after: '12' }],
  });
  const events = await publishedFor(bench.sql, accountId);
  expect(events.map(({ type }) => type).slice(-2)).toEqual([
    'holdings.position-split.v1',
    'holdings.position-changed.v1',
  ]);
  await bench.deliver(fillOf(sale, '2026-11-23', '8'));
  await bench.deliver(toldAt(completed(sale, 1), '2026-11-23T16:00:00.000Z'));
  expect(await state()).toMatchObject({
    positions: [{ quantity: '4', reserved: '0' }],
    reservations: [{ quantity: '8', consumed: '8', released: '0', state: 'ENDED' }],
  });
});

test('an execution from before a dividend corrects what is due, in its next version', async () => {
  await buy('2026-11-20', '10');
  await bench.deliver(dividend(assetId, '2026-11-23', '0.205'));
  await buy('2026-11-23', '5');
  await buy('2026-11-20', '10');
  const told = await toldOf(bench.sql, accountId);
  expect(told).toMatchObject([
    { aggregateVersion: 2, payload: { quantity: '20', amount: '4.1', payDate: '2026-11-28' } },
  ]);
});

test('a dividend that rounds to nothing is recorded, and nobody is told', async () => {
  await buy('2026-11-20', '0.02');
  await bench.deliver(dividend(assetId, '2026-11-23', '0.205'));
  expect((await state()).actions).toMatchObject([{ quantity: '0.02', amount: '0' }]);
  expect(await toldOf(bench.sql, accountId)).toEqual([]);
});

test('a late sale from before a split takes what is free of the shares of that time', async () => {
  await buy('2026-11-20', '5');
  const kept = order('SELL');
  await bench.deliver(split(assetId, '2026-11-23', '2/1'));
  await bench.deliver(toldAt(created(kept, '7'), '2026-11-23T16:00:00.000Z'));
  const gone = order('SELL');
  await bench.deliver(toldAt(created(gone, '1'), '2026-11-19T16:00:00.000Z'));
  await bench.deliver(toldAt(completed(gone, 0), '2026-11-19T17:00:00.000Z'));
  const late = fillOf(gone, '2026-11-20', '2');
  await bench.deliver({ ...late, payload: { ...late.payload, late: true } });
  const { rows } = await bench.sql.query(
    'SELECT trim_scale(quantity)::text AS quantity FROM missing_shares WHERE account_id = $1',
    [accountId],
  );
  expect(rows).toEqual([{ quantity: '0.5' }]);
  expect((await state()).positions).toEqual([{ quantity: '7', reserved: '7', cost: '70' }]);
});

test('sold too many as a split was told late: the house finds them, nobody is short', async () => {
  await buy('2026-11-20', '9');
  const [sold, open] = [order('SELL'), order('SELL')];
  await bench.deliver(toldAt(created(sold, '4'), '2026-11-23T15:00:00.000Z'));
  await bench.deliver(fillOf(sold, '2026-11-23', '4'));
  await bench.deliver(toldAt(created(open, '5'), '2026-11-23T16:00:00.000Z'));
  await bench.deliver(split(assetId, '2026-11-23', '1/3'));
  expect((await state()).positions).toEqual([{ quantity: '0', reserved: '0', cost: '0' }]);
  await bench.deliver(toldAt(completed(open, 0), '2026-11-23T17:00:00.000Z'));
  const { rows } = await bench.sql.query(
    `SELECT trim_scale(quantity)::text AS quantity FROM missing_shares WHERE account_id = $1`,
    [accountId],
  );
  expect(rows).toEqual([{ quantity: '1' }]);
});

test('more holders than one transaction takes are carried out by the job, each once', async () => {
  const holders = Array.from({ length: 130 }, () => randomUUID());
  const buys = holders.map((holder) =>
    fillOf(anOrder({ accountId: holder, assetId, side: 'BUY' }), '2026-11-20', '2'),
  );
  await bench.deliver(...buys);
  await bench.deliver(split(assetId, '2026-11-23', '3/2'));
  const splitSoFar = async () => {
    const { rows } = await bench.sql.query(
      `SELECT count(*)::int AS count FROM position WHERE asset_id = $1 AND quantity = 3`,
      [assetId],
    );
    return rows[0].count;
  };
  expect(await splitSoFar()).toBe(100);
  const [last = ''] = [...holders].sort().slice(-1);
  await bench.deliver(
    fillOf(anOrder({ accountId: last, assetId, side: 'BUY' }), '2026-11-23', '1'),
  );
  expect((await fullStateOf(bench.sql, last)).positions[0]).toMatchObject({ quantity: '4' });
  await bench.app.worker.start();
  await expect.poll(splitSoFar, { timeout: 10_000 }).toBe(129);
  await bench.app.worker.close();
});

test('the database keeps actions, their floors and their versions', async () => {
  await buy('2026-11-20', '1');
  await bench.deliver(split(assetId, '2026-11-23', '1/3'));
  const mine = `account_id = '${accountId}'`;
  const refused = (statement: string) => expect(bench.sql.query(statement)).rejects;
  const change = (set: string) => refused(`UPDATE position_action SET ${set} WHERE ${mine}`);
  await change('quantity_after = 0.333333334, version = 2').toThrow(/split .* is not/);
  await change('quantity = 4, quantity_after = 1.333333333').toThrow(/by its next version/);
  await refused(`DELETE FROM position_action WHERE ${mine}`).toThrow(/append-only/);
  await refused('UPDATE corporate_action SET numerator = 2').toThrow(/append-only/);
  await refused(`INSERT INTO position_action SELECT action_id, account_id, asset_id, quantity,
    quantity_after, amount, 1, updated_at FROM position_action WHERE ${mine}`).toThrow(/pkey/);
  await refused(`UPDATE lot_split SET quantity_after = 1 WHERE lot_id IN (
    SELECT id FROM lot WHERE ${mine})`).toThrow(/is not changed by its splits/);
  await refused(`UPDATE lot SET remaining = 1 WHERE ${mine}`).toThrow(
    /its lots hold|lot_remaining/,
  );
});
