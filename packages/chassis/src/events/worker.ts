import type { Subscriber } from '@simplebank/contracts/subscriptions';
import type { Logger } from '../process/logging.ts';
import { createLoop, type Loop } from '../process/loop.ts';
import type { Part, Runtime } from '../process/process.ts';
import type { Handler, LockFirst } from './consumer.ts';
import type { RetryPauses } from './consumer-attempts.ts';
import { createConsumer } from './consumer-running.ts';
import type { SqlRunner, Transact } from './database.ts';
import type { Relay } from './relay.ts';

/** Runs with this pause between the end of one run and the start of the next; never overlaps. */
export type Job = {
  readonly name: string;
  readonly everyMs: number;
  readonly run: () => Promise<void>;
};

export type Worker = Part & {
  /** What the queue calls with a job's events; tests call it themselves. */
  readonly applyBatch: (bodies: readonly string[]) => Promise<void>;
};

export type WorkerOptions<Tx extends SqlRunner> = {
  readonly subscriber: Subscriber;
  /** One for each event that the subscriber listens to, no more and no less; else it throws. */
  readonly handlers: readonly Handler<Tx>[];
  readonly lockFirst?: LockFirst<Tx>;
  readonly transact: Transact<Tx>;
  readonly runtime: Runtime;
  readonly relay: Relay;
  readonly jobs?: readonly Job[];
  readonly pauses?: RetryPauses;
};

/** A heartbeat is due every 5 s and may be missed twice (OPS-74). */
const beatMs = 5_000;
const silentMsMax = 3 * beatMs;
const parkedPollMsMin = 10;

/**
 * The consumer of a subscriber's queue, the retries of its parked events, the relay of its outbox
 * and its periodic jobs. The relay starts first and ends last: events leave while work goes on.
 */
export function createWorker<Tx extends SqlRunner>(options: WorkerOptions<Tx>): Worker {
  const { subscriber, runtime, relay, jobs = [] } = options;
  const log = runtime.log.child({ module: 'worker' });
  const pulse = createPulse();
  let consumption: { close(): Promise<void> } | null = null;

  const onParked = () => parked.wake();
  const consumer = createConsumer({ ...options, log, onParked });
  const applyBatch = (bodies: readonly string[]) => pulse.during(consumer.applyBatch(bodies));
  const retry = async () => {
    const dueMs = await consumer.retryDue();
    pulse.beat();
    return Math.min(Math.max(dueMs ?? beatMs, parkedPollMsMin), beatMs);
  };
  const parked = createLoop({ name: 'parked events', log, turn: retry, retryMs: beatMs });
  const loops = [parked, ...jobs.map((job) => loopOf(job, log))];

  return {
    name: `${subscriber}-worker`,
    applyBatch,
    start: async () => {
      pulse.beat();
      await relay.start();
      consumption = await runtime.queues.consume(subscriber, applyBatch);
      await Promise.all(loops.map((loop) => loop.start()));
    },
    close: async () => {
      await Promise.all([...loops.map((loop) => loop.close()), consumption?.close()]);
      await relay.close();
    },
    ready: async () => consumption !== null && pulse.isAlive(),
  };
}

const loopOf = ({ name, everyMs, run }: Job, log: Logger): Loop =>
  createLoop({ name, log, retryMs: everyMs, turn: () => run().then(() => everyMs) });

/** Beats while the database answers, and stops when one batch takes too long. */
function createPulse() {
  let lastBeatAt = 0;
  let batchSince: number | null = null;
  return {
    beat: () => {
      lastBeatAt = Date.now();
    },
    during: async (batch: Promise<void>) => {
      batchSince ??= Date.now();
      await batch.finally(() => {
        batchSince = null;
      });
    },
    isAlive: () => {
      const oldest = Math.min(lastBeatAt, batchSince ?? lastBeatAt);
      return Date.now() - oldest < silentMsMax;
    },
  };
}
