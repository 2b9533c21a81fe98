import { lockExpiredUnsent } from '../data/venue-claims.ts';
import type { Deps } from '../deps.ts';
import { recordHappenings } from './record-news.ts';

const ordersPerTurn = 200;

/** While the venue cannot be reached, orders that were never sent still end with their time. */
export async function expireUnsent(deps: Deps): Promise<void> {
  await deps.transact(async (tx) => {
    const locked = await lockExpiredUnsent(tx, deps.clock.now(), ordersPerTurn);
    const happenings = [...locked.values()].map((known) => ({
      known,
      list: [{ kind: 'ENDED', outcome: 'EXPIRED' } as const],
    }));
    await recordHappenings(tx, deps, happenings);
  });
}
