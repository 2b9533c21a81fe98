import type { Runtime } from '@simplebank/chassis/process';
import { createWorker, type Worker } from '@simplebank/chassis/worker';
import { deliverDue } from './commands/deliver-due.ts';
import type { Tx } from './data/client.ts';
import type { Deps } from './deps.ts';
import { consumers } from './events/consumers.ts';

const deliveryPauseMs = 1_000;
/** A burst is delivered without pauses, but a round ends, so that a close need not wait. */
const batchesPerRound = 20;

async function deliverBurst(deps: Deps): Promise<void> {
  for (let batch = 0; batch < batchesPerRound; batch += 1) {
    // One batch after another: the next one is what this one left.
    if ((await deliverDue(deps)) === 0) return;
  }
}

export const buildWorker = (deps: Deps, runtime: Runtime): Worker =>
  createWorker<Tx>({
    subscriber: 'notifications',
    handlers: consumers(deps),
    transact: deps.transact,
    runtime,
    relay: deps.relay,
    jobs: [
      { name: 'deliver-notifications', everyMs: deliveryPauseMs, run: () => deliverBurst(deps) },
    ],
  });
