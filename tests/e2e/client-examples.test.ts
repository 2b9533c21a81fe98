import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Gateway } from '../../clients/examples/graphql-client.ts';
import { portfolio } from '../../clients/examples/web/portfolio.ts';
import { waitFor } from '../../tools/bank/client.ts';
import { orderEnds, placeOrder } from '../../tools/bank/trading.ts';
import { type Investor, newInvestor } from './people.ts';
import { startWholeBank, type WholeBank } from './whole-bank.ts';

let bank: WholeBank;
let ina: Investor;
let web: Gateway;
beforeAll(async () => {
  bank = await startWholeBank();
  ina = await newInvestor(bank.web, '5000.00');
  const wish = { accountId: ina.accountId, assetId: 'ABC', side: 'BUY', type: 'MARKET' } as const;
  const { id } = await placeOrder(ina.door, { ...wish, quantity: '2', idempotencyKey: 'buy' });
  await orderEnds(ina.door, { id });
  web = { url: ina.door.url, accessToken: bearerOf(ina.door.headers) };
});
afterAll(() => bank?.close());

const bearerOf = (headers: Readonly<Record<string, string>>) =>
  (headers['authorization'] ?? '').replace('Bearer ', '');

test('the web example shows what an account holds', async () => {
  const lines = await waitFor('both shares on the screen', async () => {
    const shown = await portfolio(web, ina.accountId);
    return shown.some((line) => line.startsWith('2 ABC: ')) ? shown : null;
  });
  expect(lines).toEqual([
    expect.stringMatching(/^Main: \d+\.\d\d available$/),
    expect.stringMatching(/^2 ABC: \d+\.\d\d/),
    expect.stringMatching(/^this year: /),
  ]);
});

test('the web example says in words that an account is not there', async () => {
  expect(await portfolio(web, '999999')).toEqual(['There is no such account.']);
});
