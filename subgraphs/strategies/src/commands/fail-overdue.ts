import { asLeader } from '@simplebank/chassis/leader';
import { lockOrders, overdue } from '../data/strategy-orders.ts';
import type { Deps } from '../deps.ts';
import { recordOrder } from './record-order.ts';

const ordersMax = 100;

/** A payment that has not arrived after seven days is not waited for any longer (domain §6.2). */
export async function failOverdue(deps: Deps): Promise<void> {
  await asLeader(deps.transact, 'strategies.fail-overdue', async (tx) => {
    const ids = await overdue(tx, deps.clock.now(), ordersMax);
    for (const before of await lockOrders(tx, ids)) {
      if (before.status !== 'WAITING_FOR_PAYMENT') continue;
      const cause = { correlationId: deps.newId(), causationId: null, traceparent: null };
      // One after another: they share the transaction's connection.
      await recordOrder(tx, deps, { before, after: { ...before, status: 'FAILED' }, cause });
    }
  });
}
