import { claimCancels, releaseLeases } from '../data/venue-claims.ts';
import { lockOrders } from '../data/venue-orders.ts';
import type { Deps } from '../deps.ts';
import { recordHappenings } from './record-news.ts';
import { leaseMs } from './send-orders.ts';

const cancelsPerTurn = 200;
const retryMs = 1_000;

/** Asks the venue to cancel what is to be canceled; answers how many orders that were. */
export async function sendCancels(deps: Deps): Promise<number> {
  const { clock, transact, venue } = deps;
  if (!venue.isReachable()) return 0;
  const at = clock.now();
  const leaseUntil = new Date(at.getTime() + leaseMs);
  const ids = await transact((tx) =>
    claimCancels(tx, { at, leaseUntil, ordersMax: cancelsPerTurn }),
  );
  if (ids.length === 0) return 0;
  try {
    const answers = new Map(
      (await venue.cancel(ids)).map(({ clientId, accepted }) => [clientId, accepted]),
    );
    await transact(async (tx) => {
      const locked = await lockOrders(tx, [...answers.keys()]);
      const happenings = [...locked.values()].map((known) => {
        const accepted = answers.get(known.order.orderId) ?? false;
        return { known, list: [{ kind: 'CANCEL_ANSWERED', accepted } as const] };
      });
      await recordHappenings(tx, deps, happenings);
    });
  } catch (error) {
    const again = new Date(clock.now().getTime() + retryMs);
    await transact((tx) => releaseLeases(tx, ids, again));
    throw error;
  }
  return ids.length;
}
