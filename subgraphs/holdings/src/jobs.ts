import type { Job } from '@simplebank/chassis/worker';
import { carryOutOpenActions } from './actions/commands/carry-out-actions.ts';
import type { Deps } from './deps.ts';
import { valueAccounts } from './performance/index.ts';

const actionsEveryMs = 1_000;
const valuationEveryMs = 1_000;

/** What holdings does by the clock. */
export const jobs = (deps: Deps): readonly Job[] => [
  { name: 'carry-out-actions', everyMs: actionsEveryMs, run: () => carryOutOpenActions(deps) },
  { name: 'value-accounts', everyMs: valuationEveryMs, run: () => valueAccounts(deps) },
];
