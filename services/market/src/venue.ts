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
  /** Nothing trades until the last price has reached it; null: the order trades at once. */
  readonly stopPrice: Decimal | null;
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

/** The basis of a split for an order: what is left of it counts in new shares, at these prices. */
export type Rebase = {
  readonly clientId: string;
  readonly actionId: string;
  /** What was traded on this date or later was traded in new shares. */
  readonly exDate: string;
  /** New shares for old ones. */
  readonly numerator: number;
  readonly denominator: number;
  readonly limitPrice: Decimal;
  readonly stopPrice: Decimal | null;
};

export type ReplaceAnswer = { readonly clientId: string; readonly actionId: string } & (
  | { readonly kind: 'REPLACED'; readonly quantity: Decimal | null }
  /** It had ended, or has no lawful rest: its end is reported when it has happened. */
  | { readonly kind: 'ENDED' }
);

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

/** bid ≤ last ≤ ask, and how much stands behind them if the venue says so. */
type VenueQuote = {
  readonly bid: Decimal;
  readonly ask: Decimal;
  readonly last: Decimal;
  readonly bidSize?: Decimal | null | undefined;
  readonly askSize?: Decimal | null | undefined;
};

/**
 * A place where orders trade, one implementation per venue. It is an outside party: a call that
 * throws or has no answer for an order says nothing about whether the venue took it, unless it
 * throws VenueNotReached or VenueRefusedCall.
 */
export type Venue = {
  readonly name: string;
  /** A client id that the venue knows already gets its first answer again and no second order. */
  readonly place: (instructions: readonly Instruction[]) => Promise<readonly PlaceAnswer[]>;
  /** Answers for the ids that the venue knows, and for no other. */
  readonly find: (clientIds: readonly string[]) => Promise<readonly PlaceAnswer[]>;
  readonly cancel: (clientIds: readonly string[]) => Promise<readonly CancelAnswer[]>;
  /** Once per (order, action): a repeat gets the first answer. */
  readonly replace: (rebases: readonly Rebase[]) => Promise<readonly ReplaceAnswer[]>;
  /** Reports after the resume point, oldest first; the empty point is the beginning. */
  readonly reports: (after: string) => Promise<ReportPage>;
  /** The prices of now. */
  readonly quotes: (symbols: readonly string[]) => Promise<ReadonlyMap<string, VenueQuote>>;
};

/** The call never got to the venue, so nothing of it was done there. */
export class VenueNotReached extends Error {
  override readonly name = 'VenueNotReached';
}

/** The venue answered that it does not take this call: the fault is ours, and it is well. */
export class VenueRefusedCall extends Error {
  override readonly name = 'VenueRefusedCall';
  /** What it was told is not understood; else it does not take calls of ours, or not now. */
  readonly isAboutContent: boolean;

  constructor(message: string, { isAboutContent }: { readonly isAboutContent: boolean }) {
    super(message);
    this.isAboutContent = isAboutContent;
  }
}
