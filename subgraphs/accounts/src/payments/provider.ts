import type { Money } from '@simplebank/kernel/money';
import type { NoticeKind } from './domain/notice.ts';
import type { PaymentKind } from './domain/payment.ts';

/** What a provider is asked to move. */
export type PaymentOrder = {
  readonly paymentId: string;
  readonly kind: PaymentKind;
  readonly amount: Money;
  readonly reference: string | null;
  readonly submittedAt: Date;
};

export type ProviderState =
  /** UNKNOWN: it was never taken, so it is to be submitted again. */
  | { readonly state: 'UNKNOWN' | 'PENDING' | 'CONFIRMED' }
  /** RETURNED: it was confirmed before. */
  | { readonly state: 'REFUSED' | 'RETURNED'; readonly reason: string };

/** What the provider tells unasked: at least once, in any order. */
export type ProviderNotice = {
  /** The same for each repeat of a notice. */
  readonly noticeId: string;
  readonly paymentId: string;
  readonly kind: NoticeKind;
  readonly reason: string | null;
  readonly at: Date;
};

export type NoticePage = {
  readonly notices: readonly ProviderNotice[];
  readonly resumePoint: string;
};

/**
 * The outside party that moves money between banks. A call that throws says nothing about whether
 * the provider took the payment.
 */
export type PaymentProvider = {
  readonly name: string;
  /** False while a call would not be made at all; absent, it always would. */
  readonly isReachable?: () => boolean;
  /** Idempotent by payment id: whoever is not sure asks again. */
  readonly submit: (order: PaymentOrder) => Promise<void>;
  /** How it stands with a payment that was submitted. */
  readonly status: (order: PaymentOrder) => Promise<ProviderState>;
  /** Notices after the resume point; the empty point is the beginning. */
  readonly notices: (after: string) => Promise<NoticePage>;
};
