import { type ClaimedOrder, claimUnsent, releaseLeases, unclaim } from '../data/venue-claims.ts';
import { lockOrders } from '../data/venue-orders.ts';
import type { Deps } from '../deps.ts';
import type { Happening } from '../domain/venue-order.ts';
import type { PlaceAnswer } from '../venue.ts';
import { callMsMax, VenueResting } from '../venues/guarded.ts';
import { recordHappenings } from './record-news.ts';

const ordersPerTurn = 200;
/** Longer than asking and placing may take, so that nobody else sends what is on its way. */
export const leaseMs = 2 * callMsMax + 2_000;
const retryMs = 1_000;

/**
 * Sends the orders that are due, many at once: 200 cost five statements and one call, which keeps
 * 300 orders a second within reach of one process. Answers how many it took. While the venue rests
 * it takes none, so that no attempt is used up (OPS-58).
 */
export async function sendOrders(deps: Deps): Promise<number> {
  const { clock, transact, venue } = deps;
  if (!venue.isReachable()) return 0;
  const at = clock.now();
  const leaseUntil = new Date(at.getTime() + leaseMs);
  const claimed = await transact((tx) =>
    claimUnsent(tx, { at, leaseUntil, ordersMax: ordersPerTurn }),
  );
  if (claimed.length === 0) return 0;
  try {
    await record(deps, await askVenue(deps, claimed));
  } catch (error) {
    await giveBack(deps, claimed, error);
    throw error;
  }
  return claimed.length;
}

/** What was asked of nobody is as it was before: no attempt, and not in doubt. */
async function giveBack(
  { clock, transact }: Deps,
  claimed: readonly ClaimedOrder[],
  error: unknown,
): Promise<void> {
  const again = new Date(clock.now().getTime() + retryMs);
  const idsOf = (orders: readonly ClaimedOrder[]) => orders.map(({ order }) => order.orderId);
  const untouched = error instanceof VenueResting ? claimed.filter((one) => !one.inDoubt) : [];
  const touched = claimed.filter((one) => !untouched.includes(one));
  await transact(async (tx) => {
    if (untouched.length > 0) await unclaim(tx, idsOf(untouched), again);
    if (touched.length > 0) await releaseLeases(tx, idsOf(touched), again);
  });
}

type Answer = readonly [orderId: string, happening: Happening];
type Answers = ReadonlyMap<string, Happening>;

/** Asks first about orders in doubt; then places what is new to the venue and still wanted. */
async function askVenue(deps: Deps, claimed: readonly ClaimedOrder[]): Promise<Answers> {
  const doubtful = claimed.flatMap(({ inDoubt, order }) => (inDoubt ? [order.orderId] : []));
  const found = doubtful.length > 0 ? await deps.venue.find(doubtful) : [];
  const known = new Set(found.map(({ clientId }) => clientId));
  const unknown = claimed.filter(({ order }) => !known.has(order.orderId));
  const now = deps.clock.now();
  const ended = unknown.flatMap(({ order, instruction }): readonly Answer[] => {
    if (order.cancelState === 'ASKED') return [[order.orderId, canceled]];
    return instruction.expiresAt <= now ? [[order.orderId, expired]] : [];
  });
  const over = new Set(ended.map(([orderId]) => orderId));
  const wanted = unknown.filter(({ order }) => !over.has(order.orderId));
  const placed =
    wanted.length > 0 ? await deps.venue.place(wanted.map(({ instruction }) => instruction)) : [];
  const answered = [...found, ...placed].map(
    (answer): Answer => [answer.clientId, happeningOf(answer)],
  );
  return new Map([...ended, ...answered]);
}

const canceled = { kind: 'ENDED', outcome: 'CANCELED' } as const;
const expired = { kind: 'ENDED', outcome: 'EXPIRED' } as const;

const happeningOf = (answer: PlaceAnswer): Happening =>
  answer.kind === 'ACKNOWLEDGED'
    ? { kind: 'PLACED', venueOrderId: answer.venueOrderId, at: answer.at }
    : { kind: 'REJECTED', reason: answer.reason };

/** An order without an answer keeps its lease and is asked about when that ends. */
async function record({ transact, ...deps }: Deps, answers: Answers): Promise<void> {
  await transact(async (tx) => {
    const locked = await lockOrders(tx, [...answers.keys()]);
    const happenings = [...locked].map(([orderId, known]) => {
      const happening = answers.get(orderId);
      return { known, list: happening ? [happening] : [] };
    });
    await recordHappenings(tx, deps, happenings);
  });
}
