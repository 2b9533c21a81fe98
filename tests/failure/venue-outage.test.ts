import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { aVenueProcess, type VenueProcess } from '../../services/market/test/venue-process.ts';
import { type BankClient, bankClient, waitFor } from '../../tools/bank/client.ts';
import { deposit, signIn, signUp } from '../../tools/bank/customer.ts';
import { openActiveAccount } from '../../tools/bank/onboarding.ts';
import { placeOrder } from '../../tools/bank/trading.ts';
import { prepareDatabases } from '../../tools/migrate/databases.ts';
import { allOrders, booksFrom, booksOf } from '../support/books.ts';
import { type EmbeddedBank, startEmbeddedBank } from '../support/embedded-bank.ts';
import { reconcileEmbedded } from '../support/reconcile.ts';
import { startThrowAwayServer, type TestServerHandle } from '../support/test-server.ts';

const ordersToPlace = 200;
const inFlightMax = 10;
const deposited = '1000000.00';
const patience = { withinMs: 120_000, everyMs: 500 };
const symbols = ['AAPL', 'MSFT', 'NVDA', 'JPM', 'KO'];
const credentials = { email: 'vera@example.com', password: 'a-password-for-vera' };

let dataDir = '';
let server: TestServerHandle;
let venueUrl = '';
let venue: VenueProcess;
let bank: EmbeddedBank;

beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'simplebank-venue-'));
  server = await startThrowAwayServer();
  const { adminUrl } = server;
  const passwordOf = (name: string) => `secret-of-${name}`;
  const urls = await prepareDatabases({ adminUrl, contexts: ['venue'], passwordOf });
  venueUrl = urls['venue'] ?? '';
  venue = await aVenueProcess(venueUrl);
});
afterAll(async () => {
  await bank?.stop();
  await venue?.close();
  await server?.close();
  rmSync(dataDir, { recursive: true, force: true });
});

const wish = (accountId: string, index: number) => ({
  accountId,
  assetId: symbols[index % symbols.length] ?? 'AAPL',
  side: 'BUY' as const,
  type: 'MARKET' as const,
  quantity: String(1 + (index % 7)),
  idempotencyKey: `outage-${index}`,
});

async function placeAll(customer: BankClient, accountId: string): Promise<void> {
  let next = 0;
  const lane = async () => {
    while (next < ordersToPlace) await placeOrder(customer, wish(accountId, next++));
  };
  await Promise.all(Array.from({ length: inFlightMax }, lane));
}

async function newCustomer(url: string) {
  const web = bankClient(url);
  const legalName = 'Vera Venue';
  await signUp(web, { ...credentials, name: legalName });
  const customer = await signIn(web, credentials);
  const naming = { legalName, name: 'Away from its market', key: 'open' };
  const { id } = await openActiveAccount(customer, naming);
  await deposit(customer, { accountId: id, amount: deposited, key: 'deposit' });
  return { customer, accountId: id };
}

/** These orders in the venue's own book, asked past the venue. */
async function bookTotals(orders: readonly { readonly id: string }[]) {
  const client = new Client({ connectionString: venueUrl });
  await client.connect();
  const { rows } = await client.query<{ orders: number; shares: string }>(
    `SELECT count(*)::int AS orders, trim_scale(coalesce(sum(filled_quantity), 0))::text AS shares
     FROM book_order WHERE client_id = ANY($1::uuid[])`,
    [orders.map(({ id }) => id)],
  );
  await client.end();
  return rows[0];
}

const statuses = async (customer: BankClient, accountId: string) => [
  ...new Set((await allOrders(customer, accountId)).map(({ status }) => status)),
];

test('200 orders meet a dead venue, the bank dies too, both return: each placed once', async () => {
  await venue.start();
  bank = await startEmbeddedBank(dataDir, venue.marketEnv);
  const { customer, accountId } = await newCustomer(bank.webUrl);

  await venue.kill();
  await placeAll(customer, accountId);
  await waitFor(
    'every order to wait for the venue',
    async () => {
      const seen = await statuses(customer, accountId);
      return seen.length === 1 && seen[0] === 'OPEN' ? seen : null;
    },
    patience,
  );
  const waiting = await allOrders(customer, accountId);
  expect(waiting).toHaveLength(ordersToPlace);
  expect(await bookTotals(waiting)).toEqual({ orders: 0, shares: '0' });

  await bank.kill();
  bank = await startEmbeddedBank(dataDir, venue.marketEnv);
  const again = await signIn(bankClient(bank.webUrl), credentials);
  expect(await statuses(again, accountId)).toEqual(['OPEN']);
  const backAt = performance.now();
  await venue.start();
  const orders = await waitFor(
    'every order to be filled',
    async () => {
      const all = await allOrders(again, accountId);
      return all.every(({ status }) => status === 'FILLED') ? all : null;
    },
    patience,
  );
  const seconds = ((performance.now() - backAt) / 1000).toFixed(1);

  expect(orders).toHaveLength(ordersToPlace);
  const shares = Array.from({ length: ordersToPlace }, (_, n) => 1 + (n % 7));
  const total = String(shares.reduce((sum, quantity) => sum + quantity, 0));
  expect(await bookTotals(orders)).toEqual({ orders: ordersToPlace, shares: total });
  const expected = booksFrom(orders, deposited);
  const booked = await waitFor('the last releases', async () => {
    const books = await booksOf(again, accountId);
    return books.held === '0.00' && books.cash === expected.cash ? books : null;
  });
  expect(booked).toEqual(expected);
  const { code, report } = await reconcileEmbedded(dataDir);
  expect(report.drift).toEqual([]);
  expect(report.checked.orders).toBeGreaterThanOrEqual(ordersToPlace);
  expect(code).toBe(0);
  console.log(
    `filled ${orders.length} within ${seconds} s of the venue's return, lost 0, doubled 0, drift 0`,
  );
}, 400_000);
