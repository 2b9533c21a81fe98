import { createLogger } from '@simplebank/chassis/logging';
import { metrics } from '@simplebank/chassis/metrics';
import type { Part } from '@simplebank/chassis/process';
import { systemClock } from '@simplebank/kernel/clock';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { web } from '../../gateways/web/src/app.ts';
import { type BankClient, bankClient, waitFor } from '../../tools/bank/client.ts';
import { newInvestor } from './people.ts';
import { startWholeBank, type WholeBank } from './whole-bank.ts';

let bank: WholeBank;
let second: string;
const parts: Part[] = [];

/** One more instance of the web gateway, which shares with the first what instances share. */
async function startSecondGateway(): Promise<string> {
  const addresses = Object.fromEntries(
    Object.entries(bank.urls).map(([name, url]) => [`${name.toUpperCase()}_URL`, url]),
  );
  const destination = { write: () => undefined };
  const noQueue = () => Promise.reject(new Error('a gateway has no queue'));
  parts.push(
    ...(await web.build(web.loadConfig({ ...bank.env, ...addresses, WEB_PORT: '0' }), {
      clock: systemClock,
      newId: () => crypto.randomUUID(),
      log: createLogger({ service: 'second', destination }),
      queues: { send: noQueue, consume: noQueue, close: async () => undefined },
      shared: bank.shared,
    })),
  );
  for (const part of parts) await part.start();
  const [door] = parts;
  if (!door || !('url' in door)) throw new Error('the gateway has no door');
  return `${String(door.url)}/graphql`;
}

beforeAll(async () => {
  bank = await startWholeBank();
  second = await startSecondGateway();
}, 120_000);
afterAll(async () => {
  for (const part of parts) await part.close();
  await bank?.close();
});

const succeeds = async (door: BankClient, mutation: string, input: object): Promise<void> => {
  const [field] = /\b\w+(?=\(input: \$input\))/.exec(mutation) ?? [''];
  const answer = await door.ask<Record<string, { __typename: string }>>(mutation, { input });
  expect(answer[field]?.__typename).toMatch(/Success$/);
};

const renameText = `mutation ($input: RenameAccountInput!) {
  renameAccount(input: $input) { __typename } }`;
const depositText = `mutation ($input: CreateDepositInput!) {
  createDeposit(input: $input) { __typename } }`;
const placeText =
  'mutation ($input: PlaceOrderInput!) { placeOrder(input: $input) { __typename } }';
const readText = `mutation ($input: MarkNotificationsReadInput!) {
    markNotificationsRead(input: $input) { __typename } }`;

const screenText = `query ($id: ID!) {
  accounts { id name }
  account(id: $id) {
    name
    payments(first: 100) { nodes { id } }
    ordersPage(first: 100) { nodes { id } }
  }
  unreadCount
}`;
type Screen = {
  readonly accounts: readonly { readonly name: string }[];
  readonly account: {
    readonly name: string;
    readonly payments: { readonly nodes: readonly unknown[] };
    readonly ordersPage: { readonly nodes: readonly unknown[] };
  };
  readonly unreadCount: number;
};
const seen = ({ accounts, account, unreadCount }: Screen) => ({
  names: [accounts[0]?.name, account.name],
  payments: account.payments.nodes.length,
  orders: account.ordersPage.nodes.length,
  unread: unreadCount,
});

test('what a customer changes at one gateway is in their next answer at another', async () => {
  const { door: first, accountId } = await newInvestor(bank.web, '5000.00');
  const doors = [first, bankClient(second, first.headers)] as const;
  const read = async (at: 0 | 1) =>
    seen(await doors[at].ask<Screen>(screenText, { id: accountId }));
  const before = await read(0);
  for (let round = 1; round <= 5; round += 1) {
    // Both have an answer that the change makes wrong.
    await Promise.all([read(0), read(1)]);
    const here = (round % 2) as 0 | 1;
    const there = (1 - here) as 0 | 1;
    const door = doors[here];
    const name = `Name ${round}`;
    await succeeds(door, renameText, { accountId, name });
    expect((await read(there)).names).toEqual([name, name]);
    const idempotencyKey = `round ${round}`;
    await succeeds(door, depositText, { accountId, amount: '10.00', idempotencyKey });
    expect((await read(there)).payments).toBe(before.payments + round);
    const order = { assetId: 'ABC', side: 'BUY', type: 'MARKET', quantity: '1' };
    await succeeds(door, placeText, { accountId, idempotencyKey, ...order });
    expect((await read(there)).orders).toBe(before.orders + round);
    expect((await read(here)).orders).toBe(before.orders + round);
  }
}, 120_000);

test('marking all notifications as read shows none unread at the other gateway', async () => {
  const { door, accountId } = await newInvestor(bank.web, '100.00');
  const other = bankClient(second, door.headers);
  const unread = async (at: BankClient) =>
    (await at.ask<{ unreadCount: number }>('{ unreadCount }')).unreadCount;
  await waitFor('news', async () => ((await unread(other)) > 0 ? accountId : null));
  const { nodes } = (
    await door.ask<{ notifications: { nodes: { id: string }[] } }>(
      '{ notifications(first: 1) { nodes { id } } }',
    )
  ).notifications;
  const before = await unread(other);
  await succeeds(door, readText, { ids: nodes.map(({ id }) => id) });
  // More may have come meanwhile; the one that was read is unread nowhere.
  const text = '{ notifications(first: 100) { nodes { id readAt } } }';
  type News = { notifications: { nodes: { id: string; readAt: string | null }[] } };
  const news = (await other.ask<News>(text)).notifications.nodes;
  expect(news.find(({ id }) => id === nodes[0]?.id)?.readAt).not.toBeNull();
  expect(before).toBeGreaterThan(0);
}, 120_000);

test('what is public is asked of its subgraph once for both gateways', async () => {
  const asked = '{ assets(first: 100) { nodes { id symbol name } } }';
  const kept = async () => {
    const { values } =
      (await metrics.getSingleMetric('simplebank_answer_cache_total')?.get()) ?? {};
    return values?.find(({ labels }) => labels['event'] === 'hit' && labels['service'] === 'web');
  };
  const first = await bankClient(`${bank.urls['web']}/graphql`).ask(asked);
  const hitsBefore = (await kept())?.value ?? 0;
  const second_ = await bankClient(second).ask(asked);
  expect(second_).toEqual(first);
  expect((await kept())?.value ?? 0).toBeGreaterThan(hitsBefore);
});
