import { createHash } from 'node:crypto';
import type { Taken, Told } from '../data/simulated-provider.ts';
import type { NoticeKind } from '../domain/notice.ts';
import type { PaymentOrder } from '../provider.ts';

/** How the simulated provider behaves; percentages are of payments, notices or calls. */
export type SimulatedBehaviour = {
  readonly seed: string;
  /** How long it takes to confirm or refuse. */
  readonly delayMs: number;
  /** How long after its confirmation a payment is taken back. */
  readonly returnDelayMs: number;
  readonly refusePercent: number;
  readonly returnPercent: number;
  /** Notices that are told again, later. */
  readonly repeatPercent: number;
  /** Notices that are told late, after others that happened later. */
  readonly reorderPercent: number;
  /** Notices that are never told. */
  readonly silentPercent: number;
};

/** A payment of this reference whose amount ends in .99 is refused, to show how that goes. */
const refusedReference = 'FAIL';
const refusedEnding = /\.99$/;
/** A payment of this reference is confirmed and taken back later. */
const returnedReference = 'RETURN';

/** True for so many of a hundred; depends on nothing but the words. */
export function happens(percent: number, ...words: readonly (string | number)[]): boolean {
  if (percent === 0) return false;
  const digest = createHash('sha256').update(words.join('\u0000')).digest();
  return digest.readUInt32BE(0) % 100 < percent;
}

export const refusedFor = 'REFUSED_BY_PROVIDER';
export const returnedFor = 'TAKEN_BACK_BY_PROVIDER';

export type Plan = { readonly taken: Taken; readonly told: readonly Told[] };

/** All that will become of a payment, decided by its words and the seed when it is taken. */
export function planFor(order: PaymentOrder, behaviour: SimulatedBehaviour, now: Date): Plan {
  const { paymentId } = order;
  const { seed, delayMs, returnDelayMs } = behaviour;
  const isRefused =
    (order.reference === refusedReference && refusedEnding.test(order.amount.amount.toFixed(2))) ||
    happens(behaviour.refusePercent, seed, paymentId, 'refuse');
  const isReturned =
    !isRefused &&
    (order.reference === returnedReference ||
      happens(behaviour.returnPercent, seed, paymentId, 'return'));
  const answersAt = later(now, delayMs);
  const returnsAt = isReturned ? later(answersAt, returnDelayMs) : null;
  const outcome = isRefused ? 'REFUSED' : 'CONFIRMED';
  const answer = notice({ paymentId, kind: outcome, at: answersAt });
  const happened = returnsAt
    ? [answer, notice({ paymentId, kind: 'RETURNED', at: returnsAt })]
    : [answer];
  return {
    taken: { paymentId, outcome, answersAt, returnsAt },
    told: happened.flatMap((one) => tellings(one, behaviour)),
  };
}

const later = (at: Date, ms: number): Date => new Date(at.getTime() + ms);

const reasons: Readonly<Record<NoticeKind, string | null>> = {
  CONFIRMED: null,
  REFUSED: refusedFor,
  RETURNED: returnedFor,
};

function notice({ paymentId, kind, at }: Pick<Told, 'paymentId' | 'kind' | 'at'>): Told {
  const noticeId = `sim-${paymentId}-${kind.toLowerCase()}`;
  return { noticeId, paymentId, kind, reason: reasons[kind], at, dueAt: at };
}

/** When a notice is told: at once, late, twice or never. */
function tellings(one: Told, behaviour: SimulatedBehaviour): Told[] {
  const { seed, delayMs, returnDelayMs } = behaviour;
  const { noticeId } = one;
  if (happens(behaviour.silentPercent, seed, noticeId, 'silent')) return [];
  const isLate = happens(behaviour.reorderPercent, seed, noticeId, 'late');
  // Later than the whole story of the payment, and than those of its neighbours.
  const told = isLate ? { ...one, dueAt: later(one.dueAt, delayMs + 2 * returnDelayMs) } : one;
  const isTwice = happens(behaviour.repeatPercent, seed, noticeId, 'twice');
  return isTwice ? [told, { ...told, dueAt: later(told.dueAt, delayMs) }] : [told];
}
