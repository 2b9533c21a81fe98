import {
  type PageArguments,
  pageAsked,
  timePlace,
  toConnection,
} from '@simplebank/chassis/connections';
import { isUuid } from '@simplebank/kernel/ids';
import type { Reader } from '../../data/client.ts';
import { type ExceptionPlace, findException, listExceptions } from '../data/booking-exceptions.ts';
import type { BookingException } from '../domain/booking-exception.ts';

export type ExceptionsAsked = PageArguments & { readonly open: boolean };

/** Executions that could not be booked, newest first. Throws BAD_INPUT for a page out of bounds. */
export async function exceptionsOf(db: Reader, { open, ...page }: ExceptionsAsked) {
  const { first, after } = pageAsked(page, readPlace);
  const rows = await listExceptions(db, { open, before: after, limit: first + 1 });
  return toConnection(rows, { first, placeOf: ({ at, id }) => [at.toISOString(), id] });
}

/** Throws for one that is not there. */
export async function exceptionById(db: Reader, id: string): Promise<BookingException> {
  const found = await findException(db, id);
  if (found) return found;
  throw new Error(`exception ${id} is not there`);
}

function readPlace([at, id]: readonly unknown[]): ExceptionPlace | null {
  const instant = timePlace(at);
  return instant && typeof id === 'string' && isUuid(id) ? { at: instant, id } : null;
}
