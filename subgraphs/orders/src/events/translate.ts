import { NotYet } from '@simplebank/chassis/consumer';
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
    const unknown = await tellOrders(tx, deps, told);
    if (unknown.length > 0) throw new NotYet(`orders ${unknown.join(', ')} are not known here`);
  };
