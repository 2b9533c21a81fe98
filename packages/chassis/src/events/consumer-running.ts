import type { EventContract } from '@simplebank/contracts/event';
import type { Subscriber } from '@simplebank/contracts/subscriptions';
import type { Logger } from '../process/logging.ts';
import { type Handler, handlerTable, type LockFirst } from './consumer.ts';
import { defaultPauses, nextAttempt, type RetryPauses } from './consumer-attempts.ts';
import { type Applied, callHandlers } from './consumer-handling.ts';
import {
  type Incoming,
  isReadable,
  type Readable,
  readEvent,
  type Unreadable,
} from './consumer-reading.ts';
import { type Reporter, reporter } from './consumer-report.ts';
import { isConnectionLost, type SqlRunner, type Transact } from './database.ts';
import { markInbox, markParked } from './inbox.ts';
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
  readonly lockFirst?: LockFirst<Tx> | undefined;
  readonly transact: Transact<Tx>;
  readonly log: Logger;
  readonly pauses?: RetryPauses | undefined;
  /** Called when events were parked, so that somebody comes back for them in time. */
  readonly onParked?: () => void;
};

/** Throws when the handlers are not exactly those that the subscription names. */
export function createConsumer<Tx extends SqlRunner>(options: ConsumerOptions<Tx>): Consumer {
  const { subscriber, handlers, log, pauses = defaultPauses, onParked = () => {} } = options;
  const running: Running<Tx> = {
    subscriber,
    transact: options.transact,
    lockFirst: options.lockFirst,
    table: handlerTable(subscriber, handlers),
    contracts: new Map(handlers.map(({ contract }) => [contract.name, contract])),
    report: reporter(log, subscriber),
    pauses,
    onParked,
  };
  return {
    applyBatch: (bodies) => applyBatch(running, bodies),
    retryDue: () => retryDue(running),
  };
}

type Running<Tx extends SqlRunner> = {
  readonly subscriber: Subscriber;
  readonly transact: Transact<Tx>;
  readonly lockFirst: LockFirst<Tx> | undefined;
  readonly table: ReadonlyMap<string, Handler<Tx>>;
  readonly contracts: ReadonlyMap<string, EventContract>;
  readonly report: Reporter;
  readonly pauses: RetryPauses;
  readonly onParked: () => void;
};

async function applyBatch<Tx extends SqlRunner>(running: Running<Tx>, bodies: readonly string[]) {
  let readable: Readable[] = [];
  for (const event of withoutRepeats(bodies.map((body) => readEvent(body, running.contracts)))) {
    if (isReadable(event)) {
      readable.push(event);
      continue;
    }
    // What came before a broken event is applied first, what follows may have to wait behind it.
    await applyInHalves(running, readable);
    readable = [];
    await parkUnreadable(running, event);
  }
  await applyInHalves(running, readable);
}

/**
 * When a batch fails, its halves are run on their own, and so on down to the failing event: it
 * alone is parked (OPS-20), for a dozen transactions instead of a hundred. Later events of its
 * aggregate then find it there and wait behind it.
 */
async function applyInHalves<Tx extends SqlRunner>(
  running: Running<Tx>,
  events: readonly Readable[],
): Promise<void> {
  const [first] = events;
  if (!first) return;
  try {
    const startedAt = performance.now();
    const { parked, applied } = await applyTogether(running, events);
    if (parked > 0) running.onParked();
    const milliseconds = (performance.now() - startedAt) / events.length;
    for (const one of applied) running.report.handled({ ...one, attempt: 1, milliseconds });
  } catch (error) {
    if (isConnectionLost(error)) throw error;
    if (events.length === 1) return parkFailed(running, first, error);
    const middle = Math.ceil(events.length / 2);
    await applyInHalves(running, events.slice(0, middle));
    await applyInHalves(running, events.slice(middle));
  }
}

type Effects = { readonly parked: number; readonly applied: readonly Applied[] };

/** In one transaction: the marks, the effects, and what must wait behind parked events. */
const applyTogether = <Tx extends SqlRunner>(
  running: Running<Tx>,
  events: readonly Readable[],
): Promise<Effects> => {
  const { subscriber, transact, lockFirst } = running;
  return transact(async (tx) => {
    const { fresh, held } = await markInbox(tx, subscriber, events);
    const behind = events.filter(({ aggregateId }) => held.has(aggregateId));
    const parked = await park(tx, subscriber, { events: behind, parking: waitsItsTurn });
    const unseen = events.filter(({ eventId }) => fresh.has(eventId));
    const envelopes = unseen.map(({ envelope }) => envelope);
    if (envelopes.length > 0) await lockFirst?.(tx, envelopes);
    return { parked, applied: await callHandlers(tx, running, unseen) };
  });
};

async function parkFailed<Tx extends SqlRunner>(
  { subscriber, transact, report, pauses, onParked }: Running<Tx>,
  event: Readable,
  error: unknown,
): Promise<void> {
  const parking = nextAttempt(error, { attempts: 0, waitedMs: 0, pauses });
  const parked = await transact((tx) => park(tx, subscriber, { events: [event], parking }));
  if (parked === 0) return;
  report.failed(event, parking, error);
  onParked();
}

async function parkUnreadable<Tx extends SqlRunner>(
  { subscriber, transact, report }: Running<Tx>,
  event: Unreadable,
): Promise<void> {
  const error = boundedError(event.error);
  const parking: Parking = { state: 'DEAD', attempts: 1, pauseMs: 0, error };
  const parked = await transact((tx) => park(tx, subscriber, { events: [event], parking }));
  if (parked > 0) report.failed(event, parking, new Error(event.error));
}

async function retryDue<Tx extends SqlRunner>(running: Running<Tx>): Promise<number | null> {
  for (let tried = 0; tried < retriesInARowMax && (await retryOne(running)); ) tried += 1;
  return running.transact((tx) => nextDueMs(tx, running.subscriber));
}

/** Tries one parked event; false when none is due. */
async function retryOne<Tx extends SqlRunner>(running: Running<Tx>): Promise<boolean> {
  const { subscriber, transact, pauses, report } = running;
  const found: { row: ParkedRow | null } = { row: null };
  const startedAt = performance.now();
  try {
    const applied = await transact(async (tx) => {
      const row = await lockDue(tx, subscriber);
      found.row = row;
      return row ? applyParked(tx, running, row) : [];
    });
    const { row } = found;
    const milliseconds = performance.now() - startedAt;
    const attempt = (row?.attempts ?? 0) + 1;
    for (const one of applied) report.handled({ ...one, attempt, milliseconds });
    return row !== null;
  } catch (error) {
    const { row } = found;
    if (!row || isConnectionLost(error)) throw error;
    const parking = nextAttempt(error, { ...row, pauses });
    await transact((tx) => noteFailure(tx, row, parking));
    report.failed(row, parking, error);
    return true;
  }
}

async function applyParked<Tx extends SqlRunner>(tx: Tx, running: Running<Tx>, row: ParkedRow) {
  const event = readEvent(row.body, running.contracts);
  if (!isReadable(event)) throw new Error(event.error);
  const isNew = await markParked(tx, running.subscriber, event.eventId);
  const applied = isNew ? await callHandlers(tx, running, [event]) : [];
  await unpark(tx, running.subscriber, row);
  return applied;
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
