import { isUuid } from '@simplebank/kernel/ids';
import type { Tx } from '../../data/client.ts';
import type { Deps } from '../../deps.ts';
import { lockOpenNotices, type NoticeEnd, saveNotices } from '../data/notices.ts';
import { callNow, lockPayment } from '../data/payments.ts';
import { foldNotices, type Notice, type NoticeKind, type Open } from '../domain/notice.ts';
import { overdueAt, type Payment } from '../domain/payment.ts';
import type { ProviderState } from '../provider.ts';
import { movePayment, storyOfProvider } from './move-payment.ts';

export type Asked = {
  readonly paymentId: string;
  /** What the provider has answered just now; null when only its notices are looked at. */
  readonly answer: ProviderState | null;
};

/** Whether the payment is still under way afterwards. */
export type Settled = { readonly underWay: boolean };

/**
 * Brings a payment to where the provider's answer and its open notices say it is: their marks and
 * their effects commit together. Only after an answer may a silent provider's payment expire.
 */
export async function settlePayment(deps: Deps, asked: Asked): Promise<Settled> {
  const { parked, settled } = await deps.transact((tx) => settle(deps, tx, asked));
  for (const notice of parked) {
    const { id, noticeId, paymentId, kind } = notice;
    const about = { notice_id: id, provider_notice_id: noticeId, payment_id: paymentId, kind };
    const fields = { ...about, error_code: 'NOTICE_PARKED', alert: 'PAYMENT_NOTICE_PARKED' };
    deps.log.error(fields, 'a notice of the payment provider fits no payment: staff decides');
  }
  return settled;
}

async function settle(deps: Deps, tx: Tx, { paymentId, answer }: Asked) {
  const now = deps.clock.now();
  const payment = isUuid(paymentId) ? await lockPayment(tx, paymentId) : null;
  const notices = await lockOpenNotices(tx, paymentId);
  const open = [...answered(answer, now), ...notices];
  const overdue = answer !== null && payment !== null && overdueAt(payment) <= now;
  const { moves, states } = foldNotices(payment, open, { now, overdue });

  let after = payment;
  for (const move of moves) {
    // One move builds on the one before.
    if (after) after = await movePayment(deps, tx, { payment: after, move, story: storyOf(after) });
  }
  const stateOf = new Map(states.map(({ id, state }) => [id, state]));
  const ends = notices.map(
    (notice): NoticeEnd => ({
      notice,
      state: stateOf.get(notice.id) ?? notice.state,
    }),
  );
  await saveNotices(tx, ends, now);
  // A return without its confirmation: the provider knows both, so it is asked.
  const waits = ends.some(({ notice, state }) => state === 'WAITING' && notice.state !== state);
  if (waits && payment) await callNow(tx, payment.id, now);
  const parked: Notice[] = ends.filter(isParked).map(({ notice }) => notice);
  return { parked, settled: { underWay: after?.status === 'SUBMITTED' } };
}

const storyOf = ({ id }: Payment) => storyOfProvider(id);
const isParked = ({ state }: NoticeEnd): boolean => state === 'PARKED';

const kindsOf: Readonly<Record<ProviderState['state'], readonly NoticeKind[]>> = {
  UNKNOWN: [],
  PENDING: [],
  CONFIRMED: ['CONFIRMED'],
  REFUSED: ['REFUSED'],
  RETURNED: ['CONFIRMED', 'RETURNED'],
};

/** An answer is as good as the notices that have led to it. */
function answered(answer: ProviderState | null, receivedAt: Date): Open[] {
  if (!answer) return [];
  const reason = 'reason' in answer ? answer.reason : null;
  return kindsOf[answer.state].map((kind) => ({ id: `asked:${kind}`, kind, reason, receivedAt }));
}
