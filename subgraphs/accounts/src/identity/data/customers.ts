import type { Reader } from '../../data/client.ts';
import type { Identity } from '../domain/identity.ts';
import { toIdentity } from './identities.ts';

/** By number. */
export async function listCustomers(
  db: Reader,
  page: { readonly skip: number; readonly take: number },
): Promise<Identity[]> {
  const rows = await db.customer.findMany({
    ...page,
    orderBy: { number: 'asc' },
    include: { identity: true },
  });
  return rows.map(({ identity, number }) => toIdentity({ ...identity, customer: { number } }));
}

export const countCustomers = (db: Reader): Promise<number> => db.customer.count();

/** UUIDs by number; unknown numbers are left out. */
export async function findCustomerIds(
  db: Reader,
  numbers: readonly bigint[],
): Promise<ReadonlyMap<bigint, string>> {
  if (numbers.length === 0) return new Map();
  const rows = await db.customer.findMany({ where: { number: { in: [...numbers] } } });
  return new Map(rows.map(({ id, number }) => [number, id]));
}
