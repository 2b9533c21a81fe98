import type { Runtime } from '@simplebank/chassis/process';
import { createWorker, type Worker } from '@simplebank/chassis/worker';
import type { Deps } from './deps.ts';
import { handlers } from './events/consumers.ts';
import { jobs } from './jobs.ts';

/** Applies the market's quotes, relays what assets publishes, and works by the clock. */
export const buildWorker = (deps: Deps, runtime: Runtime): Worker =>
  createWorker({
    subscriber: 'assets',
    handlers: handlers(deps),
    transact: deps.transact,
    relay: deps.relay,
    jobs: jobs(deps),
    runtime,
  });
