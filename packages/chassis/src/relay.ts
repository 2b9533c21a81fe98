import { setTimeout as pause } from 'node:timers/promises';
import { type Subscriber, subscribersOf } from '@simplebank/contracts/subscriptions';
import type { Clock } from '@simplebank/kernel/clock';
import type { SqlRunner, TransactionHost } from './database.ts';
import type { Logger } from './logging.ts';
import { type ClaimedEvent, claimUnpublished, hasUnpublished, republish } from './outbox.ts';
import type { EventQueues } from './queue.ts';
import { watchTroubles } from './queue-troubles.ts';

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
  readonly log: Logger;
  readonly clock: Clock;
};

/** Rows committed by other processes are found by looking; our own commits wake the relay. */
const pollMs = 1_000;
const heldBackPauseMs = 5;
const firstBackoffMs = 100;
const backoffMsMax = 10_000;
const connectionWaitMs = 5_000;
/** Longer than a send may take, so that a slow queue does not end the claim under it. */
const roundMsMax = 15_000;

const markEveryMs = 5_000;
/** How far back events are sent again after the queue backend lost its memory. */
const republishMinutes = 60;

/**
 * One round claims rows, sends them and commits the mark, in one transaction: a crash in between
 * repeats the events, and inboxes drop repeats. A claim is all that waits, so batches grow by
 * themselves. While rounds fail, pauses grow and waking does not shorten them.
 */
export function createRelay<Tx extends SqlRunner>(options: RelayOptions<Tx>): Relay {
  const { context, db, queues, log, clock } = options;
  const troubles = watchTroubles(log.child({ queue: context }), 'events cannot be sent');
  const closing = new AbortController();
  const bell = createBell();
  let running: Promise<void> | null = null;
  let markSeenAt = 0;

  const round = oneAtATime(() =>
    db.$transaction(
      async (tx) => {
        const { events, heldBack } = await claimUnpublished(tx);
        await sendToSubscribers(queues, events);
        return { sent: events.length, heldBack };
      },
      { maxWait: connectionWaitMs, timeout: roundMsMax },
    ),
  );

  const checkMark = async () => {
    if (!queues.hasMark || Date.now() - markSeenAt < markEveryMs) return;
    if (!(await queues.hasMark(context))) {
      const since = new Date(clock.now().getTime() - republishMinutes * 60_000);
      const count = await republish(db, since);
      if (count > 0) log.warn({ queue: context }, `the queues are empty; ${count} events go again`);
      await queues.setMark?.(context);
    }
    markSeenAt = Date.now();
  };

  /** True when there may be more to send at once. */
  const lookOnce = async () => {
    await checkMark();
    const { sent, heldBack } = await round();
    if (sent === 0 && heldBack > 0) await pause(heldBackPauseMs);
    return sent > 0 || heldBack > 0;
  };

  const run = async () => {
    let backoffMs = firstBackoffMs;
    while (!closing.signal.aborted) {
      try {
        // One round after the other, because each claims what the one before left.
        if (!(await lookOnce())) await bell.rung(pollMs);
        backoffMs = firstBackoffMs;
        troubles.over();
      } catch (error) {
        troubles.seen(error);
        markSeenAt = 0;
        const waitMs = backoffMs * (0.5 + Math.random() / 2);
        await pause(waitMs, undefined, { signal: closing.signal }).catch(() => {});
        backoffMs = Math.min(backoffMs * 2, backoffMsMax);
      }
    }
  };

  return {
    wake: bell.ring,
    drain: async () => {
      for (;;) {
        const { sent, heldBack } = await round();
        if (sent === 0 && heldBack === 0 && !(await hasUnpublished(db))) return;
        if (sent === 0) await pause(heldBackPauseMs);
      }
    },
    start: async () => {
      running ??= run();
    },
    close: async () => {
      closing.abort();
      bell.ring();
      await running;
    },
  };
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

/** `rung` resolves at the next ring, at once if it rang since the last wait, or after the time. */
function createBell() {
  let rang = false;
  let wakeUp: (() => void) | null = null;
  return {
    ring: () => {
      rang = true;
      wakeUp?.();
    },
    rung: async (milliseconds: number) => {
      if (!rang) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, milliseconds);
          wakeUp = () => {
            clearTimeout(timer);
            resolve();
          };
        });
        wakeUp = null;
      }
      rang = false;
    },
  };
}

/** Runs calls one after another, so that a drain never waits for a round of its own relay. */
function oneAtATime<T>(work: () => Promise<T>): () => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return () => {
    const next = last.then(work, work);
    last = next;
    return next;
  };
}
