/** Where an order stands (domain §3.1); the states that replacing needs come with it. */
export const orderStatuses = [
  'RESERVING',
  'ACCEPTED',
  'OPEN',
  'PLACED',
  'PARTIALLY_FILLED',
  'CANCEL_PENDING',
  'FILLED',
  'CANCELED',
  'EXPIRED',
  'REJECTED',
  'FAILED',
] as const;
export type OrderStatus = (typeof orderStatuses)[number];

export const finalStatuses = ['FILLED', 'CANCELED', 'EXPIRED', 'REJECTED', 'FAILED'] as const;
export type FinalStatus = (typeof finalStatuses)[number];

/** Those that have not ended. */
export const openStatuses = [
  'RESERVING',
  'ACCEPTED',
  'OPEN',
  'PLACED',
  'PARTIALLY_FILLED',
  'CANCEL_PENDING',
] as const;

/** The venue may know the order. */
export const liveStatuses = ['OPEN', 'PLACED', 'PARTIALLY_FILLED', 'CANCEL_PENDING'] as const;

export const isFinal = (status: OrderStatus): status is FinalStatus =>
  finalStatuses.some((final) => final === status);
