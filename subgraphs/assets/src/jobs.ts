import type { Job } from '@simplebank/chassis/worker';
import { advanceActions } from './actions/index.ts';
import { closePrices, dropOldMinutes } from './candles/index.ts';
import { dropExpiredKeys } from './commands/drop-expired-keys.ts';
import type { Deps } from './deps.ts';
import { rebuildSearch } from './search/index.ts';

const actionsEveryMs = 5_000;
const closesEveryMs = 15_000;
const tidyEveryMs = 60_000;

/** What assets does by the clock. */
export const jobs = (deps: Deps): readonly Job[] => [
  { name: 'rebuild-search', everyMs: tidyEveryMs, run: () => rebuildSearch(deps) },
  { name: 'advance-corporate-actions', everyMs: actionsEveryMs, run: () => advanceActions(deps) },
  { name: 'close-prices', everyMs: closesEveryMs, run: () => closePrices(deps) },
  { name: 'drop-old-minutes', everyMs: tidyEveryMs, run: () => dropOldMinutes(deps) },
  { name: 'drop-expired-keys', everyMs: tidyEveryMs, run: () => dropExpiredKeys(deps) },
];
