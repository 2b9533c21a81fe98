import { recordStuck } from '@simplebank/chassis/process-metrics';
import { countStuckOrders } from '../data/orders.ts';
import type { Deps } from '../deps.ts';

/** Alerts while any order is past the deadline of its step; `stuckOrders` lists them. */
export async function reportStuckOrders(deps: Deps): Promise<void> {
  const stuck = await countStuckOrders(deps.db, deps.clock.now());
  recordStuck({ service: 'orders', process: 'order' }, stuck);
  if (stuck === 0) return;
  const fields = { alert: 'StuckProcess', error_code: 'STUCK_ORDERS', stuck };
  deps.log.error(fields, 'orders are past the deadline of their process');
}
