import { cursorOf } from '@simplebank/chassis/connections';
import { PublicError } from '@simplebank/chassis/errors';
import type { Reader } from '../../data/client.ts';
import { findHorizon, listTold } from '../data/told.ts';
import { placeBefore, type ToldPlace, toldPlaceOf } from '../domain/told.ts';
import { shown } from './activities.ts';

export type ToldAsked = { readonly first: number; readonly after: ToldPlace | null };

/**
 * What happened on an account since a place: nothing is left out, however late a transaction
 * commits; one that runs for long only delays. Throws PublicError BAD_INPUT for a place that this
 * database has not reached, such as one from another copy of it.
 */
export async function activitiesSince(db: Reader, accountId: string, { first, after }: ToldAsked) {
  const horizon = await findHorizon(db);
  if (after === null) {
    return { nodes: [], cursor: cursorAt(placeBefore(horizon)), hasMore: false };
  }
  if (after.recordedIn > horizon) {
    const message = 'Expected a cursor of an earlier update.';
    throw new PublicError('BAD_INPUT', message, { field: 'after' });
  }
  const found = await listTold(db, { accountId, after, horizon, max: first + 1 });
  const nodes = found.slice(0, first);
  return {
    nodes: nodes.map((row) => ({ cursor: cursorAt(row), activity: shown(row) })),
    cursor: cursorAt(nodes.at(-1) ?? after),
    hasMore: found.length > first,
  };
}

const cursorAt = (place: ToldPlace): string => cursorOf(toldPlaceOf(place));
