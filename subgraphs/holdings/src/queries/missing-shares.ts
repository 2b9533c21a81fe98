import {
  type PageArguments,
  pageAsked,
  timePlace,
  toConnection,
} from '@simplebank/chassis/connections';
import { isUuid } from '@simplebank/kernel/ids';
import {
  findMissingShares,
  listMissingShares,
  type MissingPlace,
  sumErrorPositions,
} from '../data/missing-shares.ts';
import type { Deps } from '../deps.ts';
import type { MissingKey, MissingShares } from '../domain/missing-shares.ts';

export type MissingAsked = PageArguments & { readonly open: boolean };

/** Missing shares, newest first. Throws BAD_INPUT for a page out of bounds. */
export async function missingSharesPage({ db }: Pick<Deps, 'db'>, asked: MissingAsked) {
  const { open, ...page } = asked;
  const { first, after } = pageAsked(page, readPlace);
  const rows = await listMissingShares(db, { open, before: after, limit: first + 1 });
  return toConnection(rows, { first, placeOf });
}

const placeOf = ({ raisedAt, orderId, executionId }: MissingShares) => [
  ...[raisedAt.toISOString(), orderId, executionId],
];

function readPlace([at, orderId, executionId]: readonly unknown[]): MissingPlace | null {
  const raisedAt = timePlace(at);
  if (raisedAt === null || typeof orderId !== 'string' || !isUuid(orderId)) return null;
  return typeof executionId === 'string' ? { raisedAt, orderId, executionId } : null;
}

/** Throws for shares that are not there. */
export async function missingSharesOf({ db }: Pick<Deps, 'db'>, key: MissingKey) {
  const found = await findMissingShares(db, key);
  if (found) return found;
  throw new Error(`missing shares of execution ${key.executionId} are not there`);
}

export const errorPositions = ({ db }: Pick<Deps, 'db'>) => sumErrorPositions(db);
