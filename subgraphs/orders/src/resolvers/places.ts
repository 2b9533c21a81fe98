import { isUuid } from '@simplebank/kernel/ids';
import type { Place } from '../domain/page.ts';

/** A year that PostgreSQL and JavaScript write alike. */
const instant = /^[12]\d{3}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;

export const placeOf = ({ at, id }: Place): readonly string[] => [at.toISOString(), id];

/** Null for what is no place of an order or of a process. */
export function readPlace([at, id]: readonly unknown[]): Place | null {
  if (typeof at !== 'string' || !instant.test(at) || Number.isNaN(Date.parse(at))) return null;
  return typeof id === 'string' && isUuid(id) ? { at: new Date(at), id } : null;
}
