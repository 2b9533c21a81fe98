import type { Runtime } from '@simplebank/chassis/process';
import { createWorker, type Worker } from '@simplebank/chassis/worker';
import type { Deps } from './deps.ts';
import { handlers } from './events/consumers.ts';

/** Applies the market's quotes and relays what assets publishes. */
export const buildWorker = (deps: Deps, runtime: Runtime): Worker =>
  createWorker({
    subscriber: 'assets',
    handlers: handlers(deps),
    transact: deps.transact,
    relay: deps.relay,
    runtime,
  });
