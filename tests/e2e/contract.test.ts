import { afterAll, beforeAll, expect, test } from 'vitest';
import { orderEnds, placeOrder } from '../../tools/bank/trading.ts';
import { type Investor, newInvestor } from './people.ts';
import { startWholeBank, type WholeBank } from './whole-bank.ts';

let bank: WholeBank;
let ina: Investor;

beforeAll(async () => {
  bank = await startWholeBank();
  ina = await newInvestor(bank.web, '5000.00');
  const wish = { accountId: ina.accountId, assetId: 'AAPL', side: 'BUY', type: 'MARKET' } as const;
  const { id } = await placeOrder(ina.door, { ...wish, quantity: '3', idempotencyKey: 'buy' });
  await orderEnds(ina.door, { id });
});
afterAll(() => bank?.close());

const fixedText = `{ accounts { id name
  orders { id status quantity asset { id name type price } }
  currentHoldings { quantity asset { id name type price } } } }`;

const apple = {
  id: expect.any(String),
  name: 'AAPL Inc.',
  type: 'STOCK',
  price: expect.any(String),
};

test('accounts answers with orders, holdings and their assets from five contexts', async () => {
  await expect
    .poll(() => ina.door.ask(fixedText))
    .toEqual({
      accounts: [
        {
          id: ina.accountId,
          name: 'Main',
          orders: [{ id: expect.any(String), status: 'FILLED', quantity: '3', asset: apple }],
          currentHoldings: [{ quantity: '3', asset: apple }],
        },
      ],
    });
});

test('an account of another customer does not exist for a stranger', async () => {
  const stranger = await newInvestor(bank.web, '1.00');
  const text = 'query($id: ID!) { account(id: $id) { id orders { id } } }';
  expect(await stranger.door.ask(text, { id: ina.accountId })).toEqual({ account: null });
});

test('shares are sold by REST, and holdings are listed', async () => {
  const base = ina.door.url.replace('/graphql', '');
  const authorization = ina.door.headers['authorization'] ?? '';
  const response = await fetch(`${base}/shares/sell`, {
    method: 'POST',
    headers: { authorization, 'content-type': 'application/json', 'idempotency-key': 'rest-sale' },
    body: JSON.stringify({ accountId: ina.accountId, symbol: 'AAPL', quantity: '1' }),
  });
  const sold = await response.json();
  expect({ status: response.status, sold }).toEqual({
    status: 200,
    sold: { ok: `sell order ${sold.orderId} placed`, orderId: sold.orderId, status: 'RESERVING' },
  });
  await orderEnds(ina.door, { id: sold.orderId });

  const listed = async () => {
    const answer = await fetch(`${base}/holdings`, { headers: { authorization } });
    return (await answer.json()).map(({ quantity }: { quantity: string }) => quantity);
  };
  await expect.poll(listed).toEqual(['2']);
});
