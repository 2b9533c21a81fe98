import { NotYet } from '@simplebank/chassis/consumer';
import { recordOperation } from '@simplebank/chassis/metrics';
import { causedBy, type Envelope } from '@simplebank/contracts/event';
import { tellOrders } from '../commands/advance-orders.ts';
import type { Deps, Transaction } from '../deps.ts';

type Message = Parameters<typeof tellOrders>[2][number]['message'];
type AboutOrder = { readonly orderId: string };

/**
 * A handler that tells orders what a batch of events says. An order that is not known here keeps
 * its event waiting: it can only have been written by somebody who knows it.
 */
export const telling =
  <P extends AboutOrder>(deps: Deps, messageOf: (payload: P) => Message) =>
  async (tx: Transaction, events: readonly Envelope<P>[]): Promise<void> => {
    const told = events.map((event) => ({
      orderId: event.payload.orderId,
      message: messageOf(event.payload),
      cause: causedBy(event),
    }));
    const { dossiers, unknown } = await tellOrders(tx, deps, told);
    if (unknown.length > 0) throw new NotYet(`orders ${unknown.join(', ')} are not known here`);
    for (const { orderId, message } of told) {
      if (message.event === 'RESERVED') timeHold(deps, dossiers.get(orderId)?.order);
    }
  };

/** How long an order has waited for its money or shares: from its making until it is told. */
function timeHold({ clock }: Deps, order: { readonly createdAt: Date } | undefined): void {
  if (!order) return;
  const durationMs = Math.max(0, clock.now().getTime() - order.createdAt.getTime());
  recordOperation({ service: 'orders', operation: 'request_hold', outcome: 'ok', durationMs });
}
