import type { OrderEventResolvers } from '../generated/graphql.ts';

/** One line of history, in the currency of its order. */
export const OrderEvent: OrderEventResolvers = {
  sequence: ({ entry }) => entry.sequence,
  event: ({ entry }) => entry.event,
  from: ({ entry }) => (entry.from === 'NONE' ? null : entry.from),
  to: ({ entry }) => entry.to,
  code: ({ entry }) => entry.code,
  execution: ({ entry }) => entry.execution,
  rebasing: ({ entry: { rebasing }, currency }) => rebasing && { rebasing, currency },
  cumulativeQuantity: ({ entry }) => entry.cumulativeQuantity,
  leavesQuantity: ({ entry }) => entry.leavesQuantity,
  occurredAt: ({ entry }) => entry.occurredAt,
};
