import type { EventQueues } from '@simplebank/chassis/queue';
import type { Envelope } from '@simplebank/contracts/event';
import type { Subscriber } from '@simplebank/contracts/subscriptions';
import { createChance, shuffled } from './chance.ts';

/** How the waiting events are handed over. */
export type Delivery = {
  /** Only this subscriber's; all when absent. */
  readonly to?: Subscriber;
  /** Shuffles by this seed; in the order of sending when absent. */
  readonly seed?: number;
  /** How often each event arrives; 1 when absent. */
  readonly copies?: number;
  /** Events per call of the consumer; 100 when absent. */
  readonly batchMax?: number;
};

export type RecordingQueues = EventQueues & {
  /** Everything that was sent to this subscriber, oldest first. */
  readonly sentTo: (subscriber: Subscriber) => readonly Envelope[];
  /** How many events wait; those of subscribers without a consumer wait for ever. */
  readonly waiting: (subscriber?: Subscriber) => number;
  /** Hands over what waits now and gives how many that were; throws a handler's error. */
  readonly deliver: (delivery?: Delivery) => Promise<number>;
};

type Work = Parameters<EventQueues['consume']>[1];
const batchMaxDefault = 100;

/** Queues in memory that deliver when told, for contexts that run in one process. */
export function createRecordingQueues(): RecordingQueues {
  const sent: { subscriber: Subscriber; body: string }[] = [];
  const waiting = new Map<Subscriber, string[]>();
  const consumers = new Map<Subscriber, Work>();
  const waitingFor = (subscriber: Subscriber) => waiting.get(subscriber) ?? [];
  const deliverTo = async (subscriber: Subscriber, delivery: Delivery): Promise<number> => {
    const work = consumers.get(subscriber);
    if (!work) return 0;
    const bodies = waitingFor(subscriber);
    waiting.set(subscriber, []);
    try {
      for (const batch of batches(bodies, delivery)) await work(batch);
    } catch (error) {
      // A queue delivers again what its consumer failed at.
      waiting.set(subscriber, [...bodies, ...waitingFor(subscriber)]);
      throw error;
    }
    return bodies.length;
  };
  return {
    send: async (subscriber, bodies) => {
      sent.push(...bodies.map((body) => ({ subscriber, body })));
      waiting.set(subscriber, [...waitingFor(subscriber), ...bodies]);
    },
    consume: (subscriber, work) => attach(consumers, subscriber, work),
    close: async () => {},
    sentTo: (subscriber) =>
      sent.filter((each) => each.subscriber === subscriber).map(({ body }) => JSON.parse(body)),
    waiting: (subscriber) => {
      const queues = subscriber ? [waitingFor(subscriber)] : [...waiting.values()];
      return queues.reduce((sum, bodies) => sum + bodies.length, 0);
    },
    deliver: async (delivery = {}) => {
      const targets = delivery.to ? [delivery.to] : [...waiting.keys()];
      let delivered = 0;
      for (const target of targets) delivered += await deliverTo(target, delivery);
      return delivered;
    },
  };
}

async function attach(consumers: Map<Subscriber, Work>, subscriber: Subscriber, work: Work) {
  if (consumers.has(subscriber)) throw new Error(`${subscriber} has a consumer already`);
  consumers.set(subscriber, work);
  const close = async () => {
    consumers.delete(subscriber);
  };
  return { close };
}

function batches(bodies: readonly string[], delivery: Delivery): string[][] {
  const { seed, copies = 1, batchMax = batchMaxDefault } = delivery;
  const copied = Array.from({ length: copies }, () => bodies).flat();
  const ordered = seed === undefined ? copied : shuffled(copied, createChance(seed));
  const count = Math.ceil(ordered.length / batchMax);
  return Array.from({ length: count }, (_, part) =>
    ordered.slice(part * batchMax, (part + 1) * batchMax),
  );
}
