import type { Runtime } from '@simplebank/chassis/process';
import { createWorker, type Worker } from '@simplebank/chassis/worker';
import type { Deps } from './deps.ts';
import { handlers } from './events/consumers.ts';
import { lockFirst } from './events/lock-first.ts';
import { jobs } from './jobs.ts';

/** Applies orders, executions and copies, and relays what holdings publishes. */
export const buildWorker = (deps: Deps, runtime: Runtime): Worker =>
  createWorker({
    subscriber: 'holdings',
    handlers: handlers(deps),
    lockFirst,
    jobs: jobs(deps),
    transact: deps.transact,
    relay: deps.relay,
    runtime,
  });
