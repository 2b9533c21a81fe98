import type { Deps } from '../../deps.ts';
import {
  hasCreated,
  listUnderWay,
  markAcknowledged,
  markAsked,
  takeCreated,
} from '../data/payments.ts';
import { isOverdue, type Payment } from '../domain/payment.ts';
import type { PaymentOrder } from '../provider.ts';
import { completePayment } from './complete-payment.ts';
import { failPayment } from './fail-payment.ts';

/** Payments that one run sends or asks about; the others have their turn in the next. */
const paymentsMax = 100;
const callsAtOnceMax = 8;

/**
 * Sends new payments to the provider and asks how those under way stand. A row says that a payment
 * is on its way before the provider is called, outside any transaction; until the provider has
 * taken it, it is submitted again, which the provider ignores.
 */
export async function advancePayments(deps: Deps): Promise<void> {
  const { db, clock } = deps;
  if (await hasCreated(db)) {
    await deps.transact((tx) => takeCreated(tx, { now: clock.now(), max: paymentsMax }));
  }
  const payments = await listUnderWay(db, paymentsMax);
  const waiting: string[] = [];
  const taken: string[] = [];
  for (let start = 0; start < payments.length; start += callsAtOnceMax) {
    const some = payments.slice(start, start + callsAtOnceMax);
    // So many at once and no more: the provider and our connections have other work, too.
    const outcomes = await Promise.all(some.map((payment) => advance(deps, payment)));
    for (const [index, { id }] of some.entries()) {
      if (outcomes[index] === 'SUBMITTED') taken.push(id);
      else if (outcomes[index] === 'WAITING') waiting.push(id);
    }
  }
  await markAcknowledged(db, taken, clock.now());
  await markAsked(db, waiting, clock.now());
}

type Outcome = 'SUBMITTED' | 'WAITING' | 'ENDED';

/** One payment's trouble with the provider is logged and does not hold up the others. */
async function advance(deps: Deps, payment: Payment): Promise<Outcome> {
  try {
    if (payment.acknowledgedAt) return await ask(deps, payment);
    await deps.provider.submit(orderOf(payment));
    return 'SUBMITTED';
  } catch (error) {
    const fields = { payment_id: payment.id, error, error_code: 'PROVIDER_FAILED' };
    deps.log.warn(fields, 'a payment does not get on');
    return 'WAITING';
  }
}

async function ask(deps: Deps, payment: Payment): Promise<Outcome> {
  const { id } = payment;
  const answer = await deps.provider.status(orderOf(payment));
  if (answer.state === 'CONFIRMED') await completePayment(deps, id);
  else if (answer.state === 'REFUSED') {
    await failPayment(deps, { id, reason: answer.reason, expired: false });
  } else if (isOverdue(payment, deps.clock.now())) {
    await failPayment(deps, { id, reason: 'PROVIDER_SILENT', expired: true });
  } else return 'WAITING';
  return 'ENDED';
}

function orderOf({ id, kind, amount, reference, submittedAt }: Payment): PaymentOrder {
  if (!submittedAt) throw new Error(`payment ${id} is under way without a time`);
  return { paymentId: id, kind, amount, reference, submittedAt };
}
