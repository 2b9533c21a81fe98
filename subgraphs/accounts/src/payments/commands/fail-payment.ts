import { publish } from '@simplebank/chassis/outbox';
import type { Cause } from '@simplebank/contracts/event';
import { actorOfJob, audit } from '../../commands/audit.ts';
import type { Deps } from '../../deps.ts';
import { paymentFact } from '../../events/published.ts';
import { lockPayment, savePayment } from '../data/payments.ts';
import { fail, type Payment } from '../domain/payment.ts';
import { releaseHold } from './release-hold.ts';

export type Failure = {
  readonly id: string;
  readonly reason: string;
  /** The provider never answered, as opposed to having refused. */
  readonly expired: boolean;
};

/** Ends a payment that will not come; a withdrawal's money is free again. */
export async function failPayment(deps: Deps, { id, reason, expired }: Failure): Promise<void> {
  await deps.transact(async (tx) => {
    const payment = await lockPayment(tx, id);
    const failed = payment && fail(payment, reason, deps.clock.now());
    if (!failed) return;
    await savePayment(tx, failed);
    await releaseHold(deps, tx, { payment, expired });
    const states = { reason, before: payment.status, after: failed.status };
    const by = actorOfJob('payment-provider');
    await audit(tx, deps, [{ by, command: 'failPayment', subject: id, ...states }]);
    await publish(tx, deps, [paymentFact(failed, causeOfJob(payment))]);
  });
}

/** A notice of the provider belongs to the story of its payment. */
export const causeOfJob = ({ id }: Payment): Cause => ({
  correlationId: id,
  causationId: null,
  traceparent: null,
});
