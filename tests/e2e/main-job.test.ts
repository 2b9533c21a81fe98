import { Client } from 'pg';
import { afterEach, describe, expect, test } from 'vitest';
import { type BankClient, waitFor } from '../../tools/bank/client.ts';
import { orderEnds, placeOrder, seeOrder } from '../../tools/bank/trading.ts';
import { allOrders, booksFrom, booksOf } from '../support/books.ts';
import { newInvestor } from './people.ts';
import { embeddedOnly, isDistributed, startWholeBank, type WholeBank } from './whole-bank.ts';

let bank: WholeBank;
afterEach(() => bank?.close());

const queuesOfTheTest = embeddedOnly('its queues shuffle');
const deposited = '20000.00';

const cancelText = `mutation($input: CancelOrderInput!) { cancelOrder(input: $input) {
  __typename ... on CancelOrderRefusal { code } } }`;

/** Buys, sells a part, cancels a waiting order, and is refused twice for what it does not have. */
async function trade(customer: BankClient, accountId: string) {
  const order = (idempotencyKey: string, rest: object) =>
    placeOrder(customer, {
      accountId,
      assetId: 'AAPL',
      side: 'BUY',
      type: 'MARKET',
      idempotencyKey,
      ...rest,
    });
  const buy = await order('buy', { quantity: '12.5' });
  const bought = await orderEnds(customer, { id: buy.id });
  // Holdings hears of the purchase by event; what it has not heard of cannot be sold.
  await waitFor('the shares in holdings', async () =>
    (await booksOf(customer, accountId)).positions['AAPL'] === '12.5' ? true : null,
  );
  const sale = await order('sale', { side: 'SELL', quantity: '5' });
  const sold = await orderEnds(customer, { id: sale.id });

  const low = await order('low', { type: 'LIMIT', quantity: '1', limitPrice: '1.00' });
  await waitFor('the order on the venue', async () =>
    (await seeOrder(customer, low.id))?.status === 'PLACED' ? true : null,
  );
  await customer.ask(cancelText, { input: { orderId: low.id, idempotencyKey: 'cancel' } });
  const canceled = await orderEnds(customer, { id: low.id, as: 'CANCELED' });

  const dear = await order('dear', { type: 'LIMIT', quantity: '100000', limitPrice: '100.00' });
  const poor = await orderEnds(customer, { id: dear.id, as: 'REJECTED' });
  const much = await order('much', { assetId: 'MSFT', side: 'SELL', quantity: '3' });
  const short = await orderEnds(customer, { id: much.id, as: 'REJECTED' });
  return [bought, sold, canceled, poor, short].map(({ status, code, filledQuantity }) => ({
    status,
    code,
    filledQuantity,
  }));
}

async function ask<Row>(context: string, sql: string): Promise<Row[]> {
  const client = new Client({ connectionString: bank.databases[context]?.adminUrl });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

const ended = [
  { status: 'FILLED', code: null, filledQuantity: '12.5' },
  { status: 'FILLED', code: null, filledQuantity: '5' },
  { status: 'CANCELED', code: null, filledQuantity: '0' },
  { status: 'REJECTED', code: 'INSUFFICIENT_FUNDS', filledQuantity: '0' },
  { status: 'REJECTED', code: 'INSUFFICIENT_POSITION', filledQuantity: '0' },
];

async function expectBalancedBooks(customer: BankClient, accountId: string): Promise<void> {
  const orders = await allOrders(customer, accountId);
  const expected = booksFrom(orders, deposited);
  await waitFor('the release of what was held', async () => {
    const { cash, held, reserved } = await booksOf(customer, accountId);
    return held === '0.00' && reserved === '0' && cash === expected.cash ? true : null;
  });
  expect(await booksOf(customer, accountId)).toEqual(expected);
  expect(expected.positions).toEqual({ AAPL: '7.5' });
  expect(
    await ask('accounts', 'SELECT transaction_id FROM entry GROUP BY 1 HAVING sum(amount) <> 0'),
  ).toEqual([]);
  const lots = `SELECT sum(remaining)::text AS remaining FROM lot
    WHERE account_id = '${accountId}'`;
  expect(await ask('holdings', lots)).toEqual([{ remaining: '7.500000000' }]);
}

describe('an order travels through every part of the bank', () => {
  test('buy, sale, cancel and refusals end as told, and the ledger balances', async () => {
    bank = await startWholeBank();
    const { door: customer, accountId } = await newInvestor(bank.web, deposited);
    expect(await trade(customer, accountId)).toEqual(ended);
    await expectBalancedBooks(customer, accountId);
  }, 60_000);

  test.skipIf(isDistributed).each([1, 2, 3])(
    `every event delivered twice and shuffled (seed %i) ends the same ${queuesOfTheTest}`,
    async (seed) => {
      bank = await startWholeBank({ seed, copies: 2 });
      const { door: customer, accountId } = await newInvestor(bank.web, deposited);
      expect(await trade(customer, accountId)).toEqual(ended);
      await expectBalancedBooks(customer, accountId);
    },
    120_000,
  );
});
