import type { Deps } from '../../deps.ts';
import { dropMinutes } from '../data/candles.ts';

const dayMs = 86_400_000;
/** Minutes are for the charts of this week; 503 assets make up to half a million of them a day. */
const minutesKeptDays = 7;
const rowsMax = 5_000;
const pagesMax = 40;

/** Forgets old minutes; hours and days stay for ever. */
export async function dropOldMinutes({ clock, transact }: Deps): Promise<void> {
  const before = new Date(clock.now().getTime() - minutesKeptDays * dayMs);
  for (let page = 0; page < pagesMax; page += 1) {
    // In pieces, so that no transaction holds many rows for long.
    const dropped = await transact((tx) => dropMinutes(tx, { before, max: rowsMax }));
    if (dropped < rowsMax) return;
  }
}
