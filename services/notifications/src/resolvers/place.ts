import { timePlace } from '@simplebank/chassis/connections';
import { isUuid } from '@simplebank/kernel/ids';

/** Where a row stands in a list that is ordered by time and id. */
export type Place = { readonly at: Date; readonly id: string };

/** Reads a cursor's place; null for what is none. */
export function placeOf([time, id]: readonly unknown[]): Place | null {
  const at = timePlace(time);
  return at && typeof id === 'string' && isUuid(id) ? { at, id } : null;
}
