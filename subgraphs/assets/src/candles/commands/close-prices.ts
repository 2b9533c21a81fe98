import { asLeader } from '@simplebank/chassis/leader';
import { publish } from '@simplebank/chassis/outbox';
import type { Cause } from '@simplebank/contracts/event';
import { byJob } from '../../commands/staff.ts';
import type { Deps, Tx } from '../../deps.ts';
import { groupedBy } from '../../domain/grouped.ts';
import { priceClosed } from '../../events/published.ts';
import { type Close, takeDownCloses } from '../data/closes.ts';
import { endedSessions } from '../domain/session.ts';

/** Quotes of the last seconds are still on their way when the bell rings. */
const graceMs = 60_000;
/** For so many days a quote may come late, or this job be away, and the close is told yet. */
const lookBackDays = 10;
const closesMax = 1_000;
const pagesMax = 50;

const job = 'close-prices';

/**
 * Takes down and tells what each asset closed at, once for each asset and trading day: the row and
 * the event commit together. A close that a late quote changes is told again with the next version.
 */
export async function closePrices(deps: Deps): Promise<void> {
  const { clock, hours, transact } = deps;
  const ended = endedSessions(hours, { now: clock.now(), days: lookBackDays, graceMs });
  const { cause } = byJob(job, 'the market has closed');
  for (let page = 0; page < pagesMax; page += 1) {
    let taken = 0;
    await asLeader(transact, `assets.${job}`, async (tx) => {
      const closes = await takeDownCloses(tx, ended, closesMax);
      await tellCloses(tx, deps, { closes, cause });
      taken = closes.length;
    });
    if (taken < closesMax) return;
  }
}

/** One event for at most 100 closes of one day and one version. */
export async function tellCloses(
  tx: Tx,
  deps: Deps,
  { closes, cause }: { readonly closes: readonly Close[]; readonly cause: Cause },
): Promise<void> {
  const alike = groupedBy(closes, ({ date, version }) => `${date} ${version}`);
  const facts = [...alike.values()].flatMap((group) => priceClosed(group, cause));
  await publish(tx, deps, facts);
}
