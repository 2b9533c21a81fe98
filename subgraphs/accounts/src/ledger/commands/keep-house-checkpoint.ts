import { setTimeout as pause } from 'node:timers/promises';
import { asLeader } from '@simplebank/chassis/leader';
import type { Deps } from '../../deps.ts';
import { hasCheckpoint, insertCheckpoint, isSettledUp, readWatermark } from '../data/house.ts';
import { settlementDayOf } from '../domain/settlement-day.ts';

/** Transactions last some ten milliseconds; the job comes again if these do not end meanwhile. */
const waits = 20;
const waitMs = 50;

/**
 * Sums the house accounts once a day in New York, so that a balance need never be summed from the
 * first entry on (domain §2.5, rule 8). It locks nothing: it waits until every entry numbered so
 * far is either booked or will never be.
 */
export async function keepHouseCheckpoint(deps: Pick<Deps, 'db' | 'transact' | 'clock'>) {
  const { db, transact, clock } = deps;
  const at = clock.now();
  const day = settlementDayOf(at);
  if (await hasCheckpoint(db, day)) return;
  const watermark = await readWatermark(db);
  for (let wait = 0; !(await isSettledUp(watermark, db)); wait += 1) {
    if (wait === waits) return;
    await pause(waitMs);
  }
  await asLeader(transact, 'accounts.house-checkpoint', (tx) =>
    insertCheckpoint(tx, { day, throughEntry: watermark.entry, at }),
  );
}
