import { isUuid } from '@simplebank/kernel/ids';
import { ok, type Result, refuse } from '@simplebank/kernel/result';
import { audit } from '../../commands/audit.ts';
import { type KeyReused, once } from '../../commands/once.ts';
import type { Story } from '../../commands/story.ts';
import type { Tx } from '../../data/client.ts';
import type { Deps } from '../../deps.ts';
import { lockNotice, saveNotices } from '../data/notices.ts';
import { lockPayment } from '../data/payments.ts';
import { bookingOf, type Notice } from '../domain/notice.ts';
import { movePayment } from './move-payment.ts';

export type ResolveNotice = {
  readonly notice: Notice;
  /** BOOK: what the notice says has happened. DISMISS: it has not, or it is booked already. */
  readonly decision: 'BOOK' | 'DISMISS';
  readonly reason: string;
  readonly idempotencyKey: string;
};
export type ResolveRefusal =
  | { readonly code: 'NOTICE_NOT_PARKED' | 'NOTICE_NOT_BOOKABLE' }
  | KeyReused;

/** Staff decides what a parked notice means; its payment moves in the same transaction. */
export async function resolveNotice(
  deps: Deps,
  { notice: { id, paymentId }, decision, reason, idempotencyKey }: ResolveNotice,
  story: Story,
): Promise<Result<string, ResolveRefusal>> {
  const command = 'resolvePaymentNotice';
  const input = { id, decision, reason };
  const owner = story.by.actor;
  const ask = { owner, key: idempotencyKey, command, input, movesMoney: true };
  return once<ResolveRefusal>(deps, ask, async (tx) => {
    // The payment first: whoever moves one locks in this order.
    const payment = isUuid(paymentId) ? await lockPayment(tx, paymentId) : null;
    const notice = await lockNotice(tx, id);
    if (notice?.state !== 'PARKED') return refuse({ code: 'NOTICE_NOT_PARKED' });
    if (decision === 'BOOK') {
      const move = payment && bookingOf(payment, notice);
      if (!move) return refuse({ code: 'NOTICE_NOT_BOOKABLE' });
      await movePayment(deps, tx, { payment, move, story, because: reason });
    }
    await end(deps, tx, { notice, decision, reason, story });
    return ok(id);
  });
}

type Ending = Pick<ResolveNotice, 'notice' | 'decision' | 'reason'> & { readonly story: Story };

async function end(deps: Deps, tx: Tx, { notice, decision, reason, story }: Ending) {
  const state = decision === 'BOOK' ? 'BOOKED' : 'DISMISSED';
  await saveNotices(tx, [{ notice, state }], deps.clock.now());
  const states = { before: notice.state, after: state };
  const act = { by: story.by, command: 'resolvePaymentNotice', subject: notice.id, reason };
  await audit(tx, deps, [{ ...act, ...states }]);
}
