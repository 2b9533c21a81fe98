import { randomUUID } from 'node:crypto';
import { accountOpened } from './builders.ts';
import { abc, alice, createStrategy, def, subgraph } from './investors.ts';
import {
  type End,
  orderCompleted,
  orderCreated,
  positionChanged,
  quotePublished,
  type RunOrder,
} from './rebalance-events.ts';

const start = `mutation ($input: StartRebalanceInput!) {
  startRebalance(input: $input) {
    __typename
    ... on StartRebalanceSuccess { rebalanceRun { id number status } }
    ... on StartRebalanceRefusal { code message }
  }
}`;
const cancel = `mutation ($input: CancelRebalanceInput!) {
  cancelRebalance(input: $input) {
    __typename
    ... on CancelRebalanceSuccess { rebalanceRun { id status } }
    ... on CancelRebalanceRefusal { code message }
  }
}`;
const readRun = `query ($id: ID!) {
  rebalanceRun(id: $id) {
    id status reason mode sellOutside strategyVersion accountId strategy { id } account { id }
    amount { amount currency } proceeds { amount } deadline createdAt endedAt
    items { side assetId asset { id } symbol percentage value { amount } price wanted { amount }
      amount { amount } quantity status skipReason code orderId order { id } orderStatus
      filledQuantity filledValue { amount } fees { amount } }
  }
}`;

export type Answer = {
  readonly __typename: string;
  readonly code?: string;
  readonly rebalanceRun: { readonly id: string; readonly number: string; readonly status: string };
};
type ReadItem = {
  readonly side: 'BUY' | 'SELL';
  readonly assetId: string;
  readonly status: string;
  readonly skipReason: string | null;
  readonly quantity: string | null;
  readonly amount: { readonly amount: string } | null;
  readonly orderId: string | null;
} & Record<string, unknown>;
export type ReadRun = {
  readonly status: string;
  readonly items: readonly ReadItem[];
} & Record<string, unknown>;

const halves = new WeakMap<typeof subgraph, Promise<string>>();
/** A strategy of 50 % ABC and 50 % DEF, one of the file's subgraph. */
export function halfAndHalf(): Promise<string> {
  const half =
    halves.get(subgraph) ??
    createStrategy('Half and half', [
      { assetId: 'ABC', percentage: '50' },
      { assetId: 'DEF', percentage: '50' },
    ]);
  halves.set(subgraph, half);
  return half;
}

/** Fresh prices: ABC costs 10.00, DEF 20.00, unless told otherwise. */
let sequence = 0;
export const quote = (prices: Readonly<Record<string, string>> = {}): Promise<void> => {
  sequence += 1;
  const quotes = Object.entries({ [abc]: '10.00', [def]: '20.00', ...prices });
  const at = subgraph.clock.now();
  return subgraph.worker.applyBatch([
    quotePublished(...quotes.map(([assetId, last]) => ({ assetId, last, at, sequence }))),
  ]);
};

export type Given = {
  readonly status?: string;
  readonly strategyId?: string | null;
  readonly held?: Readonly<Record<string, string>>;
  readonly owners?: readonly string[];
};

/** An account of Alice's that follows a strategy and holds so many shares of each asset. */
export async function anAccount({ held = {}, ...given }: Given = {}): Promise<string> {
  const accountId = randomUUID();
  const { status = 'ACTIVE', owners = [alice] } = given;
  await subgraph.worker.applyBatch([
    accountOpened(accountId, { ownerIds: [...owners], status: status as 'ACTIVE' }),
    ...Object.entries(held).map(([assetId, quantity]) =>
      positionChanged({ accountId, assetId, quantity }),
    ),
  ]);
  const strategyId = given.strategyId === undefined ? await halfAndHalf() : given.strategyId;
  if (strategyId !== null) {
    const at = subgraph.clock.now();
    const election = { accountId, strategyId, customerId: alice, sequence: 1, at };
    await subgraph.admin.election.create({ data: election });
  }
  return accountId;
}

export async function startAs(customerId: string, given: object): Promise<Answer> {
  const input = { mode: 'FULL', idempotencyKey: randomUUID(), ...given };
  const asker = subgraph.client.asCustomer(customerId);
  return (await asker.ask<{ startRebalance: Answer }>(start, { input })).startRebalance;
}

export const startErrors = async (customerId: string, given: object) => {
  const input = { mode: 'FULL', idempotencyKey: randomUUID(), ...given };
  return (await subgraph.client.asCustomer(customerId).answer(start, { input })).errors;
};

/** The id of a run that has begun, or that waits for the market. */
export async function started(given: object): Promise<string> {
  const answer = await startAs(alice, given);
  if (!answer.rebalanceRun) throw new Error(`refused: ${answer.code}`);
  return answer.rebalanceRun.id;
}

export async function cancelAs(customerId: string, given: object): Promise<Answer> {
  const asker = subgraph.client.asCustomer(customerId);
  return (await asker.ask<{ cancelRebalance: Answer }>(cancel, { input: given })).cancelRebalance;
}

export const cancelErrors = async (customerId: string, given: object) =>
  (await subgraph.client.asCustomer(customerId).answer(cancel, { input: given })).errors;

export async function seen(id: string, customerId: string = alice): Promise<ReadRun> {
  const asker = subgraph.client.asCustomer(customerId);
  const { rebalanceRun } = await asker.ask<{ rebalanceRun: ReadRun | null }>(readRun, { id });
  if (!rebalanceRun) throw new Error(`there is no rebalancing ${id}`);
  return rebalanceRun;
}

/** The order of an item, by ids that always are the same. */
export function orderOf(run: ReadRun, side: 'BUY' | 'SELL', assetId: string): RunOrder {
  const { id, accountId } = run as unknown as { readonly id: string; readonly accountId: string };
  const tail = `${side === 'BUY' ? 'b' : 'a'}${assetId.slice(-11)}`;
  const orderId = `${id.slice(0, 24)}${tail}`;
  return { orderId, rebalanceRunId: id, accountId, side, assetId };
}

/** Tells that orders has made the order and that it has ended so. */
export async function fill(id: string, side: 'BUY' | 'SELL', ends: Record<string, End>) {
  const run = await seen(id);
  for (const [assetId, end] of Object.entries(ends)) {
    const order = orderOf(run, side, assetId);
    await subgraph.worker.applyBatch([orderCreated(order), orderCompleted(order, end)]);
  }
  return seen(id);
}
