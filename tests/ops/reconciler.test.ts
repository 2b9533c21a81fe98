import { randomUUID } from 'node:crypto';
import { CorporateActionEffectiveV1 } from '@simplebank/contracts/assets';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { waitFor } from '../../tools/bank/client.ts';
import { orderEnds, placeOrder, seeOrder } from '../../tools/bank/trading.ts';
import { closeDoors, openDoors } from '../../tools/operators/doors.ts';
import { closeFeeds, type Feeds, openFeeds } from '../../tools/reconcile/feeds.ts';
import { type Report, reconcile } from '../../tools/reconcile/reconcile.ts';
import { repair } from '../../tools/reconcile/repair.ts';
import { tellPeople, tellPrograms } from '../../tools/reconcile/report.ts';
import { type Investor, newInvestor } from '../e2e/people.ts';
import { startWholeBank, type WholeBank } from '../e2e/whole-bank.ts';
import { damage, force } from './support/damage.ts';
import { damages } from './support/damages.ts';

let bank: WholeBank;
let feeds: Feeds;
let investor: Investor;
/** A buy and a sale that wait for a price that does not come. */
let openBuy = '';
let openSale = '';

const settledWithinMs = 20_000;
/** Quotes are always under way. */
const noDrift = { drift: [], inFlight: [] };

async function trade(key: string, wish: Partial<Parameters<typeof placeOrder>[1]>) {
  const { door, accountId } = investor;
  const common = { accountId, assetId: 'ABC', side: 'BUY', type: 'MARKET' } as const;
  return placeOrder(door, { ...common, quantity: '3', idempotencyKey: key, ...wish });
}

const placed = (id: string) =>
  waitFor(`the placing of ${id}`, async () => {
    const seen = await seeOrder(investor.door, id);
    return seen?.status === 'PLACED' ? id : null;
  });

/** The ex-dates of a split and a dividend have begun; nobody has to wait for a trading day. */
async function tellActions(): Promise<void> {
  const place = { bank, context: 'assets' };
  const [asset] = await force(place, `SELECT id::text FROM asset WHERE symbol = 'AAPL'`);
  const exDate = '2128-01-02';
  const dividend = { kind: 'DIVIDEND', rate: '0.205', currency: 'USD', payDate: exDate };
  for (const terms of [{ kind: 'SPLIT', numerator: 5, denominator: 2 }, dividend]) {
    const [eventId, actionId] = [randomUUID(), randomUUID()];
    const body = JSON.stringify({
      ...{ eventId, type: CorporateActionEffectiveV1.name, aggregateId: actionId },
      ...{ aggregateVersion: 1, occurredAt: new Date().toISOString(), correlationId: actionId },
      ...{ causationId: null, traceparent: null },
      payload: { actionId, assetId: asset?.['id'], symbol: 'AAPL', exDate, terms },
    });
    await force(
      place,
      `INSERT INTO outbox_event (event_id, type, aggregate_id, aggregate_version, body) VALUES
       ('${eventId}', '${CorporateActionEffectiveV1.name}', '${actionId}', 1, '${body}')`,
    );
  }
  await waitFor('a split and a dividend', async () => {
    const done = await force({ bank, context: 'holdings' }, 'SELECT FROM position_action');
    const due = await force({ bank, context: 'accounts' }, 'SELECT FROM dividend_entitlement');
    return done.length === 2 && due.length === 1 ? true : null;
  });
}

beforeAll(async () => {
  bank = await startWholeBank();
  investor = await newInvestor(bank.web, '10000.00');
  const databases = Object.entries(bank.databases);
  feeds = openFeeds(Object.fromEntries(databases.map(([name, { url }]) => [name, url])));
  await orderEnds(investor.door, { id: (await trade('buy', {})).id });
  await orderEnds(investor.door, { id: (await trade('other', { assetId: 'DEF' })).id });
  await orderEnds(investor.door, { id: (await trade('sell', { side: 'SELL', quantity: '1' })).id });
  const limit = { type: 'LIMIT', quantity: '1' } as const;
  await orderEnds(investor.door, {
    id: (await trade('apple', { assetId: 'AAPL', quantity: '2' })).id,
  });
  await tellActions();
  openBuy = await placed((await trade('low', { ...limit, limitPrice: '0.01' })).id);
  openSale = await placed(
    (await trade('high', { ...limit, side: 'SELL', limitPrice: '9999.00' })).id,
  );
}, 180_000);
afterAll(async () => {
  if (feeds) await closeFeeds(feeds);
  await bank?.close();
});

const quiet = () =>
  waitFor(
    'a bank without work',
    async () => {
      const { drift, inFlight } = await reconcile(feeds, { waitMs: 0 });
      return drift.length + inFlight.length === 0 ? true : null;
    },
    { withinMs: settledWithinMs },
  );

test('a bank at rest with open orders has no drift, and all of it was compared', async () => {
  await quiet();
  const report = await reconcile(feeds, { waitMs: 0 });
  expect(report).toMatchObject(noDrift);
  expect(report.checked).toEqual({ orders: 6, accounts: 1, assets: 4 });
});

type Fees = { account: { activities: { nodes: { transactionId: string }[] } } };

test('what staff gives back of a commission is no drift', async () => {
  const { door, accountId } = investor;
  const { account } = await door.ask<Fees>(
    `query ($id: ID!) { account(id: $id) {
       activities(filter: { kinds: [COMMISSION] }) { nodes { transactionId } } } }`,
    { id: accountId },
  );
  const [charged] = account.activities.nodes;
  const input = { part: 'COMMISSION', reason: 'agreed', idempotencyKey: 'refund', ...charged };
  const answer = await bank.staff.ask(
    `mutation ($input: ReverseTransactionInput!) {
       reverseTransaction(input: $input) { __typename } }`,
    { input },
  );
  expect(answer).toEqual({ reverseTransaction: { __typename: 'ReverseTransactionSuccess' } });
  await quiet();
  expect(await reconcile(feeds, { waitMs: 0 })).toMatchObject(noDrift);
});

const told = ({ drift }: Report) =>
  drift.map(({ law, context, accountId }) => ({ law, context, accountId }));

describe('each kind of damage is drift, told with its law and its account', () => {
  test.each(damages)('$what', async (planned) => {
    const repair = await damage(bank, planned);
    const report = await reconcile(feeds, { waitMs: 50 });
    await repair();
    const accountId = planned.ofBank ? null : investor.accountId;
    const { law, context } = planned;
    expect(told(report)).toContainEqual({ law, context: whereTold(law, context), accountId });
    expect(report.inFlight).toEqual([]);
    expect(await reconcile(feeds, { waitMs: 0 })).toMatchObject(noDrift);
  });
});

/** What the market lacks shows in orders, which has it. */
const whereTold = (law: string, context: string): string =>
  law === 'orders know what the market reported' ? 'orders' : context;

test('a given-up event is drift, and one that waits is told with its age', async () => {
  const parked = (state: string) => `INSERT INTO parked_event
    (consumer, event_id, type, aggregate_id, body, state, next_attempt_at, error, parked_at)
    VALUES ('holdings', gen_random_uuid(), 'x', 'x', '{}', '${state}', now() + interval '1 h', '',
      now() - interval '90 s')`;
  await force({ bank, context: 'holdings' }, parked('DEAD'));
  await force({ bank, context: 'holdings' }, parked('WAITING'));
  const report = await reconcile(feeds, { waitMs: 0 });
  await force({ bank, context: 'holdings' }, 'DELETE FROM parked_event');
  expect(told(report)).toEqual([
    { law: 'no event is given up', context: 'holdings', accountId: null },
  ]);
  const waiting = report.underWay.filter(({ context }) => context === 'holdings');
  expect(waiting).toMatchObject([{ state: 'waiting', count: 1 }]);
  expect(waiting[0]?.oldestMs).toBeGreaterThanOrEqual(90_000);
});

test('a difference whose event has not been handled yet is in flight while it stays', async () => {
  const repair = await damage(bank, {
    ...{ what: 'not booked yet', context: 'holdings', law: '', table: 'execution', set: null },
    rows: `side = 'SELL'`,
  });
  const forget = await damage(bank, {
    ...{ what: 'not handled yet', context: 'holdings', law: '', table: 'inbox_event', set: null },
    rows: 'true',
  });
  const report = await reconcile(feeds, { waitMs: 50 });
  await forget();
  await repair();
  expect(report.inFlight.map(({ finding }) => finding.law)).toContain(
    'holdings book every execution',
  );
  expect(report.inFlight[0]?.ageMs).toBeGreaterThan(0);
  expect(told(report).map(({ law }) => law)).not.toContain('holdings book every execution');
});

test('a healthy bank in the middle of its work has no drift, again and again', async () => {
  const looks: Report[] = [];
  let trading = true;
  const looking = (async () => {
    while (trading) looks.push(await reconcile(feeds, { waitMs: 3_000 }));
  })();
  const orders = Array.from({ length: 60 }, (_, index) =>
    trade(`busy-${index}`, {
      quantity: String(1 + (index % 3)),
      assetId: index % 2 ? 'ABC' : 'MSFT',
    }),
  );
  for (const order of await Promise.all(orders)) {
    await waitFor('its end', async () => {
      const seen = await seeOrder(investor.door, order.id);
      return seen && ['FILLED', 'REJECTED'].includes(seen.status) ? seen : null;
    });
  }
  trading = false;
  await looking;
  await quiet();
  expect(looks.flatMap(({ drift }) => drift)).toEqual([]);
  expect(looks.length).toBeGreaterThan(1);
  expect(await reconcile(feeds, { waitMs: 0 })).toMatchObject(noDrift);
  expect([openBuy, openSale]).not.toContain('');
}, 90_000);

test('a damaged copy and an orphan are seen, made anew from events, and gone at once', async () => {
  await quiet();
  const { accountId } = investor;
  const orphan = randomUUID();
  await force(
    { bank, context: 'orders' },
    `UPDATE account SET status = 'CLOSED', number = 4711
    WHERE id = '${accountId}'`,
  );
  await force(
    { bank, context: 'strategies' },
    `INSERT INTO account
    SELECT '${orphan}', 815, owner_ids, currency, status, version FROM account LIMIT 1`,
  );
  const databases = Object.entries(bank.databases).map(([name, { url }]) => [name, url]);
  const doors = openDoors(Object.fromEntries(databases));
  const { drift } = await reconcile(feeds, { waitMs: 50 });
  expect(drift.map(({ context, subject }) => `${context} ${subject}`).sort()).toEqual([
    `orders account ${accountId}`,
    `strategies account ${orphan}`,
  ]);
  const by = { actor: 'ann', reason: 'a bad disk' };
  const repaired = await repair(doors, { drift, by });
  const actions = await doors.orders.actions();
  await closeDoors(doors);
  expect(repaired).toHaveLength(2);
  expect(actions[0]).toMatchObject({
    ...by,
    command: 'rebuild-copy',
    subject: `account ${accountId}`,
  });
  expect(await reconcile(feeds, { waitMs: 0 })).toMatchObject(noDrift);
});

test('what is no copy is never repaired, and no copy goes while its owner has it', async () => {
  const undo = await damage(bank, {
    ...{ what: '', context: 'holdings', law: '', table: 'position', rows: 'quantity = 3' },
    set: 'quantity = quantity + 1',
  });
  const { drift } = await reconcile(feeds, { waitMs: 0 });
  const databases = Object.entries(bank.databases).map(([name, { url }]) => [name, url]);
  const doors = openDoors(Object.fromEntries(databases));
  const repaired = await repair(doors, { drift, by: { actor: 'ann', reason: 'tried' } });
  await closeDoors(doors);
  await undo();
  expect(drift.length).toBeGreaterThan(repaired.length);
  expect(repaired.map(({ finding }) => finding.law)).toEqual([
    'position copies equal their owner',
    'position copies equal their owner',
  ]);
  await quiet();
});

test('is told to people as a table and to programs as one line', async () => {
  const repair = await damage(bank, {
    ...{ what: '', context: 'holdings', law: '', table: 'position', rows: 'quantity = 3' },
    set: 'quantity = quantity + 1',
  });
  const report = await reconcile(feeds, { waitMs: 0 });
  await repair();
  const text = tellPeople(report);
  expect(text).toContain('Drift: 5');
  expect(text).toMatch(new RegExp(`positions = fills × splits +${investor.accountId} +holdings`));
  expect(JSON.parse(tellPrograms(report))).toMatchObject({
    drift: [
      { law: 'position = lots' },
      { law: 'positions = executions through splits' },
      { law: 'positions = fills × splits', actual: '4' },
      { law: 'position copies equal their owner', context: 'accounts' },
      { law: 'position copies equal their owner', context: 'strategies' },
    ],
    checked: { accounts: 1 },
  });
  expect(tellPrograms(report)).not.toContain('\n');
});
