import { type Transact, transactor } from '@simplebank/chassis/database';
import type { Runtime } from '@simplebank/chassis/process';
import { createWorker, type Worker } from '@simplebank/chassis/worker';
import type { Tx } from './data/client.ts';
import type { Opened } from './deps.ts';
import { consumers } from './events/consumers.ts';

/**
 * Consumes the market's queue and relays its outbox; `onWork` hears when orders or cancel requests
 * may have come for the loops that talk to the venue.
 */
export function buildWorker(
  { deps, relay }: Opened,
  runtime: Runtime,
  onWork: () => void = () => {},
): Worker {
  const transact: Transact<Tx> = transactor<Tx>(deps.db, {
    onCommit() {
      relay.wake();
      onWork();
    },
  });
  return createWorker<Tx>({
    subscriber: 'market',
    handlers: consumers(deps),
    transact,
    runtime,
    relay,
  });
}
