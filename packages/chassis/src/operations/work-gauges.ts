import type { Subscriber } from '@simplebank/contracts/subscriptions';
import type { SqlRunner } from '../events/database.ts';
import type { Logger } from '../process/logging.ts';
import {
  beginProcessed,
  outboxLag,
  queueMessages,
  queueOldest,
  sinceLastEvent,
} from '../process/work-metrics.ts';
import type { EventQueues } from '../queues/queue.ts';

export type WorkGauges = {
  readonly subscriber: Subscriber;
  /** Runs the questions, each on its own: they need not agree with each other. */
  readonly ask: <T>(question: (db: SqlRunner) => PromiseLike<T>) => Promise<T>;
  readonly queues: Pick<EventQueues, 'count'>;
  readonly log: Logger;
};

/** A count of more dead letters than this tells nobody more. */
const parkedCountMax = 10_000;
/** Silence is looked for among so many latest events, and remembered beyond them. */
const latestRows = 1_000;

/**
 * Brings backlog, age and silence of a context up to date: asked when somebody scrapes, with a
 * bounded question each. What cannot be asked keeps its last value, and the log tells once what
 * was wrong, until it can be asked again.
 */
export function createWorkGauges({
  subscriber,
  ask,
  queues,
  log,
}: WorkGauges): () => Promise<void> {
  const lastAt = new Map<string, number>();
  beginProcessed(subscriber);
  const ofQueue = async () => {
    if (!queues.count) return;
    const { oldestMs, ...states } = await queues.count(subscriber);
    for (const [state, count] of Object.entries(states)) {
      queueMessages.set({ queue: subscriber, state }, count);
    }
    queueOldest.set({ queue: subscriber }, oldestMs / 1000);
  };
  const ofParked = async () => {
    const { parked, dead } = await ask((db) => countParked(db, subscriber));
    queueMessages.set({ queue: subscriber, state: 'parked' }, parked);
    queueMessages.set({ queue: subscriber, state: 'dead' }, dead);
  };
  const ofOutbox = async () => {
    outboxLag.set({ service: subscriber }, await ask(unpublishedSeconds));
    for (const { type, at } of await ask(latestEvents)) {
      lastAt.set(type, Math.max(at.getTime(), lastAt.get(type) ?? 0));
    }
    for (const [event, at] of lastAt) {
      const seconds = Math.max(0, Date.now() - at) / 1000;
      sinceLastEvent.set({ service: subscriber, event }, seconds);
    }
  };
  const told = [
    toldOnce(log, 'the queue', ofQueue),
    toldOnce(log, 'parked events', ofParked),
    toldOnce(log, 'the outbox', ofOutbox),
  ];
  return async () => {
    await Promise.all(told.map((measure) => measure()));
  };
}

/** Never rejects: one gauge that cannot be had must not cost the others, nor the scrape. */
function toldOnce(log: Logger, what: string, measure: () => Promise<void>): () => Promise<void> {
  let failing = false;
  return async () => {
    try {
      await measure();
      failing = false;
    } catch (error) {
      if (!failing) log.warn({ error, error_code: 'NOT_MEASURED' }, `cannot count ${what}`);
      failing = true;
    }
  };
}

async function countParked(db: SqlRunner, consumer: string) {
  const rows = await db.$queryRaw<{ state: string; n: number }[]>`
    /* gauges.parked */
    SELECT state, count(*)::int AS n FROM (
      SELECT state FROM parked_event WHERE consumer = ${consumer} LIMIT ${parkedCountMax}::int
    ) AS counted GROUP BY state`;
  const of = (state: string) => rows.find((row) => row.state === state)?.n ?? 0;
  return { parked: of('WAITING'), dead: of('DEAD') };
}

async function unpublishedSeconds(db: SqlRunner): Promise<number> {
  const [row] = await db.$queryRaw<{ seconds: number }[]>`
    /* gauges.outbox-lag */
    SELECT greatest(0, extract(epoch FROM now() - recorded_at))::float8 AS seconds
    FROM outbox_event WHERE published_at IS NULL ORDER BY position LIMIT 1`;
  return row?.seconds ?? 0;
}

const latestEvents = (db: SqlRunner) =>
  db.$queryRaw<{ type: string; at: Date }[]>`
    /* gauges.latest-events */
    SELECT type, max(recorded_at) AS at FROM (
      SELECT type, recorded_at FROM outbox_event ORDER BY position DESC LIMIT ${latestRows}::int
    ) latest GROUP BY type`;
