import { bankClient } from '../../../tools/bank/client.ts';
import { until } from '../../events/support/until.ts';
import type { Customer } from './chaos-load.ts';
import { type Answer, askOnce } from './outage-fleet.ts';

const fillsWithinMs = 20_000;
const finals = ['FILLED', 'CANCELED', 'EXPIRED', 'REJECTED', 'FAILED'];
/** An order that has not ended after this many times of what it usually takes is one that waits. */
const patience = 3;

/** What becomes of an order that is placed while a process is down. */
export type Fate = 'filled' | 'waits' | 'not taken';
export type Attempt = { readonly id: string | null; readonly at: number };

const placeText = `mutation($input: PlaceOrderInput!) { placeOrder(input: $input) { __typename
  ... on PlaceOrderSuccess { order { id } } ... on PlaceOrderRefusal { code } } }`;
const statusText = 'query($id: ID!) { order(id: $id) { status } }';
const signInText = `mutation($input: SignInInput!) { signIn(input: $input) { __typename } }`;

const field = ({ data }: Answer, name: string): unknown => data?.[name] ?? null;

/** Places an order for one share, once; without an id when it was not taken. */
export async function placeOnce(customer: Customer, side: 'BUY' | 'SELL', key: string) {
  const { accountId } = customer;
  const order = { side, type: 'MARKET', assetId: 'ABC', quantity: '1' };
  const input = { ...order, accountId, idempotencyKey: key };
  const at = performance.now();
  type Placed = { readonly order?: { readonly id: string } } | null;
  const answer = await askOnce(customer.door(), placeText, { input });
  const placed = field(answer, 'placeOrder') as Placed;
  return { id: placed?.order?.id ?? null, at } satisfies Attempt;
}

async function statusOf(customer: Customer, id: string): Promise<string> {
  type Order = { readonly status: string } | null;
  const order = field(await askOnce(customer.door(), statusText, { id }), 'order') as Order;
  return order?.status ?? 'UNKNOWN';
}

/** Resolves when it is filled, with what that took. */
export async function untilFilled(customer: Customer, { id, at }: Attempt, withinMs?: number) {
  if (id === null) throw new Error('it was not taken');
  const isFilled = async () => (await statusOf(customer, id)) === 'FILLED';
  await until(`order ${id} is filled`, isFilled, withinMs ?? fillsWithinMs);
  return performance.now() - at;
}

type Expected = {
  readonly fate: Fate;
  /** What an order takes while all is well. */
  readonly usualMs: number;
};

/** What became of it: one that should be filled may take its time, one that should wait must. */
export async function fateOf(customer: Customer, attempt: Attempt, { fate, usualMs }: Expected) {
  const { id, at } = attempt;
  if (id === null) return 'not taken';
  if (fate === 'filled') await untilFilled(customer, attempt);
  const hadTime = () => performance.now() - at > patience * usualMs;
  await until('it had its time', hadTime, fillsWithinMs);
  return finals.includes(await statusOf(customer, id)) ? 'filled' : 'waits';
}

export async function signsIn({ url }: { url: string }, credentials: object): Promise<boolean> {
  const answer = await askOnce(bankClient(url), signInText, { input: credentials });
  const said = field(answer, 'signIn') as { readonly __typename: string } | null;
  return said?.__typename === 'SignInSuccess';
}
