import type { Money } from '@simplebank/kernel/money';
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
  | { readonly state: 'PENDING' | 'CONFIRMED' }
  | { readonly state: 'REFUSED'; readonly reason: string };

/** The outside party that moves money between banks. */
export type PaymentProvider = {
  /** Idempotent by payment id: whoever is not sure asks again. Throws when it was not reached. */
  readonly submit: (order: PaymentOrder) => Promise<void>;
  /** How it stands with a payment that was submitted. Throws when the provider was not reached. */
  readonly status: (order: PaymentOrder) => Promise<ProviderState>;
};
