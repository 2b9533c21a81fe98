import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Bench, openBench } from './bench.ts';
import { anOrder, completed, created, filled, opened } from './builders.ts';
import { publishedFor, stateOf } from './state.ts';

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
const told = async () =>
  (await publishedFor(bench.sql, accountId)).map(({ type, aggregateVersion, payload }) =>
    [type.split('.')[1], aggregateVersion, payload.quantity, payload.reserved ?? payload.code]
      .filter((part) => part !== undefined)
      .join(' '),
  );

async function hold(quantity: string, value: string) {
  const buy = order('BUY');
  await bench.deliver(created(buy, quantity), filled(buy, { quantity, value, nth: 1 }));
  await bench.deliver(completed(buy, 1));
}

test('a buy in two executions opens two lots; cost and fee are kept apart', async () => {
  const buy = order('BUY');
  const first = filled(buy, { quantity: '1.5', value: '15.02', fee: '0.02', nth: 1 });
  const second = filled(buy, { quantity: '2.25', value: '22.48', nth: 2 });
  await bench.deliver(created(buy, '3.75'), first, second, first);
  await bench.deliver(second, completed(buy, 2));
  expect(await state()).toEqual({
    positions: [{ quantity: '3.75', reserved: '0', cost: '37.5' }],
    lots: [
      {
        execution_id: `${buy.orderId}-1`,
        remaining: '1.5',
        remaining_cost: '15.02',
        remaining_fee: '0.02',
      },
      {
        execution_id: `${buy.orderId}-2`,
        remaining: '2.25',
        remaining_cost: '22.48',
        remaining_fee: '0',
      },
    ],
    matches: [],
    reservations: [],
  });
  expect(await told()).toEqual(['position-changed 1 3.75 0']);
});

describe('a sale', () => {
  test('reserves, sells a part, and gets the rest back when it ends', async () => {
    await hold('10', '1000');
    const sale = order('SELL');
    await bench.deliver(created(sale, '8'));
    expect((await state()).positions).toEqual([{ quantity: '10', reserved: '8', cost: '1000' }]);
    const part = { quantity: '5', value: '650', fee: '0.65', nth: 1, at: new Date('2027-12-01') };
    await bench.deliver(filled(sale, part));
    expect((await state()).positions).toEqual([{ quantity: '5', reserved: '3', cost: '500' }]);
    await bench.deliver(completed(sale, 1));
    const { positions, matches, reservations } = await state();
    expect(positions).toEqual([{ quantity: '5', reserved: '0', cost: '500' }]);
    expect(reservations).toEqual([{ quantity: '8', consumed: '5', released: '3', state: 'ENDED' }]);
    expect(matches).toMatchObject([
      { quantity: '5', cost: '500', proceeds: '650', net_gain: '149.35', term: 'LONG' },
    ]);
    expect(await told()).toEqual([
      'position-changed 1 10 0',
      'position-reserved 1 8',
      'position-changed 2 10 8',
      'position-changed 3 5 3',
      'position-changed 4 5 0',
    ]);
  });

  test('of more than is free is refused whole, and nothing is set aside', async () => {
    await hold('10', '1000');
    await bench.deliver(created(order('SELL'), '7'));
    await bench.deliver(created(order('SELL'), '3.000000001'), created(order('SELL'), '3'));
    const { positions, reservations } = await state();
    expect(positions).toEqual([{ quantity: '10', reserved: '10', cost: '1000' }]);
    expect(reservations.map((r) => `${r.quantity} ${r.state}`)).toEqual([
      '3 RESERVED',
      '3.000000001 REFUSED',
      '7 RESERVED',
    ]);
    expect(await told()).toContain('position-refused 1 INSUFFICIENT_POSITION');
  });

  test('of an asset that is not held is refused, and makes no position', async () => {
    await bench.deliver(created(order('SELL'), '1'));
    expect((await state()).positions).toEqual([]);
    expect(await told()).toEqual(['position-refused 1 INSUFFICIENT_POSITION']);
  });

  test('out of a frozen account is refused, out of a closing one is not', async () => {
    const account = { accountId, number: '71', ownerIds: [randomUUID()] };
    await hold('2', '20');
    await bench.deliver(opened(account, 'FROZEN', 2), opened(account, 'ACTIVE', 1));
    await bench.deliver(created(order('SELL'), '1'));
    await bench.deliver(opened(account, 'CLOSING', 3));
    await bench.deliver(created(order('SELL'), '1'));
    const answers = (await told()).filter((line) => !line.startsWith('position-changed'));
    expect(answers).toEqual(['position-refused 1 ACCOUNT_STATUS', 'position-reserved 1 1']);
  });

  test('of everything leaves exactly zero, lots included', async () => {
    await hold('0.333333333', '10.01');
    await hold('0.666666667', '20.02');
    const sale = order('SELL');
    await bench.deliver(created(sale, '1'));
    for (const [index, quantity] of ['0.1', '0.7', '0.2'].entries()) {
      await bench.deliver(filled(sale, { quantity, value: '10.00', nth: index + 1 }));
    }
    await bench.deliver(completed(sale, 3));
    const { positions, lots } = await state();
    expect(positions).toEqual([{ quantity: '0', reserved: '0', cost: '0' }]);
    expect(lots.map((lot) => `${lot.remaining} ${lot.remaining_cost}`)).toEqual(['0 0', '0 0']);
  });

  test('that ended before it was seen reserves nothing and is not answered', async () => {
    await hold('10', '1000');
    const sale = order('SELL');
    await bench.deliver(completed(sale, 0));
    await bench.deliver(created(sale, '4'));
    const { positions, reservations } = await state();
    expect(positions).toEqual([{ quantity: '10', reserved: '0', cost: '1000' }]);
    expect(reservations).toEqual([{ quantity: '4', consumed: '0', released: '4', state: 'ENDED' }]);
    expect(await told()).toEqual(['position-changed 1 10 0']);
  });

  test('keeps its reservation until the last execution before its end has come', async () => {
    await hold('10', '1000');
    const sale = order('SELL');
    await bench.deliver(created(sale, '6'), completed(sale, 2));
    expect((await state()).positions).toMatchObject([{ quantity: '10', reserved: '6' }]);
    await bench.deliver(filled(sale, { quantity: '1', value: '100', nth: 2 }));
    expect((await state()).positions).toMatchObject([{ quantity: '9', reserved: '5' }]);
    await bench.deliver(filled(sale, { quantity: '2', value: '200', nth: 1 }));
    expect((await state()).positions).toMatchObject([{ quantity: '7', reserved: '0' }]);
  });
});
