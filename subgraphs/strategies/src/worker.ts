import type { Runtime } from '@simplebank/chassis/process';
import { createWorker, type Job, type Worker } from '@simplebank/chassis/worker';
import { dropExpiredKeys } from './commands/drop-expired-keys.ts';
import { reportStuck } from './commands/report-stuck.ts';
import type { Tx } from './data/client.ts';
import type { Deps } from './deps.ts';
import { consumers } from './events/consumers.ts';
import { failOverdue } from './investing/index.ts';
import { runPlans } from './plans/index.ts';
import { beginQueuedRuns, timeOutRuns } from './rebalancing/index.ts';

const overdueCheckMs = 60_000;
const rebalanceLookMs = 5_000;
/** Quick enough that nobody waits for a run whose deposit is there. */
const plansEveryMs = 1_000;
const tidyEveryMs = 60_000;
const reportEveryMs = 15_000;

export const jobs = (deps: Deps): readonly Job[] => [
  { name: 'fail-overdue', everyMs: overdueCheckMs, run: () => failOverdue(deps) },
  { name: 'begin-rebalances', everyMs: rebalanceLookMs, run: () => beginQueuedRuns(deps) },
  { name: 'time-out-rebalances', everyMs: rebalanceLookMs, run: () => timeOutRuns(deps) },
  { name: 'run-plans', everyMs: plansEveryMs, run: () => runPlans(deps) },
  { name: 'report-stuck', everyMs: reportEveryMs, run: () => reportStuck(deps) },
  { name: 'drop-expired-keys', everyMs: tidyEveryMs, run: () => dropExpiredKeys(deps) },
];

/** Follows what strategies must know of other contexts, and relays what it publishes itself. */
export const buildWorker = (deps: Deps, runtime: Runtime): Worker =>
  createWorker<Tx>({
    subscriber: 'strategies',
    handlers: consumers(deps),
    transact: deps.transact,
    runtime,
    relay: deps.relay,
    jobs: jobs(deps),
  });
