import type { Order } from './order.ts';

/** Where a page ends: the newest first, ties by id. */
export type Cursor = { readonly at: Date; readonly id: string };

export type Page<Item> = { readonly items: readonly Item[]; readonly hasNextPage: boolean };
export type OrderPage = Page<Order>;

const separator = '|';

export const cursorOf = ({ at, id }: Cursor): string =>
  Buffer.from(`${at.toISOString()}${separator}${id}`).toString('base64url');

const shape = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z)\|([0-9a-f-]{36})$/;
const cursorCharsMax = 128;

/** Null for a text that `cursorOf` did not write. */
export function parseCursor(text: string): Cursor | null {
  if (text.length > cursorCharsMax) return null;
  const [, at, id] = shape.exec(Buffer.from(text, 'base64url').toString()) ?? [];
  if (!at || !id || Number.isNaN(Date.parse(at))) return null;
  return { at: new Date(at), id };
}
