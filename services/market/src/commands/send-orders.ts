import { type OpenSpan, openSpan, spanErrorOf } from '@simplebank/chassis/spans';
import { inStory } from '@simplebank/chassis/story';
import { type ClaimedOrder, claimUnsent, giveBack, putOff } from '../data/venue-claims.ts';
import { type KnownOrder, lockOrders } from '../data/venue-orders.ts';
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
    await record(deps, await askVenue(deps, { claimed, doubtful }));
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
type Asked = {
  readonly answers: Answers;
  readonly refused: readonly ClaimedOrder[];
  /** By order id: the span of the call that placed it, for what follows from the answer. */
  readonly spans: Spans;
};
type Spans = ReadonlyMap<string, OpenSpan>;

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
  const { answers, refused, spans } = await placeTraced(deps, wanted, doubtful);
  const answered = [...found, ...answers].map(
    (answer): Answer => [answer.clientId, happeningOf(answer)],
  );
  const hopeless = refused
    .filter(isHopeless)
    .map(({ order }): Answer => [order.orderId, { kind: 'REJECTED', reason: notUnderstood }]);
  return {
    answers: new Map([...ended, ...answered, ...hopeless]),
    refused: refused.filter((order) => !isHopeless(order)),
    spans,
  };
}

/**
 * Each order of a call has a span of its own, in its own trace. The call itself belongs to the
 * story of its order when there is only one.
 */
async function placeTraced(
  deps: Deps,
  orders: readonly ClaimedOrder[],
  doubtful: Set<string>,
): Promise<Isolated<ClaimedOrder, PlaceAnswer> & { readonly spans: Spans }> {
  const spans = new Map(orders.map((claimed) => [claimed.order.orderId, spanOf(deps, claimed)]));
  const placing = () => place(deps, orders, doubtful);
  const [first] = orders;
  const end = (error?: string) => {
    for (const span of spans.values()) span.end({ error });
  };
  try {
    const placed =
      first && orders.length === 1 ? inStory(storyOf(first, spans), placing) : placing();
    const isolated = await placed;
    end();
    return { ...isolated, spans };
  } catch (error) {
    end(spanErrorOf(error));
    throw error;
  }
}

const spanOf = ({ venue }: Deps, { order, story }: ClaimedOrder): OpenSpan =>
  openSpan({
    ...{ service: 'market', name: 'place_on_venue', kind: 'client', parent: story.traceparent },
    attributes: { 'server.address': venue.name, 'simplebank.order_id': order.orderId },
  });

const storyOf = ({ order: { orderId }, story }: ClaimedOrder, spans: Spans) => ({
  requestId: story.correlationId,
  traceparent: spans.get(orderId)?.traceparent ?? story.traceparent,
  orderId,
});

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

/** What the answer leads to has the call as its parent. */
const within = ({ order, story }: KnownOrder, span: OpenSpan | undefined): KnownOrder => ({
  order,
  story: { ...story, traceparent: span?.traceparent ?? story.traceparent },
});

/** An order without an answer keeps its lease and is asked about when that ends. */
async function record(
  { transact, ...deps }: Deps,
  { answers, refused, spans }: Asked,
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
      return { known: within(known, spans.get(orderId)), list: happening ? [happening] : [] };
    });
    await recordHappenings(tx, deps, happenings);
    if (again.length > 0) await putOff(tx, again);
  });
  for (const { orderId } of again) {
    const fields = { order_id: orderId, error_code: 'ORDER_NOT_UNDERSTOOD' };
    deps.log.error(fields, `${deps.venue.name} does not understand an order, even alone`);
  }
}
