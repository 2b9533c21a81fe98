import { beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { anonymous, customer, useBank } from './bank.ts';
import { ids, marketTime } from './builders.ts';
import { accountOpened, alice, bob, executed, fundsHeld, place, prepare, read } from './story.ts';

const bank = useBank();
const support = customer('00000000-0000-4000-8000-0000000000aa', 'support');
const placed: string[] = [];

beforeAll(async () => {
  await prepare(bank);
  for (let nth = 0; nth < 5; nth += 1) {
    bank.clock.at = new Date(marketTime.getTime() + Math.floor(nth / 2) * 1_000);
    placed.unshift(await place(bank, { quantity: String(nth + 1) }));
  }
  const { db } = bank.app.deps;
  const rows = await db.order.findMany({ orderBy: [{ createdAt: 'desc' }, { id: 'desc' }] });
  placed.splice(0, placed.length, ...rows.map(({ id }) => id));
});

const entities = `query ($keys: [_Any!]!) {
  _entities(representations: $keys) { ... on Account { orders { id } } }
}`;
const pages = `query ($keys: [_Any!]!, $first: Int, $after: String) {
  _entities(representations: $keys) {
    ... on Account {
      ordersPage(first: $first, after: $after) {
        edges { cursor node { id } } nodes { id } pageInfo { hasNextPage endCursor }
      }
    }
  }
}`;
const node = z.object({ id: z.string() });
const ordersPage = z.object({
  edges: z.array(z.object({ cursor: z.string(), node })),
  nodes: z.array(node),
  pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: z.string() }),
});
const shape = z.object({ _entities: z.tuple([z.object({ ordersPage })]) });

const stuckPage = z.object({
  stuckOrders: z.object({
    nodes: z.array(z.object({ order: node })).length(1),
    pageInfo: ordersPage.shape.pageInfo,
  }),
});

const account = (id: string) => ({ __typename: 'Account', id });
const ids_ = (list: readonly string[]) => list.map((id) => ({ id }));

describe('who may see an order', () => {
  test('its owners and staff; for everybody else it does not exist', async () => {
    const [id = ''] = placed;
    expect((await read(bank, id, alice))?.id).toBe(id);
    expect((await read(bank, id, support))?.id).toBe(id);
    expect(await read(bank, id, bob)).toBeNull();
    expect(await read(bank, '00000000-0000-4000-8000-00000000abcd')).toBeNull();
    const { errors } = await bank.ask(anonymous, `{ order(id: "${id}") { id } }`);
    expect(errors.map(({ extensions }) => extensions['code'])).toEqual(['UNAUTHENTICATED']);
    const malformed = await bank.ask(alice, '{ order(id: "17") { id } }');
    expect(malformed.errors.map(({ extensions }) => extensions)).toEqual([
      { code: 'BAD_INPUT', field: 'id' },
    ]);
  });

  test('by entity key too', async () => {
    const [id = ''] = placed;
    const query = `query ($keys: [_Any!]!) {
      _entities(representations: $keys) { ... on Order { id status } }
    }`;
    const keys = [{ __typename: 'Order', id }];
    const seen = await bank.ask(alice, query, { keys });
    expect(seen.data).toEqual({ _entities: [{ id, status: 'RESERVING' }] });
    expect((await bank.ask(bob, query, { keys })).data).toEqual({ _entities: [null] });
  });

  test('a new owner of the account sees them, one who left does not', async () => {
    await bank.deliver(accountOpened({ version: 3, ownerIds: [ids.bob] }));
    // Older than what is known here, so it changes nothing.
    await bank.deliver(accountOpened({ version: 2, ownerIds: [ids.alice] }));
    const [id = ''] = placed;
    expect([await read(bank, id, alice), (await read(bank, id, bob))?.id]).toEqual([null, id]);
    await bank.deliver(accountOpened({ version: 4, ownerIds: [ids.alice] }));
  });
});

test('an account lists its newest orders first; a foreign and a new one list none', async () => {
  const keys = [account(ids.account), account(ids.bobsAccount)];
  const { data } = await bank.ask(alice, entities, { keys });
  expect(data).toEqual({ _entities: [{ orders: ids_(placed) }, { orders: [] }] });
  const foreign = await bank.ask(bob, entities, { keys: [account(ids.account)] });
  expect(foreign.data).toEqual({ _entities: [{ orders: [] }] });
  const staff = await bank.ask(support, entities, { keys: [account(ids.account)] });
  expect(staff.data).toEqual({ _entities: [{ orders: ids_(placed) }] });
});

test('pages follow each other without gap or repeat, orders of one instant included', async () => {
  const keys = [account(ids.account)];
  const seen: object[] = [];
  let after: string | null = null;
  for (const hasNextPage of [true, true, false]) {
    const { data, errors } = await bank.ask(alice, pages, { keys, first: 2, after });
    expect(errors).toEqual([]);
    const page = shape.parse(data)._entities[0].ordersPage;
    seen.push(...page.nodes);
    after = page.pageInfo.endCursor;
    expect(page.edges.at(-1)).toEqual({ cursor: after, node: page.nodes.at(-1) });
    expect(page.pageInfo.hasNextPage).toBe(hasNextPage);
  }
  expect(seen).toEqual(ids_(placed));
});

test.each([
  ['first', { first: 0 }],
  ['first', { first: 101 }],
  ['after', { after: 'no cursor' }],
  ['after', { after: 'WyIwMDAwLTAxLTAxVDAwOjAwOjAwLjAwMFoiLCJ4Il0' }],
])('a page out of bounds is an error that names %s', async (field, change) => {
  const keys = [account(ids.account)];
  const { errors } = await bank.ask(alice, pages, { keys, ...change });
  expect(errors.map(({ extensions }) => extensions)).toEqual([{ code: 'BAD_INPUT', field }]);
});

test('staff list the orders that are past the deadline of their step, others may not', async () => {
  const query = `{ stuckOrders(first: 3) {
    edges { node { step } } nodes { order { id } step deadline attempts correlationId }
    pageInfo { hasNextPage }
  } }`;
  expect((await bank.ask(support, query)).data).toEqual({
    stuckOrders: { edges: [], nodes: [], pageInfo: { hasNextPage: false } },
  });
  bank.clock.at = new Date(marketTime.getTime() + 120_500);
  const { data } = await bank.ask(support, query);
  const stuck = {
    order: { id: expect.any(String) },
    step: 'HOLD',
    deadline: new Date(marketTime.getTime() + 120_000).toISOString(),
    attempts: 0,
    correlationId: 'request-1',
  };
  expect(data).toEqual({
    stuckOrders: {
      edges: [{ node: { step: 'HOLD' } }, { node: { step: 'HOLD' } }],
      nodes: [stuck, stuck],
      pageInfo: { hasNextPage: false },
    },
  });
  const page = `query ($after: String) { stuckOrders(first: 1, after: $after) {
    nodes { order { id } } pageInfo { hasNextPage endCursor } } }`;
  const one = stuckPage.parse((await bank.ask(support, page)).data).stuckOrders;
  const { endCursor: after } = one.pageInfo;
  const two = stuckPage.parse((await bank.ask(support, page, { after })).data).stuckOrders;
  expect([one, two].map(({ pageInfo }) => pageInfo.hasNextPage)).toEqual([true, false]);
  expect(one.nodes).not.toEqual(two.nodes);
  const refused = await bank.ask(alice, query);
  expect(refused.errors.map(({ extensions }) => extensions['code'])).toEqual(['FORBIDDEN']);
});

test('executions answer the first ones asked for', async () => {
  const id = await place(bank);
  await bank.deliver(fundsHeld(id), ...[1, 2, 3].map((nth) => executed(id, nth, ['1', '50.00'])));
  const query = `{ order(id: "${id}") { executions(first: 2) { id tradeDate settlementDate } } }`;
  const dates = { tradeDate: '2026-07-15', settlementDate: '2026-07-16' };
  expect((await bank.ask(alice, query)).data).toEqual({
    order: { executions: [1, 2].map((nth) => ({ id: `${id}-${nth}`, ...dates })) },
  });
});
