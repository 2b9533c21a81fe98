import type { Runtime } from '@simplebank/chassis/process';
import { createWorker, type Job, type Worker } from '@simplebank/chassis/worker';
import { deliverDue } from './commands/deliver-due.ts';
import { dropOld, endUnoffered } from './commands/tidy-up.ts';
import type { Tx } from './data/client.ts';
import type { Deps } from './deps.ts';
import { consumers } from './events/consumers.ts';

const deliveryPauseMs = 1_000;
const tidyUpPauseMs = 60_000;
/** A burst is delivered without pauses, but a round ends. */
const batchesPerRound = 20;

/** Delivers over every channel what is due. */
async function deliverBurst(deps: Deps): Promise<void> {
  for (const channel of deps.channels) {
    for (let batch = 0; batch < batchesPerRound; batch += 1) {
      // One batch after another: the next one is what this one left.
      if ((await deliverDue(deps, channel)) === 0) break;
    }
  }
}

const tidyUps = (deps: Deps): readonly Job[] => [
  { name: 'drop-old', everyMs: tidyUpPauseMs, run: () => dropOld(deps) },
  { name: 'end-unoffered', everyMs: tidyUpPauseMs, run: () => endUnoffered(deps) },
];

/** All that notifications does by itself, for whoever says when; a process has loops to deliver. */
export const jobs = (deps: Deps): readonly Job[] => [
  { name: 'deliver-notifications', everyMs: deliveryPauseMs, run: () => deliverBurst(deps) },
  ...tidyUps(deps),
];

export const buildWorker = (deps: Deps, runtime: Runtime): Worker =>
  createWorker<Tx>({
    subscriber: 'notifications',
    handlers: consumers(deps),
    transact: deps.transact,
    runtime,
    relay: deps.relay,
    jobs: tidyUps(deps),
  });
