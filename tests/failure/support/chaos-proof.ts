import { isDeepStrictEqual } from 'node:util';
import { expect } from 'vitest';
import { waitFor } from '../../../tools/bank/client.ts';
import { allOrders, booksFrom, booksOf } from '../../support/books.ts';
import { runReconciler, type ToldReport } from '../../support/reconcile.ts';
import type { Customer, Load, Placed } from './chaos-load.ts';

const finals = ['FILLED', 'CANCELED', 'EXPIRED', 'REJECTED', 'FAILED'];
const patience = { withinMs: 180_000, everyMs: 500 };

type Seen = Awaited<ReturnType<typeof allOrders>>;

/** Null while an order is under way, and while the bank does not answer. */
async function finalOrders(customer: Customer): Promise<Seen | null> {
  const orders = await allOrders(customer.door(), customer.accountId).catch(() => null);
  return orders?.every(({ status }) => finals.includes(status)) ? orders : null;
}

async function endOf(customer: Customer): Promise<Seen> {
  const what = `the end of every order of ${customer.accountId}`;
  try {
    return await waitFor(what, () => finalOrders(customer), patience);
  } catch (error) {
    const left = await allOrders(customer.door(), customer.accountId).catch(() => []);
    const open = left.filter(({ status }) => !finals.includes(status));
    const told = open.map(({ id, side, status }) => `${id} ${side} ${status}`);
    throw new Error(`not final: ${told.join(', ') || 'unknown'}`, { cause: error });
  }
}

export type Counts = {
  readonly wanted: number;
  readonly attempts: number;
  readonly accepted: number;
  readonly completed: number;
  /** Accepted, and not there or not ended as it had to. */
  readonly lost: number;
  /** There without having been accepted, or executed for more than was wanted. */
  readonly doubled: number;
  readonly endedWithinMs: number;
};

function judge(
  placed: readonly Placed[],
  { customer, orders }: { customer: Customer; orders: Seen },
) {
  const own = placed.filter((one) => one.customer === customer);
  const seen = new Map(orders.map((order) => [order.id, order]));
  const expected = new Set([customer.stockOrderId, ...own.map(({ orderId }) => orderId)]);
  const quantityOf = ({ end, quantity }: Placed) => (end === 'FILLED' ? quantity : '0');
  const isRight = (one: Placed) => {
    const order = seen.get(one.orderId);
    return order?.status === one.end && order.filledQuantity === quantityOf(one);
  };
  const isTooMuch = (one: Placed) =>
    Number(seen.get(one.orderId)?.filledQuantity ?? 0) > Number(quantityOf(one));
  return {
    completed: own.filter(({ orderId }) => seen.has(orderId)).length,
    lost: own.filter((one) => !isRight(one)).length,
    doubled:
      own.filter(isTooMuch).length +
      orders.filter(({ id }) => !expected.has(id)).length +
      (new Set(own.map(({ orderId }) => orderId)).size < own.length ? 1 : 0),
  };
}

/** The books of one customer, which must follow from the orders alone. */
async function expectBooks(customer: Customer, orders: Seen): Promise<void> {
  const expected = booksFrom(orders, customer.deposited);
  let books: Awaited<ReturnType<typeof booksOf>> | null = null;
  await waitFor(
    `the books of ${customer.accountId}`,
    async () => {
      books = await booksOf(customer.door(), customer.accountId).catch(() => null);
      return isDeepStrictEqual(books, expected) ? books : null;
    },
    patience,
  ).catch(() => expect(books).toEqual(expected));
}

/**
 * Waits until all that the load placed has ended, and holds the books of every customer against
 * their orders.
 */
export async function proveLoad(load: Load, customers: readonly Customer[]): Promise<Counts> {
  const placed = await load.placed;
  const since = performance.now();
  const ended: { customer: Customer; orders: Seen }[] = [];
  for (const customer of customers) ended.push({ customer, orders: await endOf(customer) });
  const endedWithinMs = Math.round(performance.now() - since);
  for (const { customer, orders } of ended) await expectBooks(customer, orders);
  const judged = ended.map((one) => judge(placed, one));
  const total = (of: 'completed' | 'lost' | 'doubled') =>
    judged.reduce((sum, one) => sum + one[of], 0);
  return {
    ...{ wanted: placed.length, attempts: load.tries.attempts, accepted: load.accepted() },
    ...{ completed: total('completed'), lost: total('lost'), doubled: total('doubled') },
    endedWithinMs,
  };
}

/** `npm run reconcile` on these databases: 0 when all contexts agree about everything. */
export async function driftOf(databaseUrls: Readonly<Record<string, string>>): Promise<number> {
  const named = Object.entries(databaseUrls);
  const env = Object.fromEntries(
    named.map(([name, url]) => [`${name.toUpperCase()}_DATABASE_URL`, url]),
  );
  const { code, said, complained } = await runReconciler({ args: ['--json'], env });
  if (code === 2) throw new Error(complained);
  const report = JSON.parse(said) as ToldReport;
  expect(report.drift).toEqual([]);
  return report.drift.length;
}

/** Ends a test: prints the counts and demands that nothing was lost and nothing came twice. */
export function expectNothingLost(what: string, counts: Counts & Record<string, unknown>): void {
  console.log(`${what}: ${JSON.stringify(counts)}`);
  const { wanted, accepted, completed, lost, doubled } = counts;
  expect({ accepted, completed, lost, doubled }).toEqual({
    ...{ accepted: wanted, completed: wanted, lost: 0, doubled: 0 },
  });
}

/** Every run can be played again: FAILURE_SEED, else one drawn from the clock. */
export function failureSeed(): number {
  const seed = Number(process.env['FAILURE_SEED'] ?? Date.now() % 1_000_000);
  console.log(`FAILURE_SEED=${seed}`);
  return seed;
}
