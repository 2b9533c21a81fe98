import { PublicError } from '@simplebank/chassis/errors';

const pageSizeDefault = 20;
const pageSizeMax = 100;

export type PageAsk = { readonly first?: number | null; readonly after?: string | null };

/** Numbers come newest first; before the first page stands more than any number can be. */
const beyondAll = 9_223_372_036_854_775_807n;
const cursor = /^n([1-9]\d{0,17})$/;

/** Reads a page's arguments. Throws BAD_INPUT that names the argument. */
export function newest({ first, after }: PageAsk) {
  const limit = first ?? pageSizeDefault;
  if (limit < 1 || limit > pageSizeMax) {
    throw new PublicError('BAD_INPUT', `Expected 1 to ${pageSizeMax}.`, { field: 'first' });
  }
  if (!after) return { limit, before: beyondAll };
  const text = Buffer.from(after, 'base64url').toString('utf8');
  const number = cursor.exec(text)?.[1];
  if (number) return { limit, before: BigInt(number) };
  throw new PublicError('BAD_INPUT', 'Expected a cursor that this list has given.', {
    field: 'after',
  });
}

export type PageShape<T> = {
  readonly limit: number;
  /** The number of an item, by which the list is ordered. */
  readonly cursorOf: (item: T) => string;
};

/** One item more than the limit was read: it tells whether there is another page. */
export function pageOf<T>(items: readonly T[], { limit, cursorOf }: PageShape<T>) {
  const nodes = items.slice(0, limit);
  const last = nodes.at(-1);
  const endCursor = last ? Buffer.from(`n${cursorOf(last)}`).toString('base64url') : null;
  return { nodes, pageInfo: { hasNextPage: items.length > limit, endCursor } };
}
