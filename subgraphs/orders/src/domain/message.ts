import type { Decimal } from '@simplebank/kernel/decimal';
import type { Split } from './split.ts';
import type { Ticks } from './ticks.ts';
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

/** The asset of the order was split; its own steps of prices, and whether parts of it trade. */
export type SplitMessage = {
  readonly event: 'REBASED';
  readonly split: Split;
  readonly ticks: Ticks | null;
  readonly fractionable: boolean;
};

/** What an order is told. */
export type Message =
  | { readonly event: 'RESERVED' | 'TIME_ENDED' | 'MARKET_OPENED' | 'CANCEL_REFUSED' }
  | { readonly event: 'REFUSED'; readonly code: string }
  | {
      readonly event: 'CANCEL_ASKED';
      /** Null: nobody asked, the code says why. */
      readonly actorId: string | null;
      readonly code?: 'CORPORATE_ACTION';
    }
  | { readonly event: 'ENDED_BY_STAFF'; readonly actorId: string }
  | SplitMessage
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
