import { type Circumstances, type Dossier, decide, type ExceptionReason } from './decide.ts';
import type { Entry } from './history.ts';
import type { Message } from './message.ts';
import type { Order } from './order.ts';
import { mayGoOn } from './rebase.ts';
import { leavesAfter } from './split.ts';
import { isFinal } from './status.ts';
import { targetsOf } from './transitions.ts';

/** One line of history and the order as it stood after it. */
export type Step = { readonly entry: Entry; readonly order: Order };

/** What no transition fits, and where it stood then. */
export type Misfit = {
  readonly order: Order;
  readonly message: Message;
  readonly causeId: string | null;
  readonly reason: ExceptionReason;
};

export type Advance = {
  readonly dossier: Dossier;
  readonly steps: readonly Step[];
  readonly misfits: readonly Misfit[];
};

/**
 * Tells an order one message, and then whatever was waiting for that, oldest first. So any order
 * of arrival, with any repeats, ends in the same state (domain §13 law 6).
 */
export function advance(dossier: Dossier, message: Message, at: Circumstances): Advance {
  return drain(tell(dossier, message, at), at);
}

function tell(dossier: Dossier, message: Message, at: Circumstances): Advance {
  const decision = decide(dossier, message, at);
  const { order } = dossier;
  const { causeId } = at;
  switch (decision.kind) {
    case 'known':
      return { dossier, steps: [], misfits: [] };
    case 'exception': {
      const { reason } = decision;
      const misfits = [{ order, message, causeId, reason }];
      return { dossier: overfilledToo(dossier, message, reason), steps: [], misfits };
    }
    case 'waiting':
      return { dossier: waitingToo(dossier, message, causeId), steps: [], misfits: [] };
    case 'moved': {
      const { dossier: moved, entry } = decision;
      const steps = [{ entry, order: moved.order }];
      return followed({ dossier: moved, steps, misfits: [] }, message, at);
    }
    default:
      return decision satisfies never;
  }
}

/**
 * The rest of an order for which a split left no lawful basis is canceled, and so is one that an
 * execution of before the split leaves without whole shares. When the venue does not cancel it, or
 * has traded more than there was, staff decide.
 */
function followed(advance: Advance, message: Message, at: Circumstances): Advance {
  const { dossier, steps } = advance;
  const { order } = dossier;
  const { causeId } = at;
  const isResized = message.event === 'REBASED' || steps.some(({ entry }) => entry.orderQuantity);
  if (isResized && !mayGoOn(dossier) && isCancelable(order)) {
    const next = tell(dossier, { event: 'CANCEL_ASKED', actorId: null, code: reason }, at);
    return { ...next, steps: [...steps, ...next.steps] };
  }
  const isRefused = message.event === 'CANCEL_REFUSED' && !isFinal(order.status);
  if (!(isRefused && !mayGoOn(dossier)) && !isPastSplit(advance)) return advance;
  return { ...advance, misfits: [{ order, message, causeId, reason }] };
}

const reason = 'CORPORATE_ACTION';

const isCancelable = ({ status }: Order): boolean => targetsOf(status, 'CANCEL_ASKED').length > 0;

/** A split left fewer shares than were traded since its ex-date. */
const isPastSplit = ({ steps, dossier: { rebased, days } }: Advance): boolean =>
  steps.some(({ entry }) => {
    const placed = rebased?.origin.quantity;
    if (!entry.rebasing || !rebased || !placed || entry.from === 'FILLED') return false;
    return leavesAfter(placed, rebased.splits, days).lessThan(0);
  });

function overfilledToo(dossier: Dossier, message: Message, reason: ExceptionReason): Dossier {
  if (reason !== 'OVERFILL' || message.event !== 'EXECUTED') return dossier;
  return { ...dossier, overfills: new Set([...dossier.overfills, message.executionId]) };
}

function waitingToo(dossier: Dossier, message: Message, causeId: string | null): Dossier {
  if (causeId === null) throw new Error(`order ${dossier.order.id}: only an event can wait`);
  return { ...dossier, waiting: [...dossier.waiting, { message, causeId }] };
}

/** Ends, because every round either moves on with one message less or is the last one. */
function drain(first: Advance, at: Circumstances): Advance {
  let { dossier, steps, misfits } = first;
  let next = dossier.waiting.find(({ message }) => decide(dossier, message, at).kind !== 'waiting');
  while (next) {
    const taken = next;
    const rest = dossier.waiting.filter((waiting) => waiting !== taken);
    const told = tell({ ...dossier, waiting: rest }, taken.message, {
      ...at,
      causeId: taken.causeId,
    });
    dossier = told.dossier;
    steps = [...steps, ...told.steps];
    misfits = [...misfits, ...told.misfits];
    const now = dossier;
    next = now.waiting.find(({ message }) => decide(now, message, at).kind !== 'waiting');
  }
  return { dossier, steps, misfits };
}
