import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { BankClient } from '../../tools/bank/client.ts';
import { deposit } from '../../tools/bank/customer.ts';
import { orderEnds, placeOrder } from '../../tools/bank/trading.ts';
import { type Answer, type Follow, overSse, overWebSocket } from './followers.ts';
import { type Investor, newInvestor } from './people.ts';
import { startWholeBank, type WholeBank } from './whole-bank.ts';

let bank: WholeBank;
beforeAll(async () => {
  bank = await startWholeBank();
}, 60_000);
afterAll(() => bank?.close());

const protocols: readonly (readonly [string, Follow])[] = [
  ['WebSocket', overWebSocket],
  ['server-sent events', overSse],
];

const updatesText = `subscription ($accountId: ID!, $after: String) {
  orderUpdates(accountId: $accountId, after: $after) {
    cursor line { sequence to } order { id asset { symbol } } } }`;
const update = z.object({
  orderUpdates: z.object({
    cursor: z.string(),
    line: z.object({ sequence: z.number(), to: z.string() }),
    order: z.object({ id: z.string(), asset: z.object({ symbol: z.string() }) }),
  }),
});

const nowText = `query ($accountId: ID!) { orderUpdatesSince(accountId: $accountId) { cursor } }`;
async function cursorOf({ door, accountId }: Investor): Promise<string> {
  type Seen = { readonly orderUpdatesSince: { readonly cursor: string } };
  return (await door.ask<Seen>(nowText, { accountId })).orderUpdatesSince.cursor;
}

/** Every line of every order of the account, as the orders themselves tell them. */
async function linesOf({ door, accountId }: Investor): Promise<string[]> {
  const text = `query ($accountId: ID!) { account(id: $accountId) { ordersPage(first: 100) { nodes {
    id history(first: 100) { nodes { sequence } } } } } }`;
  type Order = { id: string; history: { nodes: { sequence: number }[] } };
  type Seen = { account: { ordersPage: { nodes: Order[] } } };
  const { account } = await door.ask<Seen>(text, { accountId });
  return account.ordersPage.nodes.flatMap(({ id, history }) =>
    history.nodes.map(({ sequence }) => `${id} ${String(sequence).padStart(3, '0')}`),
  );
}

const ordersCount = 26;
const cutEvery = 7;

/** What the last order buys, and no other. */
const lastSymbol = 'DEF';

const buy = ({ door, accountId }: Investor, assetId: string, idempotencyKey: string) =>
  placeOrder(door, {
    ...{ accountId, assetId, side: 'BUY', type: 'MARKET', quantity: '0.1' },
    idempotencyKey,
  });

/** Trades until every order has ended, and places one more that shows where to stop. */
async function trade(investor: Investor): Promise<string[]> {
  const wishes = Array.from({ length: ordersCount }, (_, nth) => buy(investor, 'ABC', `${nth}`));
  for (const { id } of await Promise.all(wishes)) await orderEnds(investor.door, { id });
  const lines = await linesOf(investor);
  await buy(investor, lastSymbol, 'the last');
  return lines;
}

/** Follows until the last order is told of, and loses its connection again and again. */
async function followThroughCuts(investor: Investor, follow: Follow, from: string) {
  const told: string[] = [];
  let after = from;
  for (let cuts = 0; ; cuts += 1) {
    const variables = { accountId: investor.accountId, after };
    for await (const { data, errors } of follow(investor.door, { query: updatesText, variables })) {
      expect(errors).toBeUndefined();
      const { cursor, line, order } = update.parse(data).orderUpdates;
      if (order.asset.symbol === lastSymbol) return { told, cuts };
      told.push(`${order.id} ${String(line.sequence).padStart(3, '0')}`);
      after = cursor;
      if (told.length % cutEvery === 0) break;
    }
  }
}

describe.each(protocols)('a subscription over %s', (_, follow) => {
  test('that loses its connection again and again has told every line once', async () => {
    const investor = await newInvestor(bank.web, '10000.00');
    const from = await cursorOf(investor);
    const [{ told, cuts }, lines] = await Promise.all([
      followThroughCuts(investor, follow, from),
      trade(investor),
    ]);
    expect(lines.length).toBeGreaterThanOrEqual(100);
    expect(cuts).toBe(Math.floor(lines.length / cutEvery));
    expect(told.toSorted()).toEqual(lines.toSorted());
    for (const id of new Set(told.map((line) => line.slice(0, 36)))) {
      const own = told.filter((line) => line.startsWith(id));
      expect(own).toEqual(own.toSorted());
    }
  }, 60_000);
});

async function first(door: BankClient, query: string, variables: Answered): Promise<Answer> {
  for await (const answer of overSse(door, { query, variables })) return answer;
  throw new Error('nothing was told');
}
type Answered = Readonly<Record<string, unknown>>;

describe('what is told live', () => {
  test('is the activity of an account as it happens, such as a deposit', async () => {
    const investor = await newInvestor(bank.web, '10.00');
    const { door, accountId } = investor;
    const text = `subscription ($accountId: ID!, $after: String) {
      accountActivity(accountId: $accountId, after: $after) {
        activity { kind amount { amount } } account { id name } } }`;
    const nowText = `query ($accountId: ID!) { accountActivitySince(accountId: $accountId) {
      cursor } }`;
    type Seen = { readonly accountActivitySince: { readonly cursor: string } };
    const { accountActivitySince } = await door.ask<Seen>(nowText, { accountId });
    const variables = { accountId, after: accountActivitySince.cursor };
    const [answer] = await Promise.all([
      first(door, text, variables),
      deposit(door, { accountId, amount: '7.00', key: 'seven' }),
    ]);
    expect(answer.data?.['accountActivity']).toEqual({
      activity: { kind: 'DEPOSIT', amount: { amount: '7.00' } },
      account: { id: accountId, name: 'Main' },
    });
  }, 30_000);

  test('is what assets cost, to whoever asks', async () => {
    const text = `subscription { quotes(assetIds: ["ABC", "DEF"]) { symbol price } }`;
    const { data } = await first(bank.web, text, {});
    expect(data?.['quotes']).toEqual([
      { symbol: 'ABC', price: expect.stringMatching(/^\d+\.\d+$/) },
      { symbol: 'DEF', price: expect.stringMatching(/^\d+\.\d+$/) },
    ]);
  });

  test("is never of another customer's account: it does not exist for them", async () => {
    const [owner, other] = [
      await newInvestor(bank.web, '1.00'),
      await newInvestor(bank.web, '1.00'),
    ];
    for (const text of [
      updatesText,
      `subscription ($accountId: ID!) {
      accountActivity(accountId: $accountId) { cursor } }`,
    ]) {
      const answer = await first(other.door, text, { accountId: owner.accountId });
      expect(answer.data ?? null).toBeNull();
      expect(answer.errors?.map(({ extensions }) => extensions?.code)).toEqual(['NOT_FOUND']);
      const nobody = await first(bank.web, text, { accountId: owner.accountId });
      expect(nobody.errors?.[0]?.extensions?.code).toBe('UNAUTHENTICATED');
    }
  }, 30_000);
});
