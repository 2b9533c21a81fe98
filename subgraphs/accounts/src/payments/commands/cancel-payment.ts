import { publish } from '@simplebank/chassis/outbox';
import { ok, type Result, refuse } from '@simplebank/kernel/result';
import { audit } from '../../commands/audit.ts';
import { type KeyReused, once } from '../../commands/once.ts';
import type { Story } from '../../commands/story.ts';
import type { Deps } from '../../deps.ts';
import { paymentFact } from '../../events/published.ts';
import { lockPayment, savePayment } from '../data/payments.ts';
import { cancel } from '../domain/payment.ts';
import { releaseHold } from './release-hold.ts';

export type CancelPayment = {
  readonly paymentId: string;
  readonly canceledById: string;
  readonly idempotencyKey: string;
};
export type CancelRefusal = { readonly code: 'NOT_CANCELABLE' } | KeyReused;

/** Takes back a payment that no provider has seen; a withdrawal's money is free again. */
export async function cancelPayment(
  deps: Deps,
  { paymentId, canceledById, idempotencyKey }: CancelPayment,
  { by, cause }: Story,
): Promise<Result<string, CancelRefusal>> {
  const asked = { owner: canceledById, key: idempotencyKey, input: { paymentId } };
  const ask = { ...asked, command: 'cancelPayment', movesMoney: true };
  return once<CancelRefusal>(deps, ask, async (tx) => {
    const payment = await lockPayment(tx, paymentId);
    if (!payment) throw new Error(`payment ${paymentId} is not there`);
    const canceled = cancel(payment, deps.clock.now());
    if (!canceled.ok) return refuse(canceled.error);

    await savePayment(tx, canceled.value);
    await releaseHold(deps, tx, { payment, expired: false });
    const states = { before: payment.status, after: canceled.value.status };
    await audit(tx, deps, [{ by, command: 'cancelPayment', subject: paymentId, ...states }]);
    await publish(tx, deps, [paymentFact(canceled.value, cause)]);
    return ok(paymentId);
  });
}
