import { type Circumstances, type Dossier, decide, type ExceptionReason } from './decide.ts';
import type { Entry } from './history.ts';
import type { Message } from './message.ts';
import type { Order } from './order.ts';

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
 * Tells an order one message, and after each move whatever was waiting for it, oldest first. So any
 * order of arrival, with any repeats, ends in the same state (domain §13 law 6).
 */
export function advance(dossier: Dossier, message: Message, at: Circumstances): Advance {
  const told = tell(dossier, message, at);
  if (told.steps.length === 0) return told;
  return drain(told, at);
}

function tell(dossier: Dossier, message: Message, at: Circumstances): Advance {
  const decision = decide(dossier, message, at);
  const { order } = dossier;
  const { causeId } = at;
  switch (decision.kind) {
    case 'known':
      return { dossier, steps: [], misfits: [] };
    case 'exception':
      return {
        dossier,
        steps: [],
        misfits: [{ order, message, causeId, reason: decision.reason }],
      };
    case 'waiting':
      return { dossier: waitingToo(dossier, message, causeId), steps: [], misfits: [] };
    case 'moved': {
      const { dossier: moved, entry } = decision;
      return { dossier: moved, steps: [{ entry, order: moved.order }], misfits: [] };
    }
    default:
      return decision satisfies never;
  }
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
