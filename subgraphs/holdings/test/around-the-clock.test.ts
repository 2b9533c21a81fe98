import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fullStateOf } from './actions-state.ts';
import { type Bench, openBench } from './bench.ts';
import { anOrder, completed, created, filled, split, toldAt } from './builders.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await openBench({ MARKET_CALENDAR: 'always' });
});
afterAll(() => bench.close());

const friday = new Date('2026-11-20T15:00:00.000Z');
const beforeClose = '2026-11-20T20:59:59.999Z';
const afterClose = '2026-11-20T21:00:00.000Z';

test('after a close sales are asked for in the shares of the next trade date', async () => {
  const [accountId, assetId] = [randomUUID(), randomUUID()];
  const order = (side: 'BUY' | 'SELL') => anOrder({ accountId, assetId, side });
  const [early, late] = [order('SELL'), order('SELL')];
  await bench.deliver(filled(order('BUY'), { quantity: '5', value: '100', nth: 1, at: friday }));
  await bench.deliver(toldAt(created(early, '2'), beforeClose));
  await bench.deliver(split(assetId, '2026-11-23', '4/1'));
  await bench.deliver(toldAt(created(late, '12'), afterClose));
  await bench.deliver(toldAt(completed(early, 0), afterClose));
  const { positions, reservations } = await fullStateOf(bench.sql, accountId);
  expect(positions).toMatchObject([{ quantity: '20', reserved: '12' }]);
  expect(
    reservations.map(({ quantity, released, state }) => [state, quantity, released]).toSorted(),
  ).toEqual([
    ['ENDED', '8', '8'],
    ['RESERVED', '12', '0'],
  ]);
});
