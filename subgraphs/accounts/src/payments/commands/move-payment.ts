import { publish } from '@simplebank/chassis/outbox';
import type { Cause } from '@simplebank/contracts/event';
import { actorOfJob, audit } from '../../commands/audit.ts';
import type { Story } from '../../commands/story.ts';
import type { Tx } from '../../data/client.ts';
import type { Deps } from '../../deps.ts';
import { paymentFact } from '../../events/published.ts';
import { savePayment } from '../data/payments.ts';
import type { Payment } from '../domain/payment.ts';
import { type Move, moved, type Trigger } from '../domain/transitions.ts';
import { bookMoney } from './book-money.ts';

export type PaymentMove = {
  /** Locked by the caller. */
  readonly payment: Payment;
  readonly move: Move;
  readonly story: Story;
  /** Why staff does it; the provider's own reason stands on the payment. */
  readonly because?: string;
};

/**
 * The one way a payment changes its state: money, row, audit and event in the transaction of the
 * caller. Throws when the table of transitions has no such move.
 */
export async function movePayment(deps: Deps, tx: Tx, asked: PaymentMove): Promise<Payment> {
  const { payment, move, story, because } = asked;
  const { payment: after, effect } = moved(payment, move, deps.clock.now());
  await bookMoney(deps, tx, { payment, move, effect, story });
  await savePayment(tx, after);
  const states = { before: payment.status, after: after.status };
  const act = { by: story.by, command: commands[move.trigger], subject: payment.id, ...states };
  await audit(tx, deps, [{ ...act, reason: because ?? move.reason }]);
  await publish(tx, deps, [paymentFact(after, story.cause)]);
  return after;
}

const commands: Readonly<Record<Exclude<Trigger, 'SEND'>, string>> = {
  CONFIRM: 'completePayment',
  REFUSE: 'failPayment',
  EXPIRE: 'failPayment',
  CANCEL: 'cancelPayment',
  RETURN: 'returnPayment',
  BOOK_LATE: 'bookLatePayment',
};

/** What the provider says of a payment belongs to the payment's story. */
export const storyOfProvider = (paymentId: string): Story => ({
  by: actorOfJob('payment-provider'),
  cause: causeOf(paymentId),
});

const causeOf = (paymentId: string): Cause => ({
  correlationId: paymentId,
  causationId: null,
  traceparent: null,
});
