import { finalStatuses, liveStatuses, type OrderStatus, orderStatuses } from './status.ts';

/** What can happen to an order. CREATED begins its history; the others are asked or reported. */
export const orderEvents = [
  'CREATED',
  'RESERVED', // FundsHeld or PositionReserved
  'REFUSED', // FundsRefused or PositionRefused
  'CANCEL_ASKED',
  'TIME_ENDED',
  'MARKET_OPENED',
  'PLACED',
  'EXECUTED',
  'VENUE_CANCELED',
  'CANCEL_REFUSED',
  'VENUE_EXPIRED',
  'VENUE_FAILED',
  'REBASED', // a split changed its quantity and prices
  'ENDED_BY_STAFF', // the venue is done with it, and no message can say so
] as const;
export type OrderEvent = (typeof orderEvents)[number];

/** The state before an order exists. */
export type Origin = OrderStatus | 'NONE';
export type Transition = readonly [from: Origin, event: OrderEvent, to: OrderStatus];

const from = (
  origins: readonly OrderStatus[],
  event: OrderEvent,
  ...targets: readonly OrderStatus[]
): Transition[] => origins.flatMap((origin) => targets.map((to) => [origin, event, to] as const));

const unchanged = (origins: readonly OrderStatus[], event: OrderEvent): Transition[] =>
  origins.map((origin) => [origin, event, origin]);

/** The table of domain §3.1, late fills included. A pair that is not here is illegal. */
export const transitions: readonly Transition[] = [
  ['NONE', 'CREATED', 'RESERVING'],
  ...from(['RESERVING'], 'RESERVED', 'OPEN', 'ACCEPTED'),
  ...from(['RESERVING'], 'REFUSED', 'REJECTED'),
  ...from(['RESERVING', 'ACCEPTED'], 'CANCEL_ASKED', 'CANCELED'),
  ...from(['RESERVING'], 'TIME_ENDED', 'FAILED'),
  ...from(['ACCEPTED'], 'MARKET_OPENED', 'OPEN'),
  ...from(['ACCEPTED'], 'TIME_ENDED', 'EXPIRED'),
  ...from(['OPEN'], 'PLACED', 'PLACED'),
  ...from(['OPEN', 'PLACED', 'PARTIALLY_FILLED'], 'EXECUTED', 'PARTIALLY_FILLED'),
  ...unchanged(['CANCEL_PENDING'], 'EXECUTED'),
  ...from(liveStatuses, 'EXECUTED', 'FILLED'),
  ...from(['OPEN', 'PLACED', 'PARTIALLY_FILLED'], 'CANCEL_ASKED', 'CANCEL_PENDING'),
  ...from(liveStatuses, 'VENUE_CANCELED', 'CANCELED'),
  ...from(['CANCEL_PENDING'], 'CANCEL_REFUSED', 'OPEN', 'PLACED', 'PARTIALLY_FILLED'),
  ...from(liveStatuses, 'VENUE_EXPIRED', 'EXPIRED'),
  ...from(['OPEN', 'PLACED', 'CANCEL_PENDING'], 'VENUE_FAILED', 'FAILED'),
  ...from(['PARTIALLY_FILLED', 'CANCEL_PENDING'], 'VENUE_FAILED', 'CANCELED'),
  ...unchanged(['PARTIALLY_FILLED', 'CANCEL_PENDING', ...finalStatuses], 'PLACED'),
  ...unchanged(finalStatuses, 'RESERVED'),
  ...unchanged(finalStatuses, 'REFUSED'),
  ...unchanged(finalStatuses, 'VENUE_CANCELED'),
  ...unchanged(finalStatuses, 'CANCEL_REFUSED'),
  ...unchanged(finalStatuses, 'VENUE_EXPIRED'),
  ...unchanged(['CANCELED', 'EXPIRED'], 'EXECUTED'),
  ...from(['CANCELED', 'EXPIRED'], 'EXECUTED', 'FILLED'),
  ...unchanged(orderStatuses, 'REBASED'),
  ...from([...liveStatuses, 'CANCELED', 'EXPIRED'], 'REBASED', 'FILLED'),
  ...from(liveStatuses, 'ENDED_BY_STAFF', 'CANCELED'),
];

const byPair = new Map<string, OrderStatus[]>();
for (const [origin, event, to] of transitions) {
  const pair = `${origin} ${event}`;
  byPair.set(pair, [...(byPair.get(pair) ?? []), to]);
}

/** Where this event may lead from here; empty when the pair is illegal. */
export const targetsOf = (origin: Origin, event: OrderEvent): readonly OrderStatus[] =>
  byPair.get(`${origin} ${event}`) ?? [];
