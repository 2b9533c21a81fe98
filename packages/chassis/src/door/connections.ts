import { parseIdOrNumber } from '@simplebank/kernel/ids';
import { PublicError } from './errors.ts';

const firstUsual = 20;
const firstMax = 100;
const cursorCharsMax = 200;

/** The arguments of every field that answers a connection. */
export type PageArguments = {
  readonly first?: number | null | undefined;
  readonly after?: string | null | undefined;
};
export type PageAsked<Place> = { readonly first: number; readonly after: Place | null };

export type CountBounds = { readonly usual?: number; readonly max?: number };

/** How many are asked for. Throws PublicError BAD_INPUT that names `first` when out of bounds. */
export function countAsked(
  first: number | null | undefined,
  { usual = firstUsual, max = firstMax }: CountBounds = {},
): number {
  const count = first ?? usual;
  if (count >= 1 && count <= max) return count;
  throw new PublicError('BAD_INPUT', `Expected 1 to ${max}.`, { field: 'first' });
}

/**
 * Which page is asked for; `read` knows the places of this list and answers null for any other.
 * Throws PublicError BAD_INPUT that names `first` or `after`.
 */
export function pageAsked<Place>(
  { first, after }: PageArguments,
  read: (place: readonly unknown[]) => Place | null,
  max = firstMax,
): PageAsked<Place> {
  const count = countAsked(first, { max });
  if (after === null || after === undefined) return { first: count, after: null };
  const parts = after.length <= cursorCharsMax ? decoded(after) : null;
  const place = parts && read(parts);
  if (place !== null) return { first: count, after: place };
  throw new PublicError('BAD_INPUT', 'Expected a cursor of an earlier page.', { field: 'after' });
}

/** Reads a place in a list that is ordered by a number; its node's place is `[String(number)]`. */
export function numberPlace([text]: readonly unknown[]): bigint | null {
  const key = typeof text === 'string' ? parseIdOrNumber(text) : null;
  return key && 'number' in key ? key.number : null;
}

const instant = /^(?!0000)\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;

/** Reads an instant of a place, as `toISOString` writes it; null for a year PostgreSQL lacks. */
export function timePlace(text: unknown): Date | null {
  if (typeof text !== 'string' || !instant.test(text)) return null;
  const at = new Date(text);
  return Number.isNaN(at.getTime()) ? null : at;
}

export type ConnectionShape<Node> = {
  readonly first: number;
  /** Where a node stands in the order of its list. */
  readonly placeOf: (node: Node) => readonly (string | number)[];
};
export type Connection<Node> = {
  readonly edges: { readonly cursor: string; readonly node: Node }[];
  readonly nodes: Node[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
};

/** Cuts a page out of one row more than was asked for: it tells whether there is a next page. */
export function toConnection<Node>(
  rows: readonly Node[],
  { first, placeOf }: ConnectionShape<Node>,
): Connection<Node> {
  const nodes = rows.slice(0, first);
  const edges = nodes.map((node) => ({ cursor: cursorOf(placeOf(node)), node }));
  const endCursor = edges.at(-1)?.cursor ?? null;
  return { edges, nodes, pageInfo: { hasNextPage: rows.length > first, endCursor } };
}

/** A cursor says where its row stands, not which page it was on, so it outlives changes. */
export const cursorOf = (place: readonly (string | number)[]): string =>
  Buffer.from(JSON.stringify(place)).toString('base64url');

function decoded(cursor: string): readonly unknown[] | null {
  try {
    const place: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    return Array.isArray(place) && !place.some(isUnreadable) ? place : null;
  } catch {
    return null;
  }
}

/** PostgreSQL refuses the zero character. */
const isUnreadable = (part: unknown): boolean => typeof part === 'string' && part.includes('\0');
