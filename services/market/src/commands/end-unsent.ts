import { lockEndedUnsent } from '../data/venue-claims.ts';
import type { Deps } from '../deps.ts';
import { recordHappenings } from './record-news.ts';

const ordersPerTurn = 500;

/**
 * While the venue cannot be reached, orders that never got there still end: those that are to be
 * canceled, and those whose time in force is over. Answers how many it ended.
 */
export async function endUnsent(deps: Deps): Promise<number> {
  return deps.transact(async (tx) => {
    const locked = await lockEndedUnsent(tx, deps.clock.now(), ordersPerTurn);
    const happenings = [...locked.values()].map((known) => {
      const outcome = known.order.cancelState === 'ASKED' ? 'CANCELED' : 'EXPIRED';
      return { known, list: [{ kind: 'ENDED', outcome } as const] };
    });
    await recordHappenings(tx, deps, happenings);
    return locked.size;
  });
}
