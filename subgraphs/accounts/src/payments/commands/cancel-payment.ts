import { ok, type Result, refuse } from '@simplebank/kernel/result';
import { type KeyReused, once } from '../../commands/once.ts';
import type { Story } from '../../commands/story.ts';
import type { Deps } from '../../deps.ts';
import { lockPayment } from '../data/payments.ts';
import { transitionOf } from '../domain/transitions.ts';
import { movePayment } from './move-payment.ts';

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
  story: Story,
): Promise<Result<string, CancelRefusal>> {
  const asked = { owner: canceledById, key: idempotencyKey, input: { paymentId } };
  const ask = { ...asked, command: 'cancelPayment', movesMoney: true };
  return once<CancelRefusal>(deps, ask, async (tx) => {
    const payment = await lockPayment(tx, paymentId);
    if (!payment) throw new Error(`payment ${paymentId} is not there`);
    if (!transitionOf(payment, 'CANCEL')) return refuse({ code: 'NOT_CANCELABLE' });
    const move = { trigger: 'CANCEL', reason: null } as const;
    await movePayment(deps, tx, { payment, move, story });
    return ok(paymentId);
  });
}
