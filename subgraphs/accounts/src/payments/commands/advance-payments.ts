import { OutboundError } from '@simplebank/chassis/outbound';
import { accountStatuses, statesAllowing } from '../../accounts/index.ts';
import type { Deps } from '../../deps.ts';
import { type Called, claimDue, findWork, saveCalls, takeCreated } from '../data/payments.ts';
import { nextCallAt, overdueAt, type Payment } from '../domain/payment.ts';
import { sendingAt } from '../domain/sending.ts';
import type { PaymentOrder } from '../provider.ts';
import { settlePayment } from './settle-payment.ts';
import { applyNotices, readNotices } from './take-notices.ts';

/** Payments that one run sends or asks about; the others have their turn in the next. */
const paymentsMax = 100;
const callsAtOnceMax = 8;
/** Longer than a run can take: 100 payments, 8 at once, two calls of 5 s each. */
const leaseMs = 180_000;
const withdrawing = statesAllowing('withdraw');

/**
 * Sends new payments to the provider, takes in what it tells, and asks about those of which it has
 * told nothing for a while. A row says that a payment is on its way before the provider is called,
 * outside any transaction.
 */
export async function advancePayments(deps: Deps): Promise<void> {
  const { db, clock, provider } = deps;
  const now = clock.now();
  const sending = sendingAt(now, { all: accountStatuses, withdrawing });
  const work = await findWork(db, provider.name, { now, sending });
  if (work.created) {
    await deps.transact((tx) => takeCreated(tx, { now, sending, max: paymentsMax }));
  }
  const isReachable = provider.isReachable?.() !== false;
  if (isReachable && (work.created || work.due)) await callProvider(deps);
  const hasRead = isReachable && (await readNotices(deps, work.resumePoint));
  if (hasRead || work.noticesDue) await applyNotices(deps);
}

async function callProvider(deps: Deps): Promise<void> {
  const { clock } = deps;
  const now = clock.now();
  const leaseUntil = new Date(now.getTime() + leaseMs);
  const due = await deps.transact((tx) => claimDue(tx, { now, max: paymentsMax, leaseUntil }));
  for (let start = 0; start < due.length; start += callsAtOnceMax) {
    const some = due.slice(start, start + callsAtOnceMax);
    // So many at once and no more: the provider and our connections have other work, too.
    const calls = await Promise.all(some.map((payment) => call(deps, payment)));
    await saveCalls(deps.db, calls);
  }
}

/** One payment's trouble with the provider is logged and does not hold up the others. */
async function call(deps: Deps, payment: Payment): Promise<Called> {
  const { clock } = deps;
  const later = (acknowledgedAt: Date | null): Called => {
    const next = nextCallAt({ ...payment, acknowledgedAt }, clock.now());
    return { id: payment.id, acknowledgedAt, nextCallAt: next };
  };
  try {
    const isOverdue = overdueAt(payment) <= clock.now();
    if (payment.acknowledgedAt === null && !isOverdue) {
      await deps.provider.submit(orderOf(payment));
      return later(clock.now());
    }
    const answer = await deps.provider.status(orderOf(payment));
    const isSilent = answer.state === 'PENDING' || answer.state === 'UNKNOWN';
    if (!isSilent || isOverdue) await settlePayment(deps, { paymentId: payment.id, answer });
    // What it does not know it has never taken: it is submitted again.
    return later(answer.state === 'UNKNOWN' ? null : (payment.acknowledgedAt ?? clock.now()));
  } catch (error) {
    logTrouble(deps, { payment_id: payment.id, error });
    return later(payment.acknowledgedAt);
  }
}

/** While the provider is left alone there is nothing to say that was not said. */
function logTrouble({ log }: Deps, fields: { readonly payment_id: string; error: unknown }): void {
  const { error } = fields;
  if (error instanceof OutboundError && error.code === 'CIRCUIT_OPEN') return;
  log.warn({ ...fields, error_code: 'PROVIDER_FAILED' }, 'a payment does not get on');
}

function orderOf({ id, kind, amount, reference, submittedAt }: Payment): PaymentOrder {
  if (!submittedAt) throw new Error(`payment ${id} is under way without a time`);
  return { paymentId: id, kind, amount, reference, submittedAt };
}
