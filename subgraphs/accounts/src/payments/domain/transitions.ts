import type { Payment, PaymentKind, PaymentStatus } from './payment.ts';

export const triggers = [
  'SEND',
  'CONFIRM',
  'REFUSE',
  'EXPIRE',
  'CANCEL',
  'RETURN',
  'BOOK_LATE',
] as const;
export type Trigger = (typeof triggers)[number];

/**
 * What a transition does to the money: CREDIT adds to cash, TAKE takes what is available and owes
 * the rest, CAPTURE spends the hold, RELEASE gives it back.
 */
export type Effect = 'NONE' | 'CREDIT' | 'TAKE' | 'CAPTURE' | 'RELEASE';

export type Transition = {
  readonly kind: PaymentKind;
  readonly from: PaymentStatus;
  readonly trigger: Trigger;
  readonly to: PaymentStatus;
  readonly effect: Effect;
};

const row = (
  kind: PaymentKind,
  [from, trigger, to]: readonly [PaymentStatus, Trigger, PaymentStatus],
  effect: Effect,
): Transition => ({ kind, from, trigger, to, effect });

/**
 * Every change of state there is (domain §2.4, §2.6); a trigger of the database holds the same.
 * EXPIRE is the provider's silence of 7 days for a deposit, of 14 for a withdrawal, whose hold ends
 * with it. BOOK_LATE is staff booking a confirmation that came after the payment had failed: the
 * money did move, and only a person may say so.
 */
const transitions: readonly Transition[] = [
  row('DEPOSIT', ['CREATED', 'SEND', 'SUBMITTED'], 'NONE'),
  row('DEPOSIT', ['CREATED', 'CANCEL', 'CANCELED'], 'NONE'),
  row('DEPOSIT', ['SUBMITTED', 'CONFIRM', 'COMPLETED'], 'CREDIT'),
  row('DEPOSIT', ['SUBMITTED', 'REFUSE', 'FAILED'], 'NONE'),
  row('DEPOSIT', ['SUBMITTED', 'EXPIRE', 'FAILED'], 'NONE'),
  row('DEPOSIT', ['COMPLETED', 'RETURN', 'RETURNED'], 'TAKE'),
  row('DEPOSIT', ['FAILED', 'BOOK_LATE', 'COMPLETED'], 'CREDIT'),
  row('WITHDRAWAL', ['CREATED', 'SEND', 'SUBMITTED'], 'NONE'),
  row('WITHDRAWAL', ['CREATED', 'CANCEL', 'CANCELED'], 'RELEASE'),
  row('WITHDRAWAL', ['SUBMITTED', 'CONFIRM', 'COMPLETED'], 'CAPTURE'),
  row('WITHDRAWAL', ['SUBMITTED', 'REFUSE', 'FAILED'], 'RELEASE'),
  row('WITHDRAWAL', ['SUBMITTED', 'EXPIRE', 'FAILED'], 'RELEASE'),
  row('WITHDRAWAL', ['COMPLETED', 'RETURN', 'RETURNED'], 'CREDIT'),
  row('WITHDRAWAL', ['FAILED', 'BOOK_LATE', 'COMPLETED'], 'TAKE'),
];

const nameOf = (kind: PaymentKind, from: PaymentStatus, trigger: Trigger) =>
  `${kind} ${from} ${trigger}`;
const byName = new Map(transitions.map((t) => [nameOf(t.kind, t.from, t.trigger), t]));

type Placed = Pick<Payment, 'kind' | 'status'>;

/** Null when the table has no such transition. */
export const transitionOf = ({ kind, status }: Placed, trigger: Trigger): Transition | null =>
  byName.get(nameOf(kind, status, trigger)) ?? null;

/**
 * What ends a payment, or sends it back; `reason` is the provider's word or ours, null where none
 * is needed. New payments are sent off many at once, by a statement of their own.
 */
export type Move = { readonly trigger: Exclude<Trigger, 'SEND'>; readonly reason: string | null };

export type Moved = { readonly payment: Payment; readonly effect: Effect };

/** The payment after the move. Throws when the table has no such transition. */
export function moved(payment: Payment, { trigger, reason }: Move, at: Date): Moved {
  const transition = transitionOf(payment, trigger);
  if (!transition) {
    throw new Error(`payment ${payment.id} is ${payment.status}: no ${trigger} from there`);
  }
  const { to, effect } = transition;
  const next = { ...payment, status: to, version: payment.version + 1 };
  if (to === 'RETURNED') {
    return { effect, payment: { ...next, returnedAt: at, returnReason: reason ?? unnamed } };
  }
  const failureReason = to === 'FAILED' ? (reason ?? unnamed) : null;
  return { effect, payment: { ...next, failureReason, endedAt: at } };
}

/** A provider need not say why. */
const unnamed = 'NOT_SAID';
