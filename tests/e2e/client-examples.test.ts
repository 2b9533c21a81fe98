import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Gateway } from '../../clients/examples/graphql-client.ts';
import { newDevice } from '../../clients/examples/mobile/device.ts';
import { home } from '../../clients/examples/mobile/home.ts';
import { refresh, signIn } from '../../clients/examples/mobile/session.ts';
import { cursorNow, orderUpdates } from '../../clients/examples/web/order-updates.ts';
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

test('the mobile example signs in on its device and opens its first screen by id', async () => {
  const url = `${bank.urls['mobile']}/graphql`;
  const door = { url, device: await newDevice() };
  const first = await signIn(door, ina.credentials);
  const { accessToken } = await refresh(door, first.refreshToken);
  expect(await home({ url, accessToken })).toEqual([
    expect.stringMatching(/^Ina Investor: the market is (open|closed)$/),
    expect.stringMatching(/^Main: \d+\.\d\d available$/),
  ]);
  const stranger = { url, device: await newDevice() };
  await expect(refresh(stranger, first.refreshToken)).rejects.toThrow();
});

test('the live example follows an order to its end, and goes on where it stopped', async () => {
  const account = ina.accountId;
  let after = await cursorNow(web, account);
  const seen: string[] = [];
  const follow = async (until: (status: string) => boolean) => {
    for await (const { cursor, order, line } of orderUpdates(web, { account, after })) {
      after = cursor;
      if (order.symbol === 'DEF') seen.push(line.to);
      if (order.symbol === 'DEF' && until(line.to)) return;
    }
  };
  const wish = { accountId: account, assetId: 'DEF', side: 'BUY', type: 'MARKET' } as const;
  await placeOrder(ina.door, { ...wish, quantity: '1', idempotencyKey: 'live' });
  await follow(() => true);
  await follow((status) => status === 'FILLED');
  expect([seen[0], seen.at(-1)]).toEqual(['RESERVING', 'FILLED']);
  expect(seen.filter((status) => status === 'FILLED')).toHaveLength(1);
});
