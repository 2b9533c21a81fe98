import { Client } from 'pg';
import { beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { abc, alice, bob, def, subgraph, useInvestors } from './investors.ts';
import { anAccount, cancelAs, quote, seen, started } from './rebalancers.ts';

useInvestors();
beforeEach(() => quote());

const listed = `query ($representations: [_Any!]!, $first: Int, $after: String) {
  _entities(representations: $representations) {
    ... on Account { rebalanceRuns(first: $first, after: $after) {
      nodes { id number status account { id } strategy { id name }
        items { symbol name order { id } asset { id } } }
      pageInfo { hasNextPage endCursor }
    } }
  }
}`;
type Page = {
  readonly nodes: readonly { readonly id: string; readonly items: readonly object[] }[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
};
type Listed = { readonly _entities: readonly { readonly rebalanceRuns: Page | null }[] };

const listAs = async (customerId: string, ids: readonly string[], page: object = {}) => {
  const representations = ids.map((id) => ({ __typename: 'Account', id }));
  const asker = subgraph.client.asCustomer(customerId);
  const { _entities } = await asker.ask<Listed>(listed, { representations, ...page });
  return _entities.map(({ rebalanceRuns }) => rebalanceRuns);
};

const atOnce = 8;
const held = { [abc]: '80', [def]: '10' };
let accounts: readonly string[];
beforeAll(async () => {
  await quote();
  accounts = await Promise.all(Array.from({ length: 100 }, () => anAccount({ held })));
  // No more at once than there are connections: a slow machine has the rest wait too long for one.
  for (let from = 0; from < accounts.length; from += atOnce) {
    const some = accounts.slice(from, from + atOnce);
    await Promise.all(some.map((accountId) => started({ accountId })));
  }
});

test('the runs of 100 accounts take as many statements as the runs of one', async () => {
  const statements = vi.spyOn(Client.prototype, 'query');
  const countOf = async (ids: readonly string[]) => {
    statements.mockClear();
    const pages = await listAs(alice, ids);
    expect(pages.map((page) => page?.nodes[0]?.items.length)).toEqual(ids.map(() => 2));
    return statements.mock.calls.length;
  };
  const [one, all] = [await countOf(accounts.slice(0, 1)), await countOf(accounts)];
  statements.mockRestore();
  expect(one).toBeGreaterThan(0);
  expect(one).toBeLessThanOrEqual(8);
  expect(all).toBe(one);
});

test('pages of runs come newest first, each once, and end', async () => {
  const accountId = await anAccount({ held });
  const ids: string[] = [];
  for (let nth = 0; nth < 5; nth += 1) {
    const rebalanceRunId = await started({ accountId });
    await cancelAs(alice, { rebalanceRunId });
    ids.unshift(rebalanceRunId);
  }
  const walked: string[] = [];
  let after: string | null = null;
  do {
    const [page]: readonly (Page | null)[] = await listAs(alice, [accountId], { first: 2, after });
    walked.push(...(page?.nodes ?? []).map(({ id }) => id));
    after = page?.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
  } while (after !== null);
  expect(walked).toEqual(ids);
});

test('who may not see the account sees no runs; joint owners and staff see them', async () => {
  const accountId = await anAccount({ held, owners: [alice, bob] });
  const id = await started({ accountId });
  const own = accounts[0] ?? '';
  expect((await listAs(bob, [accountId, own])).map((page) => page?.nodes.length)).toEqual([
    1,
    undefined,
  ]);
  expect(await seen(id, bob)).toMatchObject({ status: 'SELLING' });
  const staff = subgraph.client.asStaff('support');
  const { rebalanceRun } = await staff.ask<{ rebalanceRun: object }>(
    'query ($id: ID!) { rebalanceRun(id: $id) { status } }',
    { id },
  );
  expect(rebalanceRun).toEqual({ status: 'SELLING' });
  const entity = `query ($representations: [_Any!]!) {
    _entities(representations: $representations) { ... on RebalanceRun { status } } }`;
  const representations = [{ __typename: 'RebalanceRun', id }];
  expect(await subgraph.client.asCustomer(bob).ask(entity, { representations })).toEqual({
    _entities: [{ status: 'SELLING' }],
  });
});

test('a page of more than 100 is BAD_INPUT', async () => {
  const representations = [{ __typename: 'Account', id: accounts[0] }];
  const variables = { representations, first: 101 };
  const { errors } = await subgraph.client.asCustomer(alice).answer(listed, variables);
  expect(errors[0]?.extensions).toMatchObject({ code: 'BAD_INPUT', field: 'first' });
});
