import { asLeader } from '@simplebank/chassis/leader';
import { isAnyExpired, lockExpired } from '../data/due-orders.ts';
import type { Deps } from '../deps.ts';
import { tellDue } from './tell-due.ts';

const pageMax = 500;
const pagesMax = 40;

/**
 * Ends orders whose time in force ended before the market saw them: without an answer about money
 * or shares as FAILED with HOLD_TIMEOUT, else as EXPIRED. Orders at the venue are ended by it.
 */
export async function expireOrders(deps: Deps): Promise<void> {
  for (let page = 0; page < pagesMax; page += 1) {
    const now = deps.clock.now();
    if (!(await isAnyExpired(deps.db, now))) return;
    let ended = 0;
    await asLeader(deps.transact, 'orders.expire', async (tx) => {
      const due = await lockExpired(tx, now, pageMax);
      ended = due.length;
      await tellDue(tx, deps, { due, event: 'TIME_ENDED' });
    });
    if (ended < pageMax) return;
  }
}
