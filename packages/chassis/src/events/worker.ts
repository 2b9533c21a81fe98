import type { Subscriber } from '@simplebank/contracts/subscriptions';
import { createWorkGauges } from '../operations/work-gauges.ts';
import { beatMs, createHeart, type Heart } from '../process/heartbeat.ts';
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

const parkedPollMsMin = 10;

/**
 * The consumer of a subscriber's queue, the retries of its parked events, the relay of its outbox
 * and its periodic jobs. The relay starts first and ends last: events leave while work goes on.
 */
export function createWorker<Tx extends SqlRunner>(options: WorkerOptions<Tx>): Worker {
  const { subscriber, runtime, relay, jobs = [], transact } = options;
  const { queues } = runtime;
  const log = runtime.log.child({ module: 'worker' });
  const heart = createHeart({ service: subscriber, worker: 'consumer' });
  let consumption: { close(): Promise<void> } | null = null;

  const onParked = () => parked.wake();
  const consumer = createConsumer({ ...options, log, onParked });
  const applyBatch = (bodies: readonly string[]) => heart.during(() => consumer.applyBatch(bodies));
  const retry = async () => {
    const dueMs = await consumer.retryDue();
    return Math.min(Math.max(dueMs ?? beatMs, parkedPollMsMin), beatMs);
  };
  const about = { service: subscriber, log };
  const parked = createLoop({ ...about, name: 'parked events', turn: retry, retryMs: beatMs });
  const loops = [parked, ...jobs.map((job) => loopOf(job, about))];
  const drain = () => endWork([...loops, consumption], heart);

  return {
    name: `${subscriber}-worker`,
    applyBatch,
    start: async () => {
      await relay.start();
      consumption = await queues.consume(subscriber, applyBatch);
      await Promise.all(loops.map((loop) => loop.start()));
    },
    drain,
    close: async () => {
      await drain();
      await relay.close();
    },
    ready: async () => consumption !== null && heart.isAlive() && (await areAlive(loops)),
    measure: createWorkGauges({
      ...{ subscriber, queues, log },
      ask: (question) => transact(async (tx) => question(tx)),
    }),
  };
}

async function endWork(
  works: readonly ({ close(): Promise<void> } | null)[],
  heart: Pick<Heart, 'rest'>,
): Promise<void> {
  await Promise.all(works.map((work) => work?.close()));
  heart.rest();
}

const areAlive = async (loops: readonly Loop[]): Promise<boolean> =>
  (await Promise.all(loops.map((loop) => loop.ready()))).every(Boolean);

type About = { readonly service: string; readonly log: Logger };

const loopOf = ({ name, everyMs, run }: Job, about: About): Loop =>
  createLoop({ ...about, name, retryMs: everyMs, turn: () => run().then(() => everyMs) });
