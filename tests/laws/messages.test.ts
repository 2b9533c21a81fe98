import { createChance } from '@simplebank/testkit/chance';
import { eventually } from '@simplebank/testkit/eventually';
import { afterEach, expect, test } from 'vitest';
import { placeOrder, type SeenOrder, seeOrder } from '../../tools/bank/trading.ts';
import { closeFeeds, openFeeds } from '../../tools/reconcile/feeds.ts';
import { reconcile } from '../../tools/reconcile/reconcile.ts';
import { newInvestor } from '../e2e/people.ts';
import { startWholeBank, type WholeBank } from '../e2e/whole-bank.ts';
import { allOrders, booksFrom, booksOf } from '../support/books.ts';

const deposited = '5000.00';
const ordersEach = 14;
const finals = ['FILLED', 'CANCELED', 'EXPIRED', 'REJECTED', 'FAILED'];

let bank: WholeBank | null = null;
afterEach(async () => {
  await bank?.close();
  bank = null;
});

type Wish = Omit<Parameters<typeof placeOrder>[1], 'accountId' | 'idempotencyKey'>;

/** Buys and sales, some for more than there is, some at a price that does not come. */
function wishesOf(chance: () => number): readonly Wish[] {
  const pick = <T>(values: readonly T[]): T => values[Math.floor(chance() * values.length)] as T;
  return Array.from({ length: ordersEach }, (): Wish => {
    const assetId = pick(['ABC', 'MSFT']);
    const side = pick(['BUY', 'BUY', 'SELL'] as const);
    const quantity = pick(['0.25', '1', '2.5', '3', '40']);
    const market = { assetId, side, quantity, type: 'MARKET' } as const;
    const limitPrice = side === 'BUY' ? '1.00' : '9000.00';
    return chance() < 0.2 ? { ...market, type: 'LIMIT', limitPrice } : market;
  });
}

const cancelText = `mutation($input: CancelOrderInput!) { cancelOrder(input: $input) {
  __typename } }`;

/** Law 6 for orders, accounts, holdings and market together; law 10 at the end. */
test.each([1, 2, 3])(
  'law 6: messages shuffled by seed %d and told twice end in books that agree',
  async (seed) => {
    bank = await startWholeBank({ seed: seed * 1_000, copies: 2 });
    const { door, accountId } = await newInvestor(bank.web, deposited);
    const chance = createChance(seed);
    const placed: SeenOrder[] = [];
    for (const [nth, wish] of wishesOf(chance).entries()) {
      placed.push(await placeOrder(door, { ...wish, accountId, idempotencyKey: `order-${nth}` }));
      const asked = placed[Math.floor(chance() * placed.length)];
      if (chance() < 0.3 && asked) {
        const input = { orderId: asked.id, idempotencyKey: `cancel-${nth}` };
        await door.ask(cancelText, { input });
      }
    }
    for (const { id } of placed) {
      const input = { orderId: id, idempotencyKey: `end-${id}` };
      await door.ask(cancelText, { input });
    }
    await eventually(
      async () => {
        const seen = await Promise.all(placed.map(({ id }) => seeOrder(door, id)));
        expect(seen.filter((order) => !finals.includes(order?.status ?? ''))).toEqual([]);
      },
      { withinMs: 60_000 },
    );
    const expected = booksFrom(await allOrders(door, accountId), deposited);
    await eventually(async () => expect(await booksOf(door, accountId)).toEqual(expected), {
      withinMs: 30_000,
    });
    const urls = Object.entries(bank.databases).map(([name, { url }]) => [name, url]);
    const feeds = openFeeds(Object.fromEntries(urls));
    const report = await reconcile(feeds, { waitMs: 15_000 });
    await closeFeeds(feeds);
    expect(report.drift).toEqual([]);
    expect(report.checked.orders).toBe(ordersEach);
  },
  180_000,
);
