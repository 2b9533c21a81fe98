import { cursorOf } from '@simplebank/chassis/connections';
import { PublicError } from '@simplebank/chassis/errors';
import { findHorizon, findUpdates, type Update } from '../data/updates.ts';
import type { Deps } from '../deps.ts';
import { placeBefore, type UpdatePlace, updatePlaceOf } from '../domain/update.ts';

export type UpdatesPage = {
  readonly accountId: string;
  readonly nodes: readonly Update[];
  readonly cursor: string;
  readonly hasMore: boolean;
};
export type UpdatesAsked = { readonly first: number; readonly after: UpdatePlace | null };

/**
 * What happened to the orders of an account since a place: nothing is left out, however late a
 * transaction commits; one that runs for long only delays. Throws PublicError BAD_INPUT for a place
 * that this database has not reached, such as one from another copy of it.
 */
export async function updatesSince(
  { db }: Deps,
  accountId: string,
  { first, after }: UpdatesAsked,
): Promise<UpdatesPage> {
  const horizon = await findHorizon(db);
  if (after === null) {
    const cursor = cursorOf(updatePlaceOf(placeBefore(horizon)));
    return { accountId, nodes: [], cursor, hasMore: false };
  }
  if (after.recordedIn > horizon) {
    throw new PublicError('BAD_INPUT', 'Expected a cursor of an earlier update.', {
      field: 'after',
    });
  }
  const found = await findUpdates(db, { accountId, after, horizon, max: first + 1 });
  const nodes = found.slice(0, first);
  const cursor = cursorOf(updatePlaceOf(nodes.at(-1)?.place ?? after));
  return { accountId, nodes, cursor, hasMore: found.length > first };
}
