import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { accountOpened } from './builders.ts';
import {
  alice,
  archivedId,
  bob,
  createStrategy,
  eventsAbout,
  limited,
  strategyId,
  subgraph,
  useInvestors,
} from './investors.ts';
import { footprint } from './planners.ts';

useInvestors();

const elect = `mutation ($input: ElectStrategyInput!) { answer: electStrategy(input: $input) {
  __typename
  ... on ElectStrategySuccess {
    account { id election { strategy { id state version } electedById } } }
  ... on ElectStrategyRefusal { code message } } }`;
const end = `mutation ($input: EndElectionInput!) { answer: endElection(input: $input) {
  __typename
  ... on EndElectionSuccess { account { id election { strategy { id } } } }
  ... on EndElectionRefusal { code message } } }`;
type Answer = {
  readonly answer: {
    readonly __typename: string;
    readonly code?: string;
    readonly account: { readonly election: { readonly strategy: { readonly id: string } } | null };
  };
};

async function anAccount(ownerIds = [alice], status = 'ACTIVE'): Promise<string> {
  const id = randomUUID();
  await subgraph.worker.applyBatch([accountOpened(id, { ownerIds, status: status as 'ACTIVE' })]);
  return id;
}
const ask = async (text: string, input: object, as = alice) =>
  (await subgraph.client.asCustomer(as).ask<Answer>(text, { input })).answer;

const seenOf = async (accountIds: readonly string[], as = alice, first = 20) => {
  const text = `query ($representations: [_Any!]!, $first: Int) {
    _entities(representations: $representations) { ... on Account {
      id
      election { strategy { id name state version } electedById electedAt }
      elections(first: $first) { nodes { strategy { id } byId } pageInfo { hasNextPage } } } } }`;
  const representations = accountIds.map((id) => ({ __typename: 'Account', id }));
  const asker = subgraph.client.asCustomer(as);
  type Seen = { readonly _entities: readonly Record<string, unknown>[] };
  return (await asker.ask<Seen>(text, { representations, first }))._entities;
};

test('an account follows one strategy, its history is kept, and others are told', async () => {
  const accountId = await anAccount();
  const other = await createStrategy('Another way', [{ assetId: 'ABC', percentage: '100' }]);
  expect(await ask(elect, { accountId, strategyId })).toEqual({
    __typename: 'ElectStrategySuccess',
    account: {
      id: accountId,
      election: { strategy: { id: strategyId, state: 'ACTIVE', version: 1 }, electedById: alice },
    },
  });
  await ask(elect, { accountId, strategyId: other });
  const ended = await ask(end, { accountId });
  expect(ended.account.election).toBeNull();
  const [seen] = await seenOf([accountId]);
  expect(seen).toMatchObject({
    election: null,
    elections: {
      nodes: [
        { strategy: null, byId: alice },
        { strategy: { id: other }, byId: alice },
        { strategy: { id: strategyId }, byId: alice },
      ],
      pageInfo: { hasNextPage: false },
    },
  });
  const told = await eventsAbout(accountId);
  expect(told).toEqual(
    [strategyId, other, null].map((id) => ({
      type: 'strategies.strategy-elected.v1',
      payload: { accountId, customerId: alice, strategyId: id },
    })),
  );
});

test('electing what is elected, and ending what has ended, changes nothing', async () => {
  const accountId = await anAccount();
  expect((await ask(end, { accountId })).__typename).toBe('EndElectionSuccess');
  await Promise.all(Array.from({ length: 10 }, () => ask(elect, { accountId, strategyId })));
  expect(await eventsAbout(accountId)).toHaveLength(1);
  await Promise.all(Array.from({ length: 10 }, () => ask(end, { accountId })));
  expect(await eventsAbout(accountId)).toHaveLength(2);
});

test('an archived strategy stays elected and says so; elections follow new versions', async () => {
  const accountId = await anAccount();
  const own = await createStrategy('To be archived', [{ assetId: 'ABC', percentage: '100' }]);
  await ask(elect, { accountId, strategyId: own });
  const staff = subgraph.client.asStaff('operations');
  const publish = `mutation ($id: ID!) { publishVersion(input: { strategyId: $id,
    assets: [{ assetId: "DEF", percentage: "100" }] }) { __typename } }`;
  await staff.ask(publish, { id: own });
  const archive =
    'mutation ($id: ID!) { archiveStrategy(input: { strategyId: $id }) { __typename } }';
  await staff.ask(archive, { id: own });
  const [seen] = await seenOf([accountId]);
  expect(seen).toMatchObject({
    election: { strategy: { id: own, state: 'ARCHIVED', version: 2 } },
  });
});

test.each([
  ['NOT_ACTIVE', async () => ({ accountId: await anAccount(), strategyId: archivedId })],
  ['ACCOUNT_STATUS', async () => ({ accountId: limited, strategyId })],
  ['ACCOUNT_STATUS', async () => ({ accountId: await anAccount([alice], 'FROZEN'), strategyId })],
])('electStrategy refuses %s and leaves nothing behind', async (code, given) => {
  const input = { ...(await given()), idempotencyKey: randomUUID() };
  const before = await footprint();
  expect(await ask(elect, input)).toMatchObject({ __typename: 'ElectStrategyRefusal', code });
  expect(await footprint()).toEqual(before);
});

test('a repeated key answers again, and refuses another input with nothing written', async () => {
  const accountId = await anAccount();
  const idempotencyKey = randomUUID();
  await ask(elect, { accountId, strategyId, idempotencyKey });
  const before = await footprint();
  expect((await ask(elect, { accountId, strategyId, idempotencyKey })).code).toBeUndefined();
  expect((await ask(end, { accountId, idempotencyKey })).code).toBe('IDEMPOTENCY_KEY_REUSED');
  const other = await anAccount();
  expect((await ask(elect, { accountId: other, strategyId, idempotencyKey })).code).toBe(
    'IDEMPOTENCY_KEY_REUSED',
  );
  expect(await footprint()).toEqual(before);
});

test('another customer elects and sees nothing; a joint owner does both', async () => {
  const [own, joint] = [await anAccount(), await anAccount([alice, bob])];
  await ask(elect, { accountId: own, strategyId });
  await ask(elect, { accountId: joint, strategyId }, bob);
  const asBob = subgraph.client.asCustomer(bob);
  for (const [text, input] of [
    [elect, { accountId: own, strategyId }],
    [end, { accountId: own }],
  ] as const) {
    const { errors } = await asBob.answer(text, { input });
    expect(errors[0]?.extensions).toEqual({ code: 'NOT_FOUND', field: 'input.accountId' });
  }
  const [foreign, shared] = await seenOf([own, joint], bob);
  expect(foreign).toMatchObject({ election: null, elections: { nodes: [] } });
  expect(shared).toMatchObject({ election: { electedById: bob } });
  const anonymous = await subgraph.client.anonymous().answer(end, { input: { accountId: own } });
  expect(anonymous.errors[0]?.extensions?.['code']).toBe('UNAUTHENTICATED');
});

test('the history of an account cannot be changed, nor can a gap be written', async () => {
  const accountId = await anAccount();
  await ask(elect, { accountId, strategyId });
  const { admin, deps } = subgraph;
  const changes = [
    () => admin.$executeRaw`UPDATE election SET strategy_id = NULL`,
    () => admin.$executeRaw`DELETE FROM election`,
    () => admin.$executeRaw`TRUNCATE election`,
  ];
  for (const change of changes) await expect(change()).rejects.toThrow('append-only');
  await expect(deps.db.$executeRaw`DELETE FROM election`).rejects.toThrow('denied');
  for (const sequence of [1, 3]) {
    const data = { accountId, sequence, strategyId, customerId: alice, at: new Date() };
    await expect(admin.election.create({ data })).rejects.toThrow('does not follow the one before');
  }
});
