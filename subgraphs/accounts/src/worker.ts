import { createWorker, type Job } from '@simplebank/chassis/worker';
import { dropExpiredKeys } from './commands/drop-expired-keys.ts';
import type { Tx } from './data/client.ts';
import type { Deps } from './deps.ts';
import { consumers } from './events/consumers.ts';
import { dropOldAttempts } from './identity/index.ts';
import { advancePayments } from './payments/index.ts';
import { settleDue } from './trades/index.ts';

/** Quick enough that a deposit is there within a second of being asked for. */
const paymentsEveryMs = 100;
const settlementEveryMs = 5_000;
const tidyEveryMs = 60_000;

export const jobs = (deps: Deps): readonly Job[] => [
  { name: 'advance-payments', everyMs: paymentsEveryMs, run: () => advancePayments(deps) },
  { name: 'settle-due', everyMs: settlementEveryMs, run: () => settleDue(deps) },
  { name: 'drop-old-attempts', everyMs: tidyEveryMs, run: () => dropOldAttempts(deps) },
  { name: 'drop-expired-keys', everyMs: tidyEveryMs, run: () => dropExpiredKeys(deps) },
];

/** What accounts does without being asked by a person. */
export const buildWorker = (deps: Deps) =>
  createWorker<Tx>({
    subscriber: 'accounts',
    handlers: consumers(deps),
    transact: deps.transact,
    runtime: deps.runtime,
    relay: deps.relay,
    jobs: jobs(deps),
  });
