import {
  type AttemptRow,
  type Delivery,
  type DeliveryQuestion,
  findAttempts,
  listDeliveries,
} from '../data/deliveries.ts';
import type { Deps } from '../deps.ts';

type Reader = Pick<Deps, 'db'>;

/** Newest first, one more than asked for. */
export const deliveriesBy = (
  { db }: Reader,
  question: DeliveryQuestion,
): Promise<readonly Delivery[]> => listDeliveries(db, question);

/** In the order of `ids`. */
export const attemptsOf = (
  { db }: Reader,
  ids: readonly string[],
): Promise<readonly (readonly AttemptRow[])[]> => findAttempts(db, ids);
