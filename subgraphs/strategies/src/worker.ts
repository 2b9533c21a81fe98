import type { Runtime } from '@simplebank/chassis/process';
import { createWorker, type Worker } from '@simplebank/chassis/worker';
import { failOverdue } from './commands/fail-overdue.ts';
import type { Tx } from './data/client.ts';
import type { Deps } from './deps.ts';
import { consumers } from './events/consumers.ts';

const overdueCheckMs = 60_000;

/** Follows accounts, assets, payments and orders, and relays what strategies publishes. */
export const buildWorker = (deps: Deps, runtime: Runtime): Worker =>
  createWorker<Tx>({
    subscriber: 'strategies',
    handlers: consumers(deps),
    transact: deps.transact,
    runtime,
    relay: deps.relay,
    jobs: [{ name: 'fail-overdue', everyMs: overdueCheckMs, run: () => failOverdue(deps) }],
  });
