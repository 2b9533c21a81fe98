import { clockAt } from '@simplebank/kernel/calendar';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type BankClient, bankClient, waitFor } from '../../tools/bank/client.ts';
import { deposit, signIn, signUp } from '../../tools/bank/customer.ts';
import { openActiveAccount } from '../../tools/bank/onboarding.ts';
import { orderEnds, placeOrder } from '../../tools/bank/trading.ts';
import { closeFeeds, type Feeds, openFeeds } from '../../tools/reconcile/feeds.ts';
import { reconcile } from '../../tools/reconcile/reconcile.ts';
import { embeddedOnly, isDistributed, startWholeBank, type WholeBank } from './whole-bank.ts';

/** The bank lives an hour after an opening, and then an hour after the next one. */
const hourMs = 3_600_000;
const opening = clockAt(new Date()).nextOpen;
const nextOpening = clockAt(opening).nextOpen;
const exDate = nextOpening.toISOString().slice(0, 'yyyy-mm-dd'.length);
const credentials = { email: 'ina@example.com', password: 'a-long-enough-secret' };
const legalName = 'Ina Investor';

let bank: WholeBank;
let feeds: Feeds;
let door: BankClient;
let accountId: string;
beforeAll(async () => {
  const now = new Date(opening.getTime() + hourMs);
  vi.useFakeTimers({ toFake: ['Date'], now, shouldAdvanceTime: true });
  bank = await startWholeBank();
  const databases = Object.entries(bank.databases);
  feeds = openFeeds(Object.fromEntries(databases.map(([name, { url }]) => [name, url])));
  await signUp(bank.web, { ...credentials, name: legalName });
  door = await signIn(bank.web, credentials);
  accountId = (await openActiveAccount(door, { legalName, name: 'Main', key: 'open' })).id;
  await deposit(door, { accountId, amount: '5000.00', key: 'deposit' });
});
afterAll(async () => {
  if (feeds) await closeFeeds(feeds);
  await bank?.close();
  vi.useRealTimers();
});

const order = (key: string, wish: Partial<Parameters<typeof placeOrder>[1]>) =>
  placeOrder(door, {
    ...{ accountId, assetId: 'ABC', side: 'BUY', type: 'MARKET', idempotencyKey: key },
    ...wish,
  });

async function announce(command: 'announceSplit' | 'announceDividend', terms: object) {
  const type = command === 'announceSplit' ? 'AnnounceSplit' : 'AnnounceDividend';
  const input = { assetId: 'ABC', exDate, reason: 'told by the issuer', idempotencyKey: command };
  const text = `mutation ($input: ${type}Input!) { ${command}(input: $input) { __typename } }`;
  const answer = await bank.staff.ask(text, { input: { ...input, ...terms } });
  expect(answer).toEqual({ [command]: { __typename: `${type}Success` } });
}

type Seen = {
  account: {
    balances: { posted: { amount: string } };
    holdingsPage: { nodes: { quantity: string; reserved: string; cost: { amount: string } }[] };
    lots: { nodes: { remaining: string; splitChange: string }[] };
    activities: { nodes: { kind: string; amount: { amount: string }; quantity: string }[] };
    ordersPage: { nodes: { side: string; status: string; quantity: string }[] };
  };
};
const see = async () => {
  const text = `query ($id: ID!) { account(id: $id) {
    balances { posted { amount } }
    holdingsPage { nodes { quantity reserved cost { amount } } }
    lots { nodes { remaining splitChange } }
    activities(filter: { kinds: [DIVIDEND, SPLIT] }) {
      nodes { kind amount { amount } symbol quantity } }
    ordersPage { nodes { side status quantity } } } }`;
  return (await door.ask<Seen>(text, { id: accountId })).account;
};

const clockOfTheTest = embeddedOnly('it moves the clock of all processes');
const title = 'a dividend and a split of four for one reach cash, shares, orders and the feed';

test.skipIf(isDistributed)(
  `${title} ${clockOfTheTest}`,
  async () => {
    await orderEnds(door, { id: (await order('buy', { quantity: '3' })).id });
    await waitFor('all bought shares, whatever parts they came in', async () => {
      const seen = await see();
      return seen.holdingsPage.nodes[0]?.quantity === '3' ? true : null;
    });
    const limit = { type: 'LIMIT', limitPrice: '9999.00', timeInForce: 'GTC' } as const;
    await order('keep', { side: 'SELL', quantity: '2', ...limit });
    await announce('announceDividend', { rate: '0.205', payDate: exDate });
    await announce('announceSplit', { numerator: 4, denominator: 1 });
    const before = await waitFor('a reserved sale', async () => {
      const seen = await see();
      return seen.holdingsPage.nodes[0]?.reserved === '2' ? seen : null;
    });
    expect(before.activities.nodes).toEqual([]);

    vi.setSystemTime(new Date(nextOpening.getTime() + hourMs));
    door = await signIn(bankClient(`${bank.urls['web']}/graphql`), credentials);
    const after = await waitFor(
      'the dividend, the split and the order on its new basis',
      async () => {
        const seen = await see();
        const rebased = seen.ordersPage.nodes.some(({ quantity }) => quantity === '8');
        return seen.activities.nodes.length === 2 && rebased ? seen : null;
      },
      { withinMs: 40_000 },
    );
    const cost = before.holdingsPage.nodes[0]?.cost;
    expect(after.holdingsPage.nodes).toEqual([{ quantity: '12', reserved: '8', cost }]);
    // The venue fills in parts as it likes, and every fill is a lot of its own.
    const ofLots = (field: 'remaining' | 'splitChange') =>
      after.lots.nodes.reduce((sum, lot) => sum + Number(lot[field]), 0);
    expect([ofLots('remaining'), ofLots('splitChange')]).toEqual([12, 9]);
    expect([...after.activities.nodes].sort((a, b) => (a.kind < b.kind ? -1 : 1))).toEqual([
      { kind: 'DIVIDEND', amount: { amount: '0.62' }, symbol: 'ABC', quantity: '3' },
      { kind: 'SPLIT', amount: { amount: '0.00' }, symbol: 'ABC', quantity: '9' },
    ]);
    const grown = Number(after.balances.posted.amount) - Number(before.balances.posted.amount);
    expect(grown.toFixed(2)).toBe('0.62');
    await waitFor('a bank without drift', async () => {
      const { drift, inFlight } = await reconcile(feeds, { waitMs: 0 });
      return drift.length + inFlight.length === 0 ? true : null;
    });
  },
  120_000,
);
