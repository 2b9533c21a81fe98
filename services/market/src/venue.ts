import type { Decimal } from '@simplebank/kernel/decimal';

/** What a venue is asked to do. The client id is the order id, so that a repeat is recognized. */
export type Instruction = {
  readonly clientId: string;
  readonly symbol: string;
  readonly side: 'BUY' | 'SELL';
  readonly type: string;
  readonly timeInForce: string;
  /** Either this or `tradeValue`, the most that may be spent on shares. */
  readonly quantity: Decimal | null;
  readonly tradeValue: Decimal | null;
  /** The limit or the collar: nothing may trade beyond it. */
  readonly limitPrice: Decimal;
  readonly expiresAt: Date;
};

export type PlaceAnswer =
  | {
      readonly kind: 'ACKNOWLEDGED';
      readonly clientId: string;
      readonly venueOrderId: string;
      readonly at: Date;
    }
  | { readonly kind: 'REJECTED'; readonly clientId: string; readonly reason: string };

type CancelAnswer = {
  readonly clientId: string;
  /** True: the end is reported when it has happened. False: it ended otherwise. */
  readonly accepted: boolean;
};

/** What happened to an order at the venue, in the order in which it happened. */
export type VenueReport =
  | {
      readonly kind: 'EXECUTED';
      readonly clientId: string;
      readonly venueOrderId: string;
      /** Unique within the venue. */
      readonly executionId: string;
      readonly quantity: Decimal;
      readonly price: Decimal;
      readonly at: Date;
    }
  | {
      readonly kind: 'ENDED';
      readonly clientId: string;
      readonly venueOrderId: string;
      readonly outcome: 'FILLED' | 'CANCELED' | 'EXPIRED';
      readonly at: Date;
    };

export type ReportPage = { readonly reports: readonly VenueReport[]; readonly resumePoint: string };

/** bid ≤ last ≤ ask. */
export type VenueQuote = { readonly bid: Decimal; readonly ask: Decimal; readonly last: Decimal };

/**
 * A place where orders trade, one implementation per venue. It is an outside party: a call that
 * throws or has no answer for an order says nothing about whether the venue took it.
 */
export type Venue = {
  readonly name: string;
  readonly isOpen: (at: Date) => boolean;
  /** A client id that the venue knows already gets its first answer again and no second order. */
  readonly place: (instructions: readonly Instruction[]) => Promise<readonly PlaceAnswer[]>;
  /** Answers for the ids that the venue knows, and for no other. */
  readonly find: (clientIds: readonly string[]) => Promise<readonly PlaceAnswer[]>;
  readonly cancel: (clientIds: readonly string[]) => Promise<readonly CancelAnswer[]>;
  /** Reports after the resume point, oldest first; the empty point is the beginning. */
  readonly reports: (after: string) => Promise<ReportPage>;
  readonly quotes: (
    symbols: readonly string[],
    at: Date,
  ) => Promise<ReadonlyMap<string, VenueQuote>>;
};
