import { Redis } from 'ioredis';
import { RateLimiterRedis } from 'rate-limiter-flexible';
import type { Logger } from '../process/logging.ts';
import { watchTroubles } from '../queues/queue-troubles.ts';
import type { LimiterOptions, Reach } from './limiter.ts';
import { createRedisLimiter } from './limiter.ts';
import { createListeners } from './listeners.ts';
import type { Shared, SharedStore, Signals } from './shared.ts';
import { SharedUnavailable } from './unavailable.ts';

type Options = {
  readonly redisUrl: string;
  readonly prefix: string;
  readonly answerMsMax: number;
  readonly log: Logger;
};

const connectMsMax = 2_000;
const reconnectMsMax = 1_000;
/** After a command without an answer the next ones fail at once, instead of waiting as long. */
const restMs = 500;
const keepAliveMs = 10_000;

/** One connection asks and one listens; both come back by themselves. */
export async function openRedisShared(options: Options): Promise<Shared> {
  const { redisUrl, prefix, answerMsMax, log } = options;
  const inTime = patience(answerMsMax);
  const troubles = watchTroubles(log, 'what instances share cannot be reached');
  const [asking, listening] = [connection(redisUrl), connection(redisUrl)];
  for (const redis of [asking, listening]) {
    redis.on('error', troubles.seen);
    redis.on('ready', troubles.over);
  }
  const reach = reachOf(asking, inTime);
  const stopListening = keepAwake(listening, inTime);
  const signals = createSignals({ asking, listening, reach, inTime, prefix, log });
  // A Redis that is away is no reason not to start: the connections keep trying.
  await Promise.allSettled([asking.connect(), listening.connect()]);
  return {
    store: createStore(asking, reach, (key) => `${prefix}:shared:${key}`),
    signals,
    limiter: (options) => createRedisLimiter(counterOf(asking, prefix, options), options, reach),
    close: async () => {
      stopListening();
      asking.disconnect();
      listening.disconnect();
    },
  };
}

const connection = (redisUrl: string): Redis =>
  new Redis(redisUrl, {
    lazyConnect: true,
    connectTimeout: connectMsMax,
    keepAlive: keepAliveMs,
    retryStrategy: (times) => Math.min(25 * 2 ** times, reconnectMsMax),
    // Nothing waits in memory for a Redis that is away, and nothing is done late.
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
    autoResubscribe: false,
  });

/**
 * Rejects when no answer has come in time. An answer that has come while this process was busy with
 * other things is read before the time is called up.
 */
const patience =
  (answerMsMax: number): InTime =>
  (answer) =>
    new Promise((resolve, reject) => {
      const late = () => reject(new Error('Redis did not answer in time'));
      const timer = setTimeout(() => setImmediate(() => setImmediate(late)), answerMsMax);
      answer.then(resolve, reject).finally(() => clearTimeout(timer));
    });
type InTime = <T>(answer: Promise<T>) => Promise<T>;

/** A connection that does not answer for so long may be dead without knowing it: it is replaced. */
const silentMsMax = 2_000;

function reachOf(redis: Redis, inTime: InTime): Reach {
  let restsUntil = 0;
  let silentSince: number | null = null;
  const seenSilent = () => {
    const now = performance.now();
    restsUntil = now + restMs;
    silentSince ??= now;
    if (now - silentSince < silentMsMax) return;
    silentSince = null;
    redis.disconnect(true);
  };
  return async (command) => {
    if (redis.status !== 'ready') throw new SharedUnavailable(`the connection is ${redis.status}`);
    if (performance.now() < restsUntil) throw new SharedUnavailable('Redis did not answer in time');
    try {
      const answer = await inTime(command());
      silentSince = null;
      return answer;
    } catch (error) {
      seenSilent();
      throw new SharedUnavailable(error);
    }
  };
}

/** One missed answer may be our own lack of time. */
const missedMax = 2;

/** Who only listens does not notice that nobody speaks any more, so it asks now and then. */
function keepAwake(listening: Redis, inTime: InTime): () => void {
  let missed = 0;
  const answered = () => {
    missed = 0;
  };
  const unanswered = () => {
    missed += 1;
    if (missed >= missedMax) listening.disconnect(true);
  };
  const timer = setInterval(() => {
    if (listening.status === 'ready') inTime(listening.ping()).then(answered, unanswered);
  }, silentMsMax);
  timer.unref();
  return () => clearInterval(timer);
}

function createStore(redis: Redis, reach: Reach, named: (key: string) => string): SharedStore {
  return {
    getMany: async (keys) => (keys.length === 0 ? [] : reach(() => redis.mget(keys.map(named)))),
    set: async (key, value, ttlMs) => {
      await reach(() => redis.set(named(key), value, 'PX', Math.ceil(ttlMs)));
    },
    increment: (key, ttlMs) =>
      reach(async () => {
        const steps = redis.multi().incr(named(key)).pexpire(named(key), Math.ceil(ttlMs));
        const [counted] = (await steps.exec()) ?? [];
        if (!counted || counted[0]) throw counted?.[0] ?? new Error('the count has no answer');
        return Number(counted[1]);
      }),
    setIfAbsent: async (key, value, ttlMs) =>
      (await reach(() => redis.set(named(key), value, 'PX', Math.ceil(ttlMs), 'NX'))) === 'OK',
    delete: async (keys) => {
      if (keys.length > 0) await reach(() => redis.del(keys.map(named)));
    },
  };
}

type Wires = {
  readonly asking: Redis;
  readonly listening: Redis;
  readonly reach: Reach;
  readonly inTime: InTime;
  readonly prefix: string;
  readonly log: Logger;
};

function createSignals({ asking, listening, reach, inTime, prefix, log }: Wires): Signals {
  const listeners = createListeners(log);
  const start = `${prefix}:signals:`;
  listening.on('message', (channel: string, text: string) => {
    if (channel.startsWith(start)) listeners.tell(channel.slice(start.length), text);
  });
  const listen = async (topics: readonly string[]) => {
    if (topics.length === 0 || listening.status !== 'ready') return; // `ready` makes up for it
    try {
      await inTime(listening.subscribe(...topics.map((topic) => start + topic)));
    } catch (error) {
      log.warn({ error }, 'signals are not heard: the connection is opened anew');
      listening.disconnect(true);
    }
  };
  listening.on('ready', () => void listen(listeners.topics()));
  return {
    publish: async (topic, text) => {
      await reach(() => asking.publish(start + topic, text));
    },
    subscribe: async (topic, listener) => {
      const own = (text: string) => listener(text);
      listeners.add(topic, own);
      await listen([topic]);
      return async () => {
        const last = listeners.remove(topic, own);
        if (last) await inTime(listening.unsubscribe(start + topic)).catch(() => undefined);
      };
    },
  };
}

const counterOf = (redis: Redis, prefix: string, options: LimiterOptions) =>
  new RateLimiterRedis({
    storeClient: redis,
    keyPrefix: `${prefix}:limit:${options.name}`,
    points: options.pointsMax,
    duration: options.windowSeconds,
  });
