import { randomUUID } from 'node:crypto';
import type { Handler } from '@simplebank/chassis/consumer';
import { type SqlRunner, type Transact, transactor } from '@simplebank/chassis/database';
import type { Logger } from '@simplebank/chassis/logging';
import { publish } from '@simplebank/chassis/outbox';
import type { EventQueues } from '@simplebank/chassis/queue';
import { createRelay, type Relay } from '@simplebank/chassis/relay';
import { createMemoryShared, type Signals } from '@simplebank/chassis/shared';
import { createWorker, type Worker } from '@simplebank/chassis/worker';
import type { Fact } from '@simplebank/contracts/event';
import { systemClock } from '@simplebank/kernel/clock';
import type { SqlClient } from './sql-client.ts';

export const silent: Logger = {
  ...{ debug: () => {}, info: () => {}, warn: () => {}, error: () => {} },
  child: () => silent,
};
const newId = () => randomUUID();
export const publishing = { clock: systemClock, newId };

export type Producer = {
  readonly relay: Relay;
  readonly transact: Transact<SqlRunner>;
  publish(...facts: Fact[]): Promise<void>;
};

/** A context that states facts: its outbox and its relay. */
export function createProducer(
  db: SqlClient,
  queues: EventQueues,
  signals: Signals = createMemoryShared({ log: silent }).signals,
): Producer {
  const clock = systemClock;
  const relay = createRelay({ context: 'orders', db, queues, signals, log: silent, clock });
  const transact = transactor<SqlRunner>(db, { onCommit: relay.wake });
  return {
    ...{ relay, transact },
    publish: (...facts) => transact((tx) => publish(tx, publishing, facts)),
  };
}

/** Applied parked events come back fast, so that tests need not wait for them. */
const quickPauses = { failedMs: 5, notYetMs: 5 };

/** An instance of the subscriber `market`, whose relay has nothing to send. */
export function createMarket(
  db: SqlClient,
  queues: EventQueues,
  handlers: readonly Handler<SqlRunner>[],
): Worker {
  const idle: Relay = {
    ...{ wake: () => {}, drain: async () => {}, start: async () => {}, close: async () => {} },
  };
  const shared = createMemoryShared({ log: silent });
  const runtime = { clock: systemClock, newId, log: silent, queues, shared };
  const transact = transactor<SqlRunner>(db, { onCommit: () => {} });
  const pauses = quickPauses;
  return createWorker({
    ...{ subscriber: 'market', handlers, transact, runtime, relay: idle, pauses },
  });
}

/** For tests that hand bodies to the worker themselves. */
export const noQueues: EventQueues = {
  send: async () => {},
  consume: async () => ({ close: async () => {} }),
  close: async () => {},
};
