import { setTimeout as pause } from 'node:timers/promises';
import { type Subscriber, subscribersOf } from '@simplebank/contracts/subscriptions';
import type { Clock } from '@simplebank/kernel/clock';
import type { Logger } from '../process/logging.ts';
import { recordPublished } from '../process/work-metrics.ts';
import type { EventQueues } from '../queues/queue.ts';
import { watchTroubles } from '../queues/queue-troubles.ts';
import type { Signals } from '../shared/shared.ts';
import { announce } from './announce.ts';
import type { SqlRunner, TransactionHost } from './database.ts';
import {
  type ClaimedEvent,
  claimRowsMax,
  claimUnpublished,
  hasUnpublished,
  republish,
} from './outbox.ts';
import { createBell, keepGoing, oneAtATime } from './relay-pacing.ts';
import { spansOfSending } from './relay-spans.ts';

/** Sends what the outbox of one context holds to the queues of those who listen. */
export type Relay = {
  /** Looks for new rows soon; many calls make one look. */
  wake(): void;
  /** Resolves once every committed row is sent; rejects when one cannot be. */
  drain(): Promise<void>;
  start(): Promise<void>;
  close(): Promise<void>;
};

export type RelayOptions<Tx extends SqlRunner> = {
  readonly context: string;
  /** The bare client: relayed rows must not wake the relay again. */
  readonly db: TransactionHost<Tx> & SqlRunner;
  readonly queues: EventQueues;
  /** Tells gateways of all instances what has happened. */
  readonly signals: Signals;
  readonly log: Logger;
  readonly clock: Clock;
};

/** Rows committed by other processes are found by looking; our own commits wake the relay. */
const pollMs = 1_000;
const heldBackPauseMs = 5;
/**
 * Rounds, jobs and transactions cost per piece, hardly per event: rounds begin this far apart, and
 * after a slow one the relay rests twice as long as it took, so that what is sent together grows
 * with the load. The first event after a pause goes at once.
 */
const roundEveryMsMin = 25;
const restMsMax = 100;
const restMs = (roundMs: number) =>
  Math.min(Math.max(2 * roundMs, roundEveryMsMin - roundMs), restMsMax);
const connectionWaitMs = 5_000;
/** Longer than a send may take, so that a slow queue does not end the claim under it. */
const roundMsMax = 15_000;

/**
 * One round claims rows, sends them and commits the mark, in one transaction: a crash in between
 * repeats the events, and inboxes drop repeats. A claim is all that waits, so batches grow by
 * themselves. While rounds fail, pauses grow and waking does not shorten them.
 */
export function createRelay<Tx extends SqlRunner>(options: RelayOptions<Tx>): Relay {
  const { context, db, log } = options;
  const closing = new AbortController();
  const bell = createBell();
  const troubles = watchTroubles(log.child({ queue: context }), 'events cannot be sent');
  const round = oneAtATime(() => sendOnce(options));
  const resendForgotten = watchMark(options);
  let running: Promise<void> | null = null;

  const look = async () => {
    await resendForgotten();
    const startedAt = performance.now();
    const { sent, heldBack } = await round();
    if (heldBack > 0) return pause(heldBackPauseMs);
    if (sent >= claimRowsMax) return;
    if (sent > 0) await pause(restMs(performance.now() - startedAt));
    await bell.rung(pollMs);
  };
  return {
    wake: bell.ring,
    drain: () => drain(round, db),
    start: async () => {
      running ??= keepGoing(look, { until: closing.signal, troubles });
    },
    close: async () => {
      closing.abort();
      bell.ring();
      await running;
    },
  };
}

type Round = { readonly sent: number; readonly heldBack: number };

const sendOnce = <Tx extends SqlRunner>(options: RelayOptions<Tx>): Promise<Round> => {
  const { context, db, queues, signals } = options;
  return db.$transaction(
    async (tx) => {
      const { events, heldBack } = await claimUnpublished(tx);
      const sent = spansOfSending(context, events);
      await Promise.all([sent(sendToSubscribers(queues, events)), announce(signals, events)]);
      recordPublished(context, events);
      return { sent: events.length, heldBack };
    },
    { maxWait: connectionWaitMs, timeout: roundMsMax },
  );
};

async function drain(round: () => Promise<Round>, db: SqlRunner): Promise<void> {
  for (;;) {
    const { sent, heldBack } = await round();
    if (sent > 0) continue;
    // Nothing to claim, yet another relay may be sending; its rows count once it has marked them.
    if (heldBack === 0 && !(await hasUnpublished(db))) return;
    await pause(heldBackPauseMs);
  }
}

async function sendToSubscribers(queues: EventQueues, events: readonly ClaimedEvent[]) {
  const bySubscriber = new Map<Subscriber, string[]>();
  for (const { type, body } of events) {
    for (const subscriber of subscribersOf(type)) {
      const bodies = bySubscriber.get(subscriber);
      if (bodies) bodies.push(body);
      else bySubscriber.set(subscriber, [body]);
    }
  }
  const sends = [...bySubscriber].map(([subscriber, bodies]) => queues.send(subscriber, bodies));
  // All have ended before a failure ends the transaction: a late send would overtake its repeat.
  const failed = (await Promise.allSettled(sends)).find(({ status }) => status === 'rejected');
  if (failed?.status === 'rejected') throw failed.reason;
}

const markEveryMs = 5_000;
/** How far back events are sent again after the queue backend lost its memory. */
const republishMinutes = 60;

/**
 * A mark in the queue backend tells whether it still has its memory. Where it is missing, what was
 * published lately is sent again before the mark is set, so that a crash in between repeats that.
 */
function watchMark<Tx extends SqlRunner>(options: RelayOptions<Tx>): () => Promise<void> {
  const { context, db, queues, log, clock } = options;
  let seenAt = 0;
  return async () => {
    if (!queues.hasMark || Date.now() - seenAt < markEveryMs) return;
    if (!(await queues.hasMark(context))) {
      const since = new Date(clock.now().getTime() - republishMinutes * 60_000);
      const count = await republish(db, since);
      if (count > 0)
        log.warn({ queue: context }, `the queues were empty: ${count} events go again`);
      await queues.setMark?.(context);
    }
    seenAt = Date.now();
  };
}
