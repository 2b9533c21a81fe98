import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type BankClient, bankClient, waitFor } from '../../tools/bank/client.ts';
import { deposit, signIn, signUp } from '../../tools/bank/customer.ts';
import { openActiveAccount } from '../../tools/bank/onboarding.ts';
import { placeOrder } from '../../tools/bank/trading.ts';
import { allOrders, booksFrom, booksOf } from '../support/books.ts';
import { type EmbeddedBank, startEmbeddedBank } from '../support/embedded-bank.ts';
import { reconcileEmbedded } from '../support/reconcile.ts';

const ordersToPlace = 200;
const killAfter = 100;
const inFlightMax = 20;
const deposited = '1000000.00';
const symbols = ['AAPL', 'MSFT', 'NVDA', 'JPM', 'KO'];
const finals = ['FILLED', 'CANCELED', 'EXPIRED', 'REJECTED', 'FAILED'];
const credentials = { email: 'kay@example.com', password: 'a-password-for-kay' };

let dataDir = '';
let bank: EmbeddedBank;

beforeAll(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'simplebank-kill-'));
});
afterAll(async () => {
  await bank?.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

const wish = (accountId: string, index: number) => ({
  accountId,
  assetId: symbols[index % symbols.length] ?? 'AAPL',
  side: 'BUY' as const,
  type: 'MARKET' as const,
  quantity: String(1 + (index % 7)),
  idempotencyKey: `kill-${index}`,
});

/** Places orders a few at a time; answers how many were accepted before the bank went away. */
async function placeAll(customer: BankClient, accountId: string, onAccepted: () => void) {
  let next = 0;
  let accepted = 0;
  const lane = async () => {
    while (next < ordersToPlace) {
      const index = next++;
      await placeOrder(customer, wish(accountId, index));
      accepted++;
      onAccepted();
    }
  };
  const lanes = await Promise.allSettled(Array.from({ length: inFlightMax }, lane));
  return { accepted, broken: lanes.filter(({ status }) => status === 'rejected').length };
}

async function newCustomer(url: string) {
  const web = bankClient(url);
  const legalName = 'Kay Kill';
  await signUp(web, { ...credentials, name: legalName });
  const customer = await signIn(web, credentials);
  const { id } = await openActiveAccount(customer, {
    legalName,
    name: 'To be killed',
    key: 'open',
  });
  await deposit(customer, { accountId: id, amount: deposited, key: 'deposit' });
  return { customer, accountId: id };
}

test('a bank killed in the middle of 200 orders loses none and doubles none', async () => {
  bank = await startEmbeddedBank(dataDir);
  const { customer, accountId } = await newCustomer(bank.webUrl);

  let seen = 0;
  let killed: Promise<void> | null = null;
  const { accepted, broken } = await placeAll(customer, accountId, () => {
    seen++;
    if (seen === killAfter) killed = bank.kill();
  });
  await killed;
  expect(accepted).toBeGreaterThanOrEqual(killAfter);
  expect(broken).toBeGreaterThan(0);

  bank = await startEmbeddedBank(dataDir);
  const again = await signIn(bankClient(bank.webUrl), credentials);
  expect(await placeAll(again, accountId, () => undefined)).toEqual({
    accepted: ordersToPlace,
    broken: 0,
  });

  const orders = await waitFor(
    'the end of every order',
    async () => {
      const all = await allOrders(again, accountId);
      return all.every(({ status }) => finals.includes(status)) ? all : null;
    },
    { withinMs: 120_000, everyMs: 500 },
  );
  expect(orders).toHaveLength(ordersToPlace);
  expect(new Set(orders.map(({ status }) => status))).toEqual(new Set(['FILLED']));
  const wanted = Array.from({ length: ordersToPlace }, (_, index) => wish(accountId, index));
  expect(orders.map(({ filledQuantity }) => filledQuantity).sort()).toEqual(
    wanted.map(({ quantity }) => quantity).sort(),
  );
  const expected = booksFrom(orders, deposited);
  const booked = await waitFor('the last releases', async () => {
    const books = await booksOf(again, accountId);
    return books.held === '0.00' && books.cash === expected.cash ? books : null;
  });
  expect(booked).toEqual(expected);
  // The whole proof, of every account and between all contexts, by the bank's own command.
  const { code, report } = await reconcileEmbedded(dataDir);
  expect(report.drift).toEqual([]);
  expect(report.checked.orders).toBeGreaterThanOrEqual(ordersToPlace);
  expect(code).toBe(0);
  console.log(
    `accepted before the kill ${accepted}, completed ${orders.length}, lost 0, doubled 0, drift 0`,
  );
}, 400_000);
