import { afterAll, beforeAll, expect, test } from 'vitest';
import { orderEnds, placeOrder } from '../../tools/bank/trading.ts';
import { allOrders } from '../support/books.ts';
import { newInvestor } from './people.ts';
import { startWholeBank, type WholeBank } from './whole-bank.ts';

let bank: WholeBank;
beforeAll(async () => {
  bank = await startWholeBank();
});
afterAll(() => bank?.close());

const submissions = 100;

test('100 identical placeOrder requests with one key make one order', async () => {
  const { door, accountId } = await newInvestor(bank.web, '5000.00');
  const wish = {
    accountId,
    assetId: 'AAPL',
    side: 'BUY',
    type: 'MARKET',
    quantity: '2',
    idempotencyKey: 'one-and-the-same',
  } as const;
  const answers = await Promise.all(
    Array.from({ length: submissions }, () => placeOrder(door, wish)),
  );
  expect(new Set(answers.map(({ id }) => id)).size).toBe(1);
  await orderEnds(door, { id: answers[0]?.id ?? '' });
  expect(await allOrders(door, accountId)).toHaveLength(1);
});

test('the same key with another order is refused, and the first order stays alone', async () => {
  const { door, accountId } = await newInvestor(bank.web, '5000.00');
  const wish = { accountId, assetId: 'AAPL', side: 'BUY', type: 'MARKET', quantity: '1' } as const;
  await placeOrder(door, { ...wish, idempotencyKey: 'mine' });
  await expect(
    placeOrder(door, { ...wish, quantity: '2', idempotencyKey: 'mine' }),
  ).rejects.toThrow('IDEMPOTENCY_KEY_REUSED');
  expect(await allOrders(door, accountId)).toHaveLength(1);
});
