import { PublicError } from '@simplebank/chassis/errors';
import { parseIdOrNumber } from '@simplebank/kernel/ids';
import type { Context } from '../../context.ts';
import { countCustomers, findCustomerIds, listCustomers } from '../data/customers.ts';
import type { Identity } from '../domain/identity.ts';

const sizeMax = 100;
/** Further pages cost as much as they skip. */
const pageMax = 100_000;
const namesMax = 100;

export type PageAsked = { readonly page: number; readonly size: number };

/** By number. Throws BAD_INPUT for a page out of bounds. */
export async function customersPage({ db }: Pick<Context, 'db'>, { page, size }: PageAsked) {
  within(page, { field: 'page', max: pageMax });
  within(size, { field: 'size', max: sizeMax });
  const [items, total] = await Promise.all([
    listCustomers(db, { skip: (page - 1) * size, take: size }),
    countCustomers(db),
  ]);
  return { items, page, size, total };
}

/** In the order of `names`; null for whoever is unknown, or whom the viewer may not see. */
export async function customersNamed(
  { db, loaders }: Pick<Context, 'db' | 'loaders'>,
  names: readonly string[],
): Promise<(Identity | null)[]> {
  within(names.length, { field: 'ids', max: namesMax });
  const keys = names.map(parseIdOrNumber);
  const numbers = keys.flatMap((key) => (key && 'number' in key ? [key.number] : []));
  const idByNumber = await findCustomerIds(db, numbers);
  const customers = await Promise.all(
    keys.map((key) => {
      const id = key && ('id' in key ? key.id : idByNumber.get(key.number));
      return id ? loaders.identities.load(id) : null;
    }),
  );
  // Staff can sign in too, but are nobody's customers.
  return customers.map((customer) => (customer?.number ? customer : null));
}

function within(count: number, { field, max }: { field: string; max: number }): void {
  if (count >= 1 && count <= max) return;
  throw new PublicError('BAD_INPUT', `Expected 1 to ${max}.`, { field });
}
