import { gathering } from '@simplebank/kernel/gather';
import type { IdOrNumber } from '@simplebank/kernel/ids';
import type { Account } from '../domain/account.ts';
import type { Database } from './client.ts';
import { findAccounts } from './copies.ts';
import { findKnowledge, type Wanted } from './knowledge.ts';
import { insertOrders, type NewOrder, type Telling } from './save-orders.ts';

const bounds = { batchMax: 50, waitingMax: 1_000 };

/** A new order with what is told of it. */
export type Placing = { readonly order: NewOrder; readonly tellings: readonly Telling[] };

export type AtOnce = ReturnType<typeof openAtOnce>;

/**
 * What requests of the same moment ask of the database together: three statements for up to fifty
 * orders instead of three for each. Nobody waits for company (see `gathering`).
 */
export const openAtOnce = (db: Database) => ({
  account: gathering((names: readonly IdOrNumber[]) => accountsByName(db, names), bounds),
  knowledge: gathering((wanted: readonly Wanted[]) => findKnowledge(db, wanted), bounds),
  /** False: the order's key is taken, by whatever command, and nothing was written. */
  insertion: gathering((placings: readonly Placing[]) => insertPlacings(db, placings), bounds),
});

async function insertPlacings(db: Database, placings: readonly Placing[]): Promise<boolean[]> {
  const orders = placings.map(({ order }) => order);
  const isNew = await insertOrders(
    db,
    orders,
    placings.flatMap(({ tellings }) => tellings),
  );
  return orders.map(({ order }) => isNew.has(order.id));
}

/** Accounts by UUID or number, in the order asked; null for an unknown one. */
async function accountsByName(
  db: Database,
  names: readonly IdOrNumber[],
): Promise<(Account | null)[]> {
  const accounts = await findAccounts(db, {
    ids: names.flatMap((name) => ('id' in name ? [name.id] : [])),
    numbers: names.flatMap((name) => ('number' in name ? [name.number] : [])),
  });
  const byId = new Map(accounts.map((account) => [account.id, account]));
  const byNumber = new Map(accounts.map((account) => [account.number, account]));
  return names.map((name) =>
    'id' in name ? (byId.get(name.id) ?? null) : (byNumber.get(name.number) ?? null),
  );
}
