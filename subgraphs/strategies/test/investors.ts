import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll } from 'vitest';
import { accountOpened, aSubgraph, assetUpdated, type Subgraph } from './builders.ts';

export const [abc, def] = [randomUUID(), randomUUID()];
export const halted = randomUUID();
export const [alice, bob] = [randomUUID(), randomUUID()];
export const [account, otherAccount, limited] = [randomUUID(), randomUUID(), randomUUID()];

/** Set before the first test of a file that calls `useInvestors`. */
export let subgraph: Subgraph;
export let strategyId: string;
export let archivedId: string;

const create = `mutation ($input: CreateStrategyInput!) {
  createStrategy(input: $input) { ... on CreateStrategySuccess { strategy { id } } }
}`;
export const invest = `mutation ($input: InvestInStrategyInput!) {
  investInStrategy(input: $input) {
    __typename
    ... on InvestInStrategySuccess { strategyOrder { id number status } }
    ... on InvestInStrategyRefusal { code message }
  }
}`;
export const cancel = `mutation ($input: CancelStrategyOrderInput!) {
  cancelStrategyOrder(input: $input) {
    ... on CancelStrategyOrderSuccess { strategyOrder { status } }
    ... on CancelStrategyOrderRefusal { code }
  }
}`;
export const read = `query ($id: ID!) {
  strategyOrder(id: $id) {
    status strategyVersion accountId account { id } strategy { id }
    amount { amount currency } cash { amount }
    parts { assetId asset { id } symbol percentage amount { amount } status skipReason code
      orderId order { id } }
  }
}`;

async function open(): Promise<void> {
  subgraph = await aSubgraph();
  await subgraph.worker.applyBatch([
    assetUpdated(abc, { symbol: 'ABC' }),
    assetUpdated(def, { symbol: 'DEF' }),
    assetUpdated(halted, { symbol: 'HLT' }),
    accountOpened(account, { ownerIds: [alice] }),
    accountOpened(otherAccount, { ownerIds: [alice, bob] }),
    accountOpened(limited, { ownerIds: [alice], status: 'LIMITED' }),
  ]);
  strategyId = await createStrategy('Twenty eighty', [
    { assetId: 'ABC', percentage: '20' },
    { assetId: 'DEF', percentage: '70' },
    { assetId: 'CASH', percentage: '10' },
  ]);
  archivedId = await createStrategy('Gone', [{ assetId: 'ABC', percentage: '100' }]);
  const archive = `mutation ($id: ID!) {
    archiveStrategy(input: { strategyId: $id }) { __typename }
  }`;
  await subgraph.client.asStaff('operations').ask(archive, { id: archivedId });
}

/** Two customers with accounts, three assets and a strategy of 20 % ABC, 70 % DEF, 10 % cash. */
export function useInvestors(): void {
  beforeAll(open);
  afterAll(() => subgraph.close());
}

export async function createStrategy(name: string, assets: readonly object[]): Promise<string> {
  const staff = subgraph.client.asStaff('operations');
  const { createStrategy } = await staff.ask<{ createStrategy: { strategy: { id: string } } }>(
    create,
    { input: { name, assets } },
  );
  return createStrategy.strategy.id;
}

type Answer = {
  readonly __typename: string;
  readonly code?: string;
  readonly strategyOrder: { readonly id: string; readonly number: string; readonly status: string };
};

export async function investAs(customerId: string, given: object = {}): Promise<Answer> {
  const input = {
    ...{ strategyId, accountId: account, amount: '1000.00', idempotencyKey: randomUUID() },
    ...given,
  };
  const asker = subgraph.client.asCustomer(customerId);
  return (await asker.ask<{ investInStrategy: Answer }>(invest, { input })).investInStrategy;
}

export const readAs = async (customerId: string, id: string) =>
  (await subgraph.client.asCustomer(customerId).ask<{ strategyOrder: never }>(read, { id }))
    .strategyOrder as Record<string, unknown> | null;

export const eventsAbout = async (id: string) => {
  const rows = await subgraph.admin.outboxEvent.findMany({
    where: { aggregateId: id },
    orderBy: { aggregateVersion: 'asc' },
  });
  return rows.map(({ type, body }) => ({ type, payload: JSON.parse(body).payload }));
};
