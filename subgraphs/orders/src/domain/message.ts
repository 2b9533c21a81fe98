import type { Decimal } from '@simplebank/kernel/decimal';
import type { OrderEvent } from './transitions.ts';

/** An execution as the venue reports it. */
export type Report = {
  readonly executionId: string;
  readonly quantity: Decimal;
  readonly price: Decimal;
  readonly executedAt: Date;
};

/** An end that the venue told, after this many executions. */
export type EndMessage =
  | { readonly event: 'VENUE_CANCELED' | 'VENUE_EXPIRED'; readonly executions: number }
  | { readonly event: 'VENUE_FAILED'; readonly executions: number; readonly code: string };

/** What an order is told. */
export type Message =
  | { readonly event: 'RESERVED' | 'TIME_ENDED' | 'MARKET_OPENED' | 'CANCEL_REFUSED' }
  | { readonly event: 'REFUSED'; readonly code: string }
  | { readonly event: 'CANCEL_ASKED'; readonly actorId: string }
  | { readonly event: 'PLACED'; readonly venueOrderId: string }
  | ({ readonly event: 'EXECUTED' } & Report)
  | EndMessage;

export const isEnd = (message: Message): message is EndMessage =>
  message.event === 'VENUE_CANCELED' ||
  message.event === 'VENUE_EXPIRED' ||
  message.event === 'VENUE_FAILED';

const fromVenue: ReadonlySet<OrderEvent> = new Set([
  'PLACED',
  'EXECUTED',
  'VENUE_CANCELED',
  'CANCEL_REFUSED',
  'VENUE_EXPIRED',
  'VENUE_FAILED',
]);

/** The venue cannot speak of an order that was not opened; such a message came before its cause. */
export const comesFromVenue = ({ event }: Message): boolean => fromVenue.has(event);
