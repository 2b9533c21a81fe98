import type { Decimal } from '@simplebank/kernel/decimal';

type VenueOrderState = 'INTENT' | 'SENT' | 'ACKNOWLEDGED' | 'DONE';
type Outcome = 'FILLED' | 'CANCELED' | 'EXPIRED' | 'FAILED';
type CancelState = 'ASKED' | 'ACCEPTED' | 'REFUSED';

/** What changes about an order on its way through a venue; its instruction by splits only. */
export type VenueOrder = {
  readonly orderId: string;
  readonly state: VenueOrderState;
  readonly outcome: Outcome | null;
  readonly venueOrderId: string | null;
  readonly cancelState: CancelState | null;
  readonly executions: number;
  /** The venue had ended it before it was put on the basis of a split. */
  readonly restLost: boolean;
  /** How many events this order has caused; the version of the last one. */
  readonly eventVersion: number;
};

export type Happening =
  | { readonly kind: 'PLACED'; readonly venueOrderId: string; readonly at: Date }
  | { readonly kind: 'EXECUTED'; readonly venueOrderId: string; readonly execution: Execution }
  | { readonly kind: 'ENDED'; readonly outcome: Exclude<Outcome, 'FAILED'> }
  | { readonly kind: 'REJECTED'; readonly reason: string }
  | { readonly kind: 'CANCEL_ASKED' }
  | { readonly kind: 'CANCEL_ANSWERED'; readonly accepted: boolean }
  | { readonly kind: 'REBASE_MISSED' };

export type Execution = {
  readonly executionId: string;
  readonly quantity: Decimal;
  readonly price: Decimal;
  readonly executedAt: Date;
};

/** What the bank is told about it; `executions` counts those before an end. */
export type News =
  | { readonly kind: 'PLACED'; readonly venueOrderId: string; readonly placedAt: Date }
  | ({ readonly kind: 'EXECUTED' } & Execution)
  | { readonly kind: 'CANCELED' | 'EXPIRED'; readonly executions: number }
  | { readonly kind: 'FAILED'; readonly executions: number; readonly reason: string }
  | { readonly kind: 'CANCEL_REFUSED'; readonly reason: string };

export type Step = { readonly order: VenueOrder; readonly news: readonly News[] };

/**
 * The next state and what to tell, for whatever happens in whatever order. A repeat of what is
 * known changes nothing and tells nothing; an execution counts even after the end, because the
 * venue has traded it (domain §3.6). The caller gives each execution once.
 */
export function happened(order: VenueOrder, happening: Happening): Step {
  switch (happening.kind) {
    case 'PLACED':
      return placed(order, happening.venueOrderId, happening.at);
    case 'EXECUTED':
      return executed(order, happening.venueOrderId, happening.execution);
    case 'ENDED':
      return order.state === 'DONE' ? nothing(order) : ended(order, happening.outcome);
    case 'REJECTED':
      return order.state === 'DONE' ? nothing(order) : rejected(order, happening.reason);
    case 'CANCEL_ASKED':
      return cancelAsked(order);
    case 'CANCEL_ANSWERED':
      return cancelAnswered(order, happening.accepted);
    case 'REBASE_MISSED':
      return rebaseMissed(order);
    default:
      return happening satisfies never;
  }
}

const nothing = (order: VenueOrder): Step => ({ order, news: [] });

/** Each piece of news is one event, so it raises the version by one. */
const tell = (order: VenueOrder, change: Partial<VenueOrder>, ...news: readonly News[]): Step => ({
  order: { ...order, ...change, eventVersion: order.eventVersion + news.length },
  news,
});

function placed(order: VenueOrder, venueOrderId: string, placedAt: Date): Step {
  if (order.venueOrderId !== null || order.state === 'DONE') return nothing(order);
  const change = { state: 'ACKNOWLEDGED', venueOrderId } as const;
  return tell(order, change, { kind: 'PLACED', venueOrderId, placedAt });
}

function executed(order: VenueOrder, venueOrderId: string, execution: Execution): Step {
  // The venue may report a trade before its answer to the placement is recorded.
  const first = placed(order, venueOrderId, execution.executedAt);
  const change = { executions: first.order.executions + 1 };
  const step = tell(first.order, change, { kind: 'EXECUTED', ...execution });
  return { order: step.order, news: [...first.news, ...step.news] };
}

function ended(order: VenueOrder, outcome: Exclude<Outcome, 'FAILED'>): Step {
  const done = { state: 'DONE', outcome } as const;
  const { executions, cancelState } = order;
  if (outcome === 'FILLED' && order.restLost) return tell(order, done, restCanceled(order));
  if (outcome !== 'FILLED') return tell(order, done, { kind: outcome, executions });
  if (cancelState === null || cancelState === 'REFUSED') return tell(order, done);
  return tell(order, { ...done, cancelState: 'REFUSED' }, tooLate);
}

function rejected(order: VenueOrder, reason: string): Step {
  const { executions } = order;
  const change = { state: 'DONE', outcome: 'FAILED' } as const;
  return tell(order, change, { kind: 'FAILED', executions, reason });
}

const tooLate: News = { kind: 'CANCEL_REFUSED', reason: 'the order is filled' };

function cancelAsked(order: VenueOrder): Step {
  const { state, cancelState, outcome } = order;
  // It is not sent, and it never will be.
  if (state === 'INTENT') return ended(order, 'CANCELED');
  if (state !== 'DONE') {
    return cancelState === 'ACCEPTED' ? nothing(order) : tell(order, { cancelState: 'ASKED' });
  }
  if (outcome !== 'FILLED' || cancelState === 'REFUSED') return nothing(order);
  return tell(order, { cancelState: 'REFUSED' }, tooLate);
}

function cancelAnswered(order: VenueOrder, accepted: boolean): Step {
  if (order.state === 'DONE' || order.cancelState !== 'ASKED') return nothing(order);
  if (accepted) return tell(order, { cancelState: 'ACCEPTED' });
  return tell(
    order,
    { cancelState: 'REFUSED' },
    {
      kind: 'CANCEL_REFUSED',
      reason: 'the venue refused to cancel',
    },
  );
}

/**
 * The venue filled all that it knew of, but after a split more is left than that: nobody will trade
 * the rest, so it is told as canceled. An order that was filled before the split ignores it.
 */
function rebaseMissed(order: VenueOrder): Step {
  const { state, outcome, restLost } = order;
  if (restLost) return nothing(order);
  if (state !== 'DONE') return tell(order, { restLost: true });
  if (outcome !== 'FILLED') return nothing(order);
  return tell(order, { restLost: true }, restCanceled(order));
}

const restCanceled = ({ executions }: VenueOrder): News => ({ kind: 'CANCELED', executions });

/** Several happenings of one order, in their order. */
export function allHappened(order: VenueOrder, happenings: readonly Happening[]): Step {
  let step = nothing(order);
  for (const happening of happenings) {
    const next = happened(step.order, happening);
    step = { order: next.order, news: [...step.news, ...next.news] };
  }
  return step;
}
