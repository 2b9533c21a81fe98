import type { Envelope } from '@simplebank/contracts/event';
import type { Subscriber } from '@simplebank/contracts/subscriptions';
import { type Handler, handlerTable } from './consumer.ts';
import { defaultPauses, nextAttempt, type RetryPauses } from './consumer-attempts.ts';
import { groupIntoCalls } from './consumer-calls.ts';
import {
  type Incoming,
  isReadable,
  type Readable,
  readEvent,
  type Unreadable,
} from './consumer-reading.ts';
import { reporter } from './consumer-report.ts';
import { isConnectionLost, type SqlRunner, type Transact } from './database.ts';
import { markInbox, markParked } from './inbox.ts';
import type { Logger } from './logging.ts';
import {
  boundedError,
  lockDue,
  nextDueMs,
  noteFailure,
  type ParkedRow,
  type Parking,
  park,
  unpark,
} from './parked.ts';

export type Consumer = {
  /** Gives each event its effect once, or parks it. Rejects only when the database is lost. */
  applyBatch(bodies: readonly string[]): Promise<void>;
  /** Tries what is due; answers the milliseconds until more is, null when nothing waits. */
  retryDue(): Promise<number | null>;
};

export type ConsumerOptions<Tx extends SqlRunner> = {
  readonly subscriber: Subscriber;
  readonly handlers: readonly Handler<Tx>[];
  readonly transact: Transact<Tx>;
  readonly log: Logger;
  readonly pauses?: RetryPauses | undefined;
  /** Called when events were parked, so that somebody comes back for them in time. */
  readonly onParked?: () => void;
};

/** Throws when the handlers are not exactly those that the subscription names. */
export function createConsumer<Tx extends SqlRunner>(options: ConsumerOptions<Tx>): Consumer {
  const { subscriber, handlers, transact, onParked } = options;
  const table = handlerTable(subscriber, handlers);
  const contracts = new Map(handlers.map(({ contract }) => [contract.name, contract]));
  const pauses = options.pauses ?? defaultPauses;
  const report = reporter(options.log, subscriber);

  const call = async (tx: Tx, events: readonly Readable[]) => {
    for (const group of groupIntoCalls(events)) {
      const envelopes = group.map(({ envelope }) => envelope as Envelope<never>);
      // In order: a later call may hold the next events of the same aggregates.
      await table.get(group[0]?.type ?? '')?.apply(tx, envelopes);
    }
  };

  /** All in one transaction: marks, effects, and what must wait behind parked events. */
  const together = (events: readonly Readable[]) =>
    transact(async (tx) => {
      const { fresh, held } = await markInbox(tx, subscriber, events);
      const behind = events.filter(({ aggregateId }) => held.has(aggregateId));
      const parked = await park(tx, subscriber, { events: behind, parking: waitsItsTurn });
      await call(
        tx,
        events.filter(({ eventId }) => fresh.has(eventId)),
      );
      return parked;
    });

  /**
   * When a batch fails, its halves are run on their own, and so on down to the failing event: it
   * alone is parked (OPS-20), for a dozen transactions instead of a hundred. Later events of its
   * aggregate then find it there and wait behind it.
   */
  const apply = async (events: readonly Readable[]): Promise<void> => {
    const [first] = events;
    if (!first) return;
    try {
      const startedAt = performance.now();
      const parked = await together(events);
      if (parked > 0) onParked?.();
      report.handled(events, performance.now() - startedAt);
    } catch (error) {
      if (isConnectionLost(error)) throw error;
      if (events.length === 1) return parkFailed(first, error);
      const middle = Math.ceil(events.length / 2);
      await apply(events.slice(0, middle));
      await apply(events.slice(middle));
    }
  };

  const parkFailed = async (event: Readable, error: unknown) => {
    const parking = nextAttempt(error, { attempts: 0, waitedMs: 0, pauses });
    const parked = await transact((tx) => park(tx, subscriber, { events: [event], parking }));
    if (parked === 0) return;
    report.failed(event, parking, error);
    onParked?.();
  };

  const parkUnreadable = async (event: Unreadable) => {
    const error = boundedError(event.error);
    const parking: Parking = { state: 'DEAD', attempts: 1, pauseMs: 0, error };
    const parked = await transact((tx) => park(tx, subscriber, { events: [event], parking }));
    if (parked > 0) report.failed(event, parking, new Error(event.error));
  };

  const applyBatch = async (bodies: readonly string[]) => {
    let readable: Readable[] = [];
    for (const event of withoutRepeats(bodies.map((body) => readEvent(body, contracts)))) {
      if (isReadable(event)) {
        readable.push(event);
        continue;
      }
      // What came before a broken event is applied first, what follows may have to wait behind it.
      await apply(readable);
      readable = [];
      await parkUnreadable(event);
    }
    await apply(readable);
  };

  /** One parked event; false when none is due. */
  const retryOne = async (): Promise<boolean> => {
    let row: ParkedRow | null = null;
    try {
      await transact(async (tx) => {
        row = await lockDue(tx, subscriber);
        if (!row) return;
        const event = readEvent(row.body, contracts);
        if (!isReadable(event)) throw new Error(event.error);
        if (await markParked(tx, subscriber, event.eventId)) await call(tx, [event]);
        await unpark(tx, subscriber, row);
      });
      return row !== null;
    } catch (error) {
      const failed = row as ParkedRow | null;
      if (!failed || isConnectionLost(error)) throw error;
      const { attempts, waitedMs } = failed;
      const parking = nextAttempt(error, { attempts, waitedMs, pauses });
      await transact((tx) => noteFailure(tx, failed, parking));
      report.failed(failed, parking, error);
      return true;
    }
  };

  const retryDue = async () => {
    for (let tried = 0; tried < retriesInARowMax && (await retryOne()); ) tried += 1;
    return transact((tx) => nextDueMs(tx, subscriber));
  };

  return { applyBatch, retryDue };
}

/** So that a flood of parked events leaves room to notice that the worker closes. */
const retriesInARowMax = 100;

const waitsItsTurn: Parking = {
  ...{ state: 'WAITING', attempts: 0, pauseMs: 0, error: 'waits behind an earlier event' },
};

/** The same event twice in one batch has one effect, as it has across batches. */
function withoutRepeats(events: readonly Incoming[]): readonly Incoming[] {
  const seen = new Set<string>();
  return events.filter(({ eventId }) => !seen.has(eventId) && seen.add(eventId));
}
