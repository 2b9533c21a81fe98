import { PublicError } from '@simplebank/chassis/errors';

/** The size of a page. Throws BAD_INPUT that names `first` when it is less than 1 or too many. */
export function pageSize(first: number | null | undefined, max: number, usual = 20): number {
  const size = first ?? usual;
  if (size >= 1 && size <= max) return size;
  throw new PublicError('BAD_INPUT', `Expected 1 to ${max}.`, { field: 'first' });
}

/** A cursor says where its row stands, not which page it was on, so it outlives changes. */
export const cursorOf = (place: readonly (string | number)[]): string =>
  Buffer.from(JSON.stringify(place)).toString('base64url');

const cursorCharsMax = 200;

/** Throws BAD_INPUT that names `after` for a text that no page of ours gave. */
export function placeOf<T>(
  cursor: string | null | undefined,
  read: (place: readonly unknown[]) => T | null,
): T | null {
  if (cursor === null || cursor === undefined) return null;
  const place = cursor.length <= cursorCharsMax ? decoded(cursor) : null;
  const known = place && read(place);
  if (known) return known;
  throw new PublicError('BAD_INPUT', 'Expected a cursor of an earlier page.', { field: 'after' });
}

function decoded(cursor: string): readonly unknown[] | null {
  try {
    const place: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    return Array.isArray(place) ? place : null;
  } catch {
    return null;
  }
}
