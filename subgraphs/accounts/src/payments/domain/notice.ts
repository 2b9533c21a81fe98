import type { Payment, PaymentStatus } from './payment.ts';
import { type Move, transitionOf } from './transitions.ts';

export type NoticeKind = 'CONFIRMED' | 'REFUSED' | 'RETURNED';

/**
 * RECEIVED and WAITING are to be looked at; APPLIED moved its payment; REPEATED said what was
 * known; PARKED fits no transition, until staff has BOOKED or DISMISSED it.
 */
export type NoticeState =
  | 'RECEIVED'
  | 'WAITING'
  | 'APPLIED'
  | 'REPEATED'
  | 'PARKED'
  | 'BOOKED'
  | 'DISMISSED';

/** What the provider has told us of a payment. */
export type Notice = {
  readonly id: string;
  /** Counted in the order of arrival. */
  readonly number: string;
  /** The provider's own id of it. */
  readonly noticeId: string;
  /** As the provider wrote it; it may be no payment of ours. */
  readonly paymentId: string;
  readonly kind: NoticeKind;
  readonly reason: string | null;
  /** When it happened, by the provider's clock. */
  readonly at: Date;
  readonly receivedAt: Date;
  readonly state: NoticeState;
};

const triggerOf: Readonly<Record<NoticeKind, Move['trigger']>> = {
  CONFIRMED: 'CONFIRM',
  REFUSED: 'REFUSE',
  RETURNED: 'RETURN',
};

/** States in which a payment already is where the notice would take it, or has been there. */
const known: Readonly<Record<NoticeKind, readonly PaymentStatus[]>> = {
  CONFIRMED: ['COMPLETED', 'RETURNED'],
  REFUSED: ['FAILED'],
  RETURNED: ['RETURNED'],
};

export type Verdict = 'APPLY' | 'REPEAT' | 'WAIT' | 'PARK';

/** What a notice means for a payment as it is; null for no payment of ours. */
export function verdictOn(
  payment: Pick<Payment, 'kind' | 'status'> | null,
  kind: NoticeKind,
): Verdict {
  if (!payment) return 'PARK';
  if (transitionOf(payment, triggerOf[kind])) return 'APPLY';
  if (known[kind].includes(payment.status)) return 'REPEAT';
  // What has gone back must have come before: its confirmation is late or lost.
  return kind === 'RETURNED' && payment.status === 'SUBMITTED' ? 'WAIT' : 'PARK';
}

const dayMs = 86_400_000;
/** How long a return waits for its confirmation before a person looks at it. */
export const returnWaitMs = dayMs;

const moveOf = ({ kind, reason }: Pick<Notice, 'kind' | 'reason'>): Move => ({
  trigger: triggerOf[kind],
  reason: kind === 'CONFIRMED' ? null : reason,
});

/** What becomes of open notices: moves to make in this order, and the state each ends in. */
export type Folded = {
  readonly moves: readonly Move[];
  readonly states: readonly { readonly id: string; readonly state: NoticeState }[];
};
export type Open = Pick<Notice, 'id' | 'kind' | 'reason' | 'receivedAt'>;
type Placed = Pick<Payment, 'kind' | 'status'>;
type Setting = {
  readonly now: Date;
  /** The provider has been silent for too long and was asked once more. */
  readonly overdue?: boolean;
};

/**
 * Applies what can be applied, in order of arrival, until nothing more can: so a return finds the
 * confirmation that came after it. The rest says nothing new, waits, or is for a person to decide.
 */
export function foldNotices(
  payment: Placed | null,
  open: readonly Open[],
  { now, overdue = false }: Setting,
): Folded {
  const { moves, applied, at } = applyAll(payment, open);
  const expires = overdue && at !== null && transitionOf(at, 'EXPIRE') !== null;
  const end = expires ? after(at, silence) : at;
  const states = open.map((notice) => ({
    id: notice.id,
    state: applied.has(notice.id) ? ('APPLIED' as const) : leftover(end, notice, now),
  }));
  return { moves: expires ? [...moves, silence] : moves, states };
}

const silence: Move = { trigger: 'EXPIRE', reason: 'PROVIDER_SILENT' };

function applyAll(payment: Placed | null, open: readonly Open[]) {
  const moves: Move[] = [];
  const applied = new Set<string>();
  let at = payment;
  const next = () =>
    open.find(({ id, kind }) => !applied.has(id) && verdictOn(at, kind) === 'APPLY');
  for (let notice = next(); notice && at; notice = next()) {
    const move = moveOf(notice);
    moves.push(move);
    applied.add(notice.id);
    at = after(at, move);
  }
  return { moves, applied, at };
}

const after = (payment: Placed, { trigger }: Move): Placed => ({
  ...payment,
  status: transitionOf(payment, trigger)?.to ?? payment.status,
});

function leftover(payment: Placed | null, { kind, receivedAt }: Open, now: Date): NoticeState {
  const verdict = verdictOn(payment, kind);
  if (verdict === 'REPEAT') return 'REPEATED';
  if (verdict === 'WAIT' && now.getTime() < receivedAt.getTime() + returnWaitMs) return 'WAITING';
  return 'PARKED';
}

const bookedInstead: Readonly<Partial<Record<NoticeKind, Move['trigger']>>> = {
  CONFIRMED: 'BOOK_LATE',
  REFUSED: 'RETURN',
};

/**
 * How staff may book a parked notice; null when there is nothing to book. A confirmation of a
 * failed payment says that the money did move; a refusal of a completed one that it went back.
 */
export function bookingOf(payment: Placed, notice: Pick<Notice, 'kind' | 'reason'>): Move | null {
  const move = moveOf(notice);
  if (transitionOf(payment, move.trigger)) return move;
  const trigger = bookedInstead[notice.kind];
  return trigger && transitionOf(payment, trigger) ? { ...move, trigger } : null;
}
