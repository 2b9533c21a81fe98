import type { Money } from '@simplebank/kernel/money';

const resolutionKinds = ['BOOKED_TO_CUSTOMER', 'BOOKED_TO_HOUSE', 'DISMISSED'] as const;
export type ResolutionKind = (typeof resolutionKinds)[number];

/** An execution that the ledger could not book (domain §9), and what staff decided about it. */
export type BookingException = {
  readonly id: string;
  readonly accountId: string;
  readonly orderId: string;
  readonly executionId: string;
  readonly code: 'NO_HOLD' | 'BEYOND_HOLD';
  readonly detail: string;
  /** What was to be booked; null in an exception of the first release. */
  readonly body: string | null;
  readonly cost: Money | null;
  readonly at: Date;
  readonly resolution: ExceptionResolution | null;
};

type ExceptionResolution = {
  readonly kind: ResolutionKind;
  readonly reason: string;
  readonly actor: string;
  readonly transactionId: string | null;
  readonly at: Date;
};
