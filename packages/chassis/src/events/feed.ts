import type { Subscriber } from '@simplebank/contracts/subscriptions';
import { asLeaseholder } from '../leading/lease.ts';
import type { SqlRunner, Transact } from './database.ts';

type SnapshotOptions = {
  readonly maxWait: number;
  readonly timeout: number;
  readonly isolationLevel: 'RepeatableRead' | 'ReadCommitted';
};
/** What can open a snapshot: a Prisma client fits. */
export type SnapshotHost<Tx> = {
  $transaction<T>(work: (tx: Tx) => Promise<T>, options: SnapshotOptions): Promise<T>;
  $disconnect(): Promise<void>;
};

const connectionWaitMs = 10_000;
/** A sum over the whole of a large ledger takes minutes. */
const snapshotMsMax = 15 * 60_000;

const leaseMsMax = 10_000;

/** Everything that `work` reads is of one moment, and it can write nothing. */
export const readSnapshot = <Tx extends SqlRunner, T>(
  db: SnapshotHost<Tx>,
  work: (tx: Tx) => Promise<T>,
): Promise<T> =>
  db.$transaction(
    async (tx) => {
      await tx.$executeRaw`SET TRANSACTION READ ONLY`;
      return work(tx);
    },
    { maxWait: connectionWaitMs, timeout: snapshotMsMax, isolationLevel: 'RepeatableRead' },
  );

/** How many there are, and how long the oldest has been there. */
export type Backlog = { readonly count: number; readonly oldestMs: number };
/** What of the events of a context is under way: not sent yet, to be tried again, given up. */
export type Transit = {
  readonly unpublished: Backlog;
  readonly waiting: Backlog;
  readonly dead: Backlog;
};

/** An event as its outbox knows it. */
export type SentEvent = {
  readonly eventId: string;
  readonly type: string;
  readonly aggregateId: string;
  readonly ageMs: number;
};

export type AloneWork = {
  /** Sorts by time, such as an instant. */
  readonly period: string;
  /** `signal` is aborted when another instance has taken over. */
  readonly work: (signal: AbortSignal) => Promise<void>;
};

/** What every context tells a reconciler about its events, and nothing that could change one. */
export type EventFeed = {
  readonly transit: () => Promise<Transit>;
  /** The newest events of these aggregates; one that is older and not handled is not under way. */
  readonly sent: (aggregateIds: readonly string[]) => Promise<readonly SentEvent[]>;
  /** Those of these events that had no effect here yet. */
  readonly unhandled: (eventIds: readonly string[]) => Promise<readonly string[]>;
  /** Runs `work` unless another instance is at it or has done it; answers whether it ran. */
  readonly alone: (asked: AloneWork) => Promise<boolean>;
  readonly close: () => Promise<void>;
};

export const eventFeed = <Tx extends SqlRunner>(
  db: SnapshotHost<Tx>,
  subscriber: Subscriber,
): EventFeed => ({
  transit: () => readSnapshot(db, readTransit),
  sent: (aggregateIds) => readSnapshot(db, async (tx) => readSent(tx, aggregateIds)),
  unhandled: (eventIds) => readSnapshot(db, (tx) => readUnhandled(tx, subscriber, eventIds)),
  alone: (asked) => workAlone(db, asked),
  close: () => db.$disconnect(),
});

/** Of several instances one reconciles, and once a period; it leads by a lease (OPS-29). */
async function workAlone<Tx extends SqlRunner>(
  db: SnapshotHost<Tx>,
  { period, work }: AloneWork,
): Promise<boolean> {
  const transact: Transact<Tx> = (statements) =>
    db.$transaction(statements, {
      ...{ maxWait: connectionWaitMs, timeout: leaseMsMax, isolationLevel: 'ReadCommitted' },
    });
  let ran = false;
  await asLeaseholder({ transact, name: 'reconciler.reconcile' }, async (lease) => {
    ran = await lease.once(period);
    if (ran) await work(lease.signal);
  });
  return ran;
}

async function readTransit(tx: SqlRunner): Promise<Transit> {
  const rows = await tx.$queryRaw<{ state: string; count: number; oldestMs: number }[]>`
    /* feed.transit */
    SELECT state, count(*)::int AS count,
      (extract(epoch FROM clock_timestamp() - min(since)) * 1000)::float8 AS "oldestMs"
    FROM (SELECT 'UNPUBLISHED' AS state, recorded_at AS since FROM outbox_event
          WHERE published_at IS NULL
          UNION ALL SELECT state, parked_at FROM parked_event) AS under_way
    GROUP BY state`;
  const of = (state: string): Backlog => {
    const row = rows.find((one) => one.state === state);
    return { count: row?.count ?? 0, oldestMs: row?.oldestMs ?? 0 };
  };
  return { unpublished: of('UNPUBLISHED'), waiting: of('WAITING'), dead: of('DEAD') };
}

/** Only the newest are looked at: an outbox keeps all, and has no index on what they are about. */
const lookBack = 200_000;

const readSent = (tx: SqlRunner, aggregateIds: readonly string[]): PromiseLike<SentEvent[]> =>
  tx.$queryRaw<SentEvent[]>`
    /* feed.sent */
    SELECT event_id::text AS "eventId", type, aggregate_id AS "aggregateId",
      (extract(epoch FROM clock_timestamp() - recorded_at) * 1000)::float8 AS "ageMs"
    FROM outbox_event
    WHERE position > (SELECT max(position) FROM outbox_event) - ${lookBack}::bigint
      AND aggregate_id = ANY(${[...aggregateIds]}::text[])`;

async function readUnhandled(
  tx: SqlRunner,
  subscriber: Subscriber,
  eventIds: readonly string[],
): Promise<string[]> {
  const rows = await tx.$queryRaw<{ id: string }[]>`
    /* feed.unhandled */
    SELECT id::text FROM unnest(${[...eventIds]}::uuid[]) AS asked (id)
    WHERE NOT EXISTS (
      SELECT FROM inbox_event WHERE consumer = ${subscriber} AND event_id = asked.id)`;
  return rows.map(({ id }) => id);
}
