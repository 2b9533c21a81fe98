import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { type Database, openDatabase } from '../src/data/client.ts';
import { type PageAsked, pageStatement } from '../src/data/order-lists.ts';
import { anyOrder } from '../src/domain/filter.ts';
import { anonymous, customer, useBank } from './bank.ts';
import { ids, marketTime } from './builders.ts';
import {
  accountOpened,
  alice,
  assetUpdated,
  bob,
  fundsHeld,
  fundsRefused,
  type Input,
  place,
  prepare,
} from './story.ts';

const bank = useBank();
const support = customer('00000000-0000-4000-8000-0000000000aa', 'support');
const other = '00000000-0000-4000-8000-000000000202';
const second = '00000000-0000-4000-8000-000000000105';
const strategyOrderId = '00000000-0000-4000-8000-000000000501';
const placed: Record<string, string> = {};

beforeAll(async () => {
  await prepare(bank);
  await bank.deliver(
    assetUpdated({ assetId: other, symbol: 'XYZ' }),
    accountOpened({ accountId: second, number: '105', ownerIds: [ids.alice, ids.bob] }),
    accountOpened({ accountId: ids.bobsAccount, number: '102', ownerIds: [ids.bob] }),
  );
  const orders: readonly (readonly [string, Input])[] = [
    ['open', {}],
    ['rejected', {}],
    ['sale', { side: 'SELL' }],
    ['stop', { type: 'STOP', limitPrice: null, stopPrice: '60.00' }],
    ['xyz', { assetId: other }],
    ['second', { accountId: second }],
  ];
  for (const [nth, [name, change]] of orders.entries()) {
    bank.clock.at = new Date(marketTime.getTime() + nth * 1_000);
    placed[name] = await place(bank, change);
  }
  await bank.deliver(fundsHeld(placed['open'] ?? ''), fundsRefused(placed['rejected'] ?? ''));
});

const page = z.object({
  nodes: z.array(z.object({ id: z.string() })),
  pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullable() }),
});
const nameOf = (id: string) => Object.keys(placed).find((name) => placed[name] === id) ?? id;

const ofAccount = `query ($keys: [_Any!]!, $filter: OrderFilter) {
  _entities(representations: $keys) { ... on Account {
    ordersPage(filter: $filter) { nodes { id } pageInfo { hasNextPage endCursor } } } } }`;

async function listed(filter: object, accountId: string = ids.account) {
  const keys = [{ __typename: 'Account', id: accountId }];
  const { data, errors } = await bank.ask(alice, ofAccount, { keys, filter });
  if (errors.length > 0) return errors.map(({ extensions }) => extensions);
  const shape = z.object({ _entities: z.tuple([z.object({ ordersPage: page })]) });
  return shape.parse(data)._entities[0].ordersPage.nodes.map(({ id }) => nameOf(id));
}

const at = (seconds: number) => new Date(marketTime.getTime() + seconds * 1_000).toISOString();

describe('the orders of an account by what they have in common', () => {
  test.each<readonly [string, object, readonly string[]]>([
    ['nothing asked', {}, ['xyz', 'stop', 'sale', 'rejected', 'open']],
    ['those that have not ended', { openOnly: true }, ['xyz', 'stop', 'sale', 'open']],
    ['one state', { statuses: ['REJECTED'] }, ['rejected']],
    ['two states', { statuses: ['REJECTED', 'OPEN'] }, ['rejected', 'open']],
    ['a state that has ended, but open', { statuses: ['REJECTED'], openOnly: true }, []],
    ['a side', { side: 'SELL' }, ['sale']],
    ['a type', { type: 'STOP' }, ['stop']],
    ['an asset by UUID', { assetId: other }, ['xyz']],
    ['an asset by symbol', { assetId: 'xyz' }, ['xyz']],
    ['an asset that nobody knows', { assetId: 'NOPE' }, []],
    [
      'a time, its start included and its end not',
      { from: at(1), to: at(3) },
      ['sale', 'rejected'],
    ],
    ['a strategy order', { strategyOrderId }, []],
    ['several at once', { side: 'BUY', type: 'LIMIT', openOnly: true }, ['xyz', 'open']],
  ])('%s', async (_, filter, expected) => {
    expect(await listed(filter)).toEqual(expected);
  });

  test.each(['strategyOrderId', 'assetId'])(
    'an empty %s is an error that names it',
    async (name) => {
      const refused = [{ code: 'BAD_INPUT', field: `filter.${name}` }];
      expect(await listed({ [name]: '' })).toEqual(refused);
      expect(await listed({ [name]: ' '.repeat(4) })).toEqual(refused);
    },
  );

  test('an id that is none is an error that names its field', async () => {
    expect(await listed({ strategyOrderId: 'x' })).toEqual([
      { code: 'BAD_INPUT', field: 'filter.strategyOrderId' },
    ]);
  });

  test.each([
    ['0001-01-01T00:00:00.000Z', 5],
    ['0999-12-31T23:59:59.999Z', 5],
    ['9999-12-31T23:59:59.999Z', 0],
  ])('from %s, the ends of what an instant can be', async (from, count) => {
    expect(await listed({ from })).toHaveLength(count);
  });

  test('an instant of a year that no column holds is an error', async () => {
    const from = '0001-01-01T00:00:00+14:00';
    expect(await listed({ from })).toMatchObject([{ code: 'BAD_INPUT' }]);
  });
});

const many = `query ($customerIds: [ID!], $accountIds: [ID!], $first: Int, $after: String,
    $filter: OrderFilter) {
  orders(customerIds: $customerIds, accountIds: $accountIds, first: $first, after: $after,
    filter: $filter) { nodes { id } pageInfo { hasNextPage endCursor } } }`;
const manyShape = z.object({ orders: page });

async function ordersOf(variables: object, viewer = support) {
  const { data, errors } = await bank.ask(viewer, many, variables);
  if (errors.length > 0) return errors.map(({ extensions }) => extensions);
  return manyShape.parse(data).orders.nodes.map(({ id }) => nameOf(id));
}
const all = ['second', 'xyz', 'stop', 'sale', 'rejected', 'open'];

describe('the orders of several accounts and customers in one list, newest first', () => {
  test('staff name anybody', async () => {
    expect(await ordersOf({ customerIds: [ids.alice] })).toEqual(all);
    expect(await ordersOf({ customerIds: [ids.bob] })).toEqual(['second']);
    expect(await ordersOf({ customerIds: [ids.alice, ids.bob] })).toEqual(all);
    expect(await ordersOf({ accountIds: ['105', '102'] })).toEqual(['second']);
    expect(await ordersOf({ customerIds: [ids.bob], accountIds: ['101', second] })).toEqual(all);
    const filter = { side: 'SELL' };
    expect(await ordersOf({ customerIds: [ids.alice], filter })).toEqual(['sale']);
    expect(await ordersOf({ customerIds: [randomUUID()] })).toEqual([]);
  });

  test('customers name themselves and what they own', async () => {
    expect(await ordersOf({ customerIds: [ids.alice] }, alice)).toEqual(all);
    expect(await ordersOf({ accountIds: ['105'] }, bob)).toEqual(['second']);
    const foreign = { code: 'NOT_FOUND', field: 'customerIds' };
    expect(await ordersOf({ customerIds: [ids.alice, ids.bob] }, alice)).toEqual([foreign]);
    const account = { code: 'NOT_FOUND', field: 'accountIds' };
    expect(await ordersOf({ accountIds: ['102'] }, alice)).toEqual([account]);
    expect(await ordersOf({ accountIds: ['4242'] }, alice)).toEqual([account]);
    const unknown = await ordersOf({ customerIds: [ids.alice] }, anonymous);
    expect(unknown).toEqual([{ code: 'UNAUTHENTICATED' }]);
  });

  test('at least one and at most a hundred of them', async () => {
    const refused = [{ code: 'BAD_INPUT', field: 'customerIds' }];
    expect(await ordersOf({})).toEqual(refused);
    const customerIds = Array.from({ length: 101 }, () => randomUUID());
    expect(await ordersOf({ customerIds })).toEqual(refused);
    const bad = [{ code: 'BAD_INPUT', field: 'customerIds' }];
    expect(await ordersOf({ customerIds: ['4'] })).toEqual(bad);
  });

  test('page by page without gap or repeat', async () => {
    const seen: string[] = [];
    let after: string | null = null;
    for (const hasNextPage of [true, true, false]) {
      const variables = { customerIds: [ids.alice, ids.bob], first: 2, after };
      const { data } = await bank.ask(support, many, variables);
      const { nodes, pageInfo } = manyShape.parse(data).orders;
      seen.push(...nodes.map(({ id }) => nameOf(id)));
      expect(pageInfo.hasNextPage).toBe(hasNextPage);
      after = pageInfo.endCursor;
    }
    expect(seen).toEqual(all);
  });
});

describe('no list reads more than its page, however many orders there are', () => {
  let admin: Database;
  const big = '00000000-0000-4000-8000-000000000190';
  const bulk = 10_000;
  const piece = 1_000;

  /** Seven thousand orders of one account and some of others, without their histories. */
  beforeAll(async () => {
    admin = openDatabase(bank.adminUrl, 1);
    await bank.deliver(accountOpened({ accountId: big, number: '190', ownerIds: [ids.bob] }));
    const template = await admin.order.findUniqueOrThrow({ where: { id: placed['open'] ?? '' } });
    await admin.$executeRawUnsafe(`SET session_replication_role = replica`);
    // In pieces, each of which a busy machine writes before a statement of a pool has to end.
    for (let from = 1; from <= bulk; from += piece) {
      await admin.$executeRawUnsafe(`
      INSERT INTO "order" SELECT (jsonb_populate_record(o, jsonb_build_object(
          'id', gen_random_uuid(), 'idempotency_key', 'bulk-' || n,
          'account_id', CASE WHEN n % 4 = 0 THEN gen_random_uuid() ELSE '${big}'::uuid END,
          'asset_id', CASE WHEN n % 100 = 0 THEN '${other}'::uuid ELSE '${ids.asset}'::uuid END,
          'strategy_order_id', CASE WHEN n % 1000 = 1 THEN '${strategyOrderId}' END,
          'status', CASE WHEN n % 500 = 1 THEN 'OPEN' ELSE 'CANCELED' END,
          'created_at', now() - n * interval '1 minute'))).*
      FROM "order" o, generate_series(${from}, ${from + piece - 1}) n
      WHERE o.id = '${template.id}'`);
    }
    await admin.$executeRawUnsafe(`SET session_replication_role = origin`);
    await admin.$executeRawUnsafe(`ANALYZE`);
  }, 120_000);
  afterAll(() => admin.$disconnect());

  type Node = { readonly 'Node Type': string; readonly Plans?: readonly Node[] } & Readonly<
    Record<string, unknown>
  >;
  const nodesOf = (node: Node): Node[] => [node, ...(node.Plans ?? []).flatMap(nodesOf)];

  async function planOf(change: Partial<PageAsked>) {
    const asked: PageAsked = {
      accountIds: [big],
      customerIds: [],
      filter: anyOrder,
      after: null,
      max: 21,
      ...change,
    };
    const { sql, values } = pageStatement(asked);
    const rows = await admin.$queryRawUnsafe<{ 'QUERY PLAN': [{ Plan: Node }] }[]>(
      `EXPLAIN (ANALYZE, FORMAT JSON) ${toNumbered(sql)}`,
      ...values,
    );
    return nodesOf(rows[0]?.['QUERY PLAN'][0].Plan ?? { 'Node Type': 'none' });
  }

  /** Prisma's statement with $1, $2 … for its question marks. */
  function toNumbered(sql: string): string {
    let nth = 0;
    return sql.replaceAll('?', () => `$${++nth}`);
  }

  const place20 = { at: new Date(Date.now() - 7 * 86_400_000), id: ids.order };
  const someday = new Date(Date.now() - 10 * 86_400_000);
  test.each<readonly [string, Partial<PageAsked>, string]>([
    ['an account', {}, 'order_account_id_created_at_id_idx'],
    ['a later page', { after: place20 }, 'order_account_id_created_at_id_idx'],
    ['a time', { filter: { ...anyOrder, to: someday } }, 'order_account_id_created_at_id_idx'],
    ['open ones', { filter: { ...anyOrder, openOnly: true } }, 'order_open_of_account'],
    [
      'an asset',
      { filter: { ...anyOrder, assetId: other } },
      'order_account_id_asset_id_created_at_id_idx',
    ],
    ['a strategy order', { filter: { ...anyOrder, strategyOrderId } }, 'order_of_strategy_order'],
    [
      'a customer',
      { accountIds: [], customerIds: [ids.bob] },
      'order_account_id_created_at_id_idx',
    ],
  ])('%s', async (_, change, index) => {
    const nodes = await planOf(change);
    const onOrders = nodes.filter((node) => node['Relation Name'] === 'order');
    expect(nodes.map((node) => node['Index Name'])).toContain(index);
    for (const node of onOrders) expect(node['Node Type']).not.toBe('Seq Scan');
    const read = onOrders.map((node) => Number(node['Actual Rows']));
    expect(Math.max(...read)).toBeLessThanOrEqual(100);
  });
});
