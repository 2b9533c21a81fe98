import { asLeader } from '@simplebank/chassis/leader';
import { isAnyAccepted, lockAccepted } from '../data/due-orders.ts';
import type { Deps } from '../deps.ts';
import { tellDue } from './tell-due.ts';

const pageMax = 500;
/** A bell opens at most this many orders per run; the rest follows a few seconds later. */
const pagesMax = 40;

/** While the market is open: orders that waited for it go there. One instance at a time. */
export async function openAcceptedOrders(deps: Deps): Promise<void> {
  for (let page = 0; page < pagesMax; page += 1) {
    const now = deps.clock.now();
    if (!deps.hours.isOpen(now) || !(await isAnyAccepted(deps.db, now))) return;
    let opened = 0;
    await asLeader(deps.transact, 'orders.open-accepted', async (tx) => {
      const due = await lockAccepted(tx, now, pageMax);
      opened = due.length;
      await tellDue(tx, deps, { due, event: 'MARKET_OPENED' });
    });
    if (opened < pageMax) return;
  }
}
