import { asLeader } from '@simplebank/chassis/leader';
import { publish } from '@simplebank/chassis/outbox';
import { monthOf } from '@simplebank/kernel/month';
import type { Deps } from '../../deps.ts';
import { monthEnded } from '../../events/published.ts';
import { findDueMonths, insertRequests } from '../data/months.ts';

/** What was executed before midnight has long arrived by then, and no clock is that far off. */
const graceMs = 5 * 60_000;
const monthsMax = 500;
const runsMax = 20;

/** Says once for each account that a month is over, one month after the other if several are. */
export async function askForMonths(deps: Pick<Deps, 'transact' | 'clock' | 'newId'>) {
  const now = deps.clock.now();
  const before = monthOf(new Date(now.getTime() - graceMs));
  for (let run = 0; run < runsMax; run += 1) {
    let found = 0;
    await asLeader(deps.transact, 'accounts.ask-for-months', async (tx) => {
      const months = await findDueMonths(tx, { before, max: monthsMax });
      found = months.length;
      if (found === 0) return;
      await insertRequests(tx, months, now);
      await publish(tx, deps, months.map(monthEnded));
    });
    if (found === 0) return;
  }
}
