import type { Job } from '@simplebank/chassis/worker';
import { expireOrders } from './commands/expire-orders.ts';
import { openAcceptedOrders } from './commands/open-accepted-orders.ts';
import { rebaseOrders } from './commands/rebase-orders.ts';
import { reportStuckOrders } from './commands/report-stuck-orders.ts';
import type { Deps } from './deps.ts';

const rebaseEveryMs = 1_000;
const openEveryMs = 2_000;
const expireEveryMs = 5_000;
const reportEveryMs = 15_000;

/** What orders does by the clock; each run is made by one instance at a time. */
export const jobs = (deps: Deps): readonly Job[] => [
  { name: 'rebase-orders', everyMs: rebaseEveryMs, run: () => rebaseOrders(deps) },
  { name: 'open-accepted-orders', everyMs: openEveryMs, run: () => openAcceptedOrders(deps) },
  { name: 'expire-orders', everyMs: expireEveryMs, run: () => expireOrders(deps) },
  { name: 'report-stuck-orders', everyMs: reportEveryMs, run: () => reportStuckOrders(deps) },
];
