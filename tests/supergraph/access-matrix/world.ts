import { createHash, randomUUID } from 'node:crypto';
import { clockAt } from '@simplebank/kernel/calendar';
import { Client } from 'pg';
import { type BankClient, waitFor } from '../../../tools/bank/client.ts';
import { orderEnds, placeOrder } from '../../../tools/bank/trading.ts';
import { newInvestor } from '../../e2e/people.ts';
import type { WholeBank } from '../../e2e/whole-bank.ts';
import type { Samples } from './question.ts';

export type World = { readonly samples: Samples; readonly people: People };
/** The ids of those whom the bank knows. */
export type People = Readonly<Record<'customer' | 'otherCustomer' | 'staff', string>>;

/** Calls a command and picks the id of what it made. */
async function make(door: BankClient, command: string, input: object): Promise<string> {
  const type = `${command[0]?.toUpperCase()}${command.slice(1)}`;
  const made: Readonly<Record<string, string>> = {
    createStrategy: 'strategy',
    createPlan: 'plan',
    investInStrategy: 'strategyOrder',
    startRebalance: 'rebalanceRun',
    announceDividend: 'action',
    electStrategy: 'account',
  };
  const text = `mutation($input: ${type}Input!) { made: ${command}(input: $input) {
    __typename ... on ${type}Success { thing: ${made[command]} { id } }
    ... on ${type}Refusal { code message } } }`;
  const answer = await door.ask<{ made: { thing?: { id: string } } }>(text, { input });
  const id = answer.made.thing?.id;
  if (!id) throw new Error(`${command} was refused: ${JSON.stringify(answer.made)}`);
  return id;
}

/** What the customer of the matrix has: one thing of each kind that an id can name. */
export async function makeWorld(bank: WholeBank): Promise<World> {
  const [owner, stranger] = await Promise.all([
    newInvestor(bank.web, '5000.00'),
    newInvestor(bank.web, '50.00'),
  ]);
  const { door, accountId } = owner;
  const cursors = await cursorsOf(owner);
  const trades = await tradesOf(owner);
  const strategic = await strategicOf(bank.staff, owner);
  const seen = await waitFor('what the bank has told', () => toldTo(door, accountId));
  await waitFor('the end of all orders', () => isQuiet(door, { accountId, ...strategic }));
  await closeMonth(bank, accountId);
  const exDate = clockAt(new Date(Date.now() + 30 * 86_400_000))
    .nextOpen.toISOString()
    .slice(0, 10);
  const terms = { assetId: 'DEF', exDate, payDate: exDate, rate: '0.10', reason: 'matrix' };
  const actionId = await make(bank.staff, 'announceDividend', { ...terms, idempotencyKey: 'div' });
  const unknown = {
    eventId: randomUUID(),
    noticeId: randomUUID(),
    exceptionId: randomUUID(),
    executionId: randomUUID(),
  };
  return {
    people: {
      customer: seen.customerId,
      otherCustomer: await idOf(stranger.door),
      staff: await idOf(bank.staff),
    },
    samples: namedSamples(
      { accountId, ...trades, ...strategic, ...seen, ...unknown, actionId },
      cursors,
    ),
  };
}

/** The ids of what there is, and what is meant where a name alone does not say it. */
function namedSamples(ids: Readonly<Record<string, string>>, cursors: Cursors): Samples {
  const { accountId, customerId, paymentId, orderId, planId, strategyId } = ids;
  const now = new Date().toISOString();
  return {
    ...ids,
    month,
    'account.id': accountId,
    'payment.id': paymentId,
    'transaction.id': ids['transactionId'],
    'asset.id': ids['assetId'],
    'order.id': orderId,
    'orderAsOf.id': orderId,
    'orderAsOf.instant': now,
    'orders.accountIds': [accountId],
    'orderUpdates.after': cursors.orders.cursor,
    'accountActivity.after': cursors.activity.cursor,
    'plan.id': planId,
    'rebalanceRun.id': ids['rebalanceRunId'],
    'strategy.id': strategyId,
    'strategyOrder.id': ids['strategyOrderId'],
    'customersNamed.ids': [customerId],
    'markNotificationsRead.ids': [ids['notificationId']],
    assetIds: [ids['assetId']],
    symbol: 'ZZZZ',
    country: 'US',
    dateOfBirth: '1990-05-17',
    identityNumber: '000-00-0000',
    email: 'somebody@example.com',
    password: 'a-long-enough-secret',
    refreshToken: 'of-nobody',
    'registerStaff.roles': ['SUPPORT'],
  };
}

type Cursors = Readonly<Record<'orders' | 'activity', { readonly cursor: string }>>;
const cursorsText = `query($id: ID!) {
  orders: orderUpdatesSince(accountId: $id) { cursor }
  activity: accountActivitySince(accountId: $id) { cursor } }`;

/** Where live updates begin, so that all that the customer does from now on is told. */
const cursorsOf = ({ door, accountId: id }: { door: BankClient; accountId: string }) =>
  door.ask<Cursors>(cursorsText, { id });

async function tradesOf({ door, accountId }: { door: BankClient; accountId: string }) {
  const wish = { accountId, assetId: 'AAPL', side: 'BUY', idempotencyKey: 'filled' } as const;
  const order = await placeOrder(door, { ...wish, type: 'MARKET', quantity: '1' });
  await orderEnds(door, { id: order.id });
  const { asset } = await door.ask<{ asset: { id: string } }>('{ asset(id: "AAPL") { id } }');
  return { orderId: order.id, key: 'filled', assetId: asset.id };
}

async function strategicOf(staff: BankClient, owner: { door: BankClient; accountId: string }) {
  const { door, accountId } = owner;
  const assets = [
    { assetId: 'ABC', percentage: '50' },
    { assetId: 'DEF', percentage: '50' },
  ];
  const key = (idempotencyKey: string) => ({ idempotencyKey, reason: 'matrix' });
  const named = { name: `Matrix ${randomUUID()}`, assets, ...key('strategy') };
  const strategyId = await waitFor('a strategy', () =>
    make(staff, 'createStrategy', named).catch(() => null),
  );
  const common = { accountId, strategyId };
  const plan = { amount: '10.00', interval: 'MONTHLY', funding: 'CASH', idempotencyKey: 'plan' };
  const startDate = clockAt(new Date(Date.now() + 5 * 86_400_000)).nextOpen;
  const planId = await make(door, 'createPlan', {
    ...{ ...common, ...plan, startDate: startDate.toISOString().slice(0, 10) },
  });
  const amount = { amount: '100.00', idempotencyKey: 'invest' };
  const strategyOrderId = await make(door, 'investInStrategy', { ...common, ...amount });
  await make(door, 'electStrategy', { ...common, idempotencyKey: 'elect' });
  const run = { accountId, mode: 'BUY_ONLY', amount: '10.00', idempotencyKey: 'run' };
  const rebalanceRunId = await make(door, 'startRebalance', run);
  return { strategyId, planId, strategyOrderId, rebalanceRunId };
}

type Going = {
  readonly strategyOrder: { readonly status: string };
  readonly rebalanceRun: { readonly endedAt: string | null };
  readonly account: { readonly balances: { readonly held: { readonly amount: string } } };
};
const goingText = `query($invested: ID!, $run: ID!, $id: ID!) {
  strategyOrder(id: $invested) { status } rebalanceRun(id: $run) { endedAt }
  account(id: $id) { balances { held { amount } } } }`;

/** Nothing is under way any more that writes by itself. */
async function isQuiet(door: BankClient, ids: Readonly<Record<string, string>>) {
  const { accountId: id, strategyOrderId: invested, rebalanceRunId: run } = ids;
  const seen = await door.ask<Going>(goingText, { id, invested, run });
  const ended = seen.strategyOrder.status.startsWith('COMPLETED') && seen.rebalanceRun.endedAt;
  return ended && Number(seen.account.balances.held.amount) === 0 ? true : null;
}

const idOf = async (door: BankClient): Promise<string> =>
  (await door.ask<{ me: { id: string } }>('{ me { id } }')).me.id;

type Told = {
  readonly me: { readonly id: string };
  readonly notifications: { readonly nodes: readonly { readonly id: string }[] };
  readonly account: {
    readonly payments: { readonly nodes: readonly { readonly id: string }[] };
    readonly activities: { readonly nodes: readonly { readonly transactionId: string | null }[] };
  };
};
const toldText = `query($id: ID!) { me { id } notifications { nodes { id } } account(id: $id) {
  payments { nodes { id } } activities { nodes { transactionId } } } }`;

async function toldTo(door: BankClient, id: string): Promise<ToldIds | null> {
  const { me, notifications, account } = await door.ask<Told>(toldText, { id });
  const notificationId = notifications.nodes[0]?.id;
  const paymentId = account.payments.nodes[0]?.id;
  const transactionId = account.activities.nodes.find((one) => one.transactionId)?.transactionId;
  if (!notificationId || !paymentId || !transactionId) return null;
  return { customerId: me.id, notificationId, paymentId, transactionId };
}
type ToldIds = Readonly<
  Record<'customerId' | 'notificationId' | 'paymentId' | 'transactionId', string>
>;

const month = '2026-09';

/** A statement as one is written when a month ends, which a test cannot wait for. */
async function closeMonth({ databases }: WholeBank, accountId: string): Promise<void> {
  const json = '{}';
  const sha256 = createHash('sha256').update(json).digest('hex');
  const client = new Client({ connectionString: databases['accounts']?.adminUrl ?? '' });
  await client.connect();
  await client.query(
    `INSERT INTO "statement" (account_id, month, currency, opening, closing, owed,
       through_activity, json, csv, sha256, created_at)
     VALUES ($1, $2, 'USD', 0, 0, 0, 0, $3, '', $4, now())`,
    [accountId, month, json, sha256],
  );
  await client.end();
}
