import { type ClaimedOrder, claimUnsent, giveBack, putOff } from '../data/venue-claims.ts';
import { lockOrders } from '../data/venue-orders.ts';
import type { Deps } from '../deps.ts';
import type { Happening } from '../domain/venue-order.ts';
import { type PlaceAnswer, VenueNotReached } from '../venue.ts';
import { callMsMax, VenueResting } from '../venues/guarded.ts';
import { type Isolated, isHopeless, isolated, pauseMsAfter } from './isolated.ts';
import { recordHappenings } from './record-news.ts';

const ordersPerTurn = 200;
/** Longer than asking and placing may take, so that nobody else sends what is on its way. */
export const leaseMs = 2 * callMsMax + 2_000;
const retryMs = 1_000;

/**
 * Sends the orders that are due, many at once: 200 cost five statements and one call, which keeps
 * 300 orders a second within reach of one process. Answers how many it took. While the venue rests
 * it takes none, and a call without an answer uses up no attempt either (OPS-58).
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
  const doubtful = new Set(claimed.flatMap(({ inDoubt, order }) => (inDoubt ? order.orderId : [])));
  try {
    const { answers, refused } = await askVenue(deps, { claimed, doubtful });
    await record(deps, answers, refused);
  } catch (error) {
    const orderIds = claimed.map(({ order }) => order.orderId);
    const again = new Date(clock.now().getTime() + retryMs);
    await transact((tx) => giveBack(tx, { orderIds, inDoubt: [...doubtful], at: again }));
    throw error;
  }
  return claimed.length;
}

type Asking = {
  readonly claimed: readonly ClaimedOrder[];
  /** Nobody knows whether they are at the venue; what is placed without an answer joins them. */
  readonly doubtful: Set<string>;
};

type Answer = readonly [orderId: string, happening: Happening];
type Answers = ReadonlyMap<string, Happening>;
type Asked = { readonly answers: Answers; readonly refused: readonly ClaimedOrder[] };

/** Asks first about orders in doubt; then places what is new to the venue and still wanted. */
async function askVenue(deps: Deps, { claimed, doubtful }: Asking): Promise<Asked> {
  const found = doubtful.size > 0 ? await deps.venue.find([...doubtful]) : [];
  const known = new Set(found.map(({ clientId }) => clientId));
  const unknown = claimed.filter(({ order }) => !known.has(order.orderId));
  const now = deps.clock.now();
  const ended = unknown.flatMap(({ order, instruction }): readonly Answer[] => {
    if (order.cancelState === 'ASKED') return [[order.orderId, canceled]];
    return instruction.expiresAt <= now ? [[order.orderId, expired]] : [];
  });
  const over = new Set(ended.map(([orderId]) => orderId));
  const wanted = unknown.filter(({ order }) => !over.has(order.orderId));
  const { answers, refused } = await place(deps, wanted, doubtful);
  const answered = [...found, ...answers].map(
    (answer): Answer => [answer.clientId, happeningOf(answer)],
  );
  const hopeless = refused
    .filter(isHopeless)
    .map(({ order }): Answer => [order.orderId, { kind: 'REJECTED', reason: notUnderstood }]);
  return {
    answers: new Map([...ended, ...answered, ...hopeless]),
    refused: refused.filter((order) => !isHopeless(order)),
  };
}

const notUnderstood = 'the venue does not understand the order';

async function place(
  { venue }: Deps,
  orders: readonly ClaimedOrder[],
  doubtful: Set<string>,
): Promise<Isolated<ClaimedOrder, PlaceAnswer>> {
  if (orders.length === 0) return { answers: [], refused: [] };
  try {
    return await isolated(orders, (some) =>
      venue.place(some.map(({ instruction }) => instruction)),
    );
  } catch (error) {
    const isKnown = error instanceof VenueResting || error instanceof VenueNotReached;
    if (!isKnown) for (const { order } of orders) doubtful.add(order.orderId);
    throw error;
  }
}

const canceled = { kind: 'ENDED', outcome: 'CANCELED' } as const;
const expired = { kind: 'ENDED', outcome: 'EXPIRED' } as const;

const happeningOf = (answer: PlaceAnswer): Happening =>
  answer.kind === 'ACKNOWLEDGED'
    ? { kind: 'PLACED', venueOrderId: answer.venueOrderId, at: answer.at }
    : { kind: 'REJECTED', reason: answer.reason };

/** An order without an answer keeps its lease and is asked about when that ends. */
async function record(
  { transact, ...deps }: Deps,
  answers: Answers,
  refused: readonly ClaimedOrder[],
): Promise<void> {
  const now = deps.clock.now().getTime();
  const again = refused.map((claimed) => ({
    orderId: claimed.order.orderId,
    at: new Date(now + pauseMsAfter(claimed)),
  }));
  await transact(async (tx) => {
    const locked = await lockOrders(tx, [...answers.keys()]);
    const happenings = [...locked].map(([orderId, known]) => {
      const happening = answers.get(orderId);
      return { known, list: happening ? [happening] : [] };
    });
    await recordHappenings(tx, deps, happenings);
    if (again.length > 0) await putOff(tx, again);
  });
  for (const { orderId } of again) {
    const fields = { order_id: orderId, error_code: 'ORDER_NOT_UNDERSTOOD' };
    deps.log.error(fields, `${deps.venue.name} does not understand an order, even alone`);
  }
}
