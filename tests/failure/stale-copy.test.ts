import { eventually } from '@simplebank/testkit/eventually';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { orderEnds, placeOrder } from '../../tools/bank/trading.ts';
import { type EmbeddedBank, startEmbedded } from '../e2e/bank/embedded.ts';
import { type Investor, newInvestor } from '../e2e/people.ts';
import { type Damage, damage } from '../ops/support/damage.ts';
import { allOrders, booksFrom, booksOf } from '../support/books.ts';
import { driftOf } from './support/chaos-proof.ts';

const deposited = '2000.00';
const bookedWithinMs = 30_000;
const forged = { law: 'copies equal their owner', rows: 'true' };

/** Whatever a context keeps about what another one has: each says a thousand times too much. */
const lies: readonly Damage[] = [
  {
    ...{ ...forged, what: 'cash as it is valued', context: 'holdings', table: 'cash_fact' },
    set: 'amount = amount * 1000',
  },
  {
    ...{
      ...forged,
      what: 'shares, known to close',
      context: 'accounts',
      table: 'account_position',
    },
    set: 'quantity = quantity * 1000',
  },
  {
    ...{ ...forged, what: 'shares, known to rebalance', context: 'strategies', table: 'position' },
    set: 'quantity = quantity * 1000',
  },
];

let bank: EmbeddedBank;
let investor: Investor;

const place = (wish: Partial<Parameters<typeof placeOrder>[1]> & { idempotencyKey: string }) =>
  placeOrder(investor.door, {
    ...{ accountId: investor.accountId, assetId: 'ABC', side: 'BUY', type: 'MARKET' },
    ...wish,
  });

/** Accounts and holdings have booked all that orders tells of. */
const booked = async () => {
  const { door, accountId } = investor;
  const expected = booksFrom(await allOrders(door, accountId), deposited);
  await eventually(async () => expect(await booksOf(door, accountId)).toEqual(expected), {
    withinMs: bookedWithinMs,
  });
};
const drift = () => {
  const named = Object.entries(bank.databases).filter(([name]) => name !== 'venue');
  return driftOf(Object.fromEntries(named.map(([name, { url }]) => [name, url])));
};

beforeAll(async () => {
  bank = await startEmbedded();
  investor = await newInvestor(bank.web, deposited);
  await orderEnds(investor.door, await place({ quantity: '2', idempotencyKey: 'stock' }));
  await booked();
  // The copies of the shares have come, too.
  expect(await drift()).toBe(0);
}, 120_000);
afterAll(() => bank?.close());

test('what only a copy says is there buys and sells nothing: the owner refuses', async () => {
  const restores: (() => Promise<unknown>)[] = [];
  for (const lie of lies) restores.push(await damage(bank, lie));
  const dear = await place({ amount: '100000.00', idempotencyKey: 'beyond the cash' });
  const many = await place({ side: 'SELL', quantity: '3', idempotencyKey: 'beyond the shares' });
  const ends = [
    await orderEnds(investor.door, { id: dear.id, as: 'REJECTED' }),
    await orderEnds(investor.door, { id: many.id, as: 'REJECTED' }),
  ];
  expect(ends.map(({ code, filledQuantity }) => [code, filledQuantity])).toEqual([
    ['INSUFFICIENT_FUNDS', '0'],
    ['INSUFFICIENT_POSITION', '0'],
  ]);
  for (const restore of restores) await restore();
  await booked();
  const orders = await allOrders(investor.door, investor.accountId);
  const counts = { accepted: 3, completed: orders.length, lost: 3 - orders.length };
  const doubled = orders.filter(({ status }) => status === 'FILLED').length - 1;
  console.log(`stale copies: ${JSON.stringify({ ...counts, doubled, drift: await drift() })}`);
  expect({ ...counts, doubled }).toEqual({ accepted: 3, completed: 3, lost: 0, doubled: 0 });
});
