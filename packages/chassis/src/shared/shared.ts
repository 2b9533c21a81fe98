import type { Logger } from '../process/logging.ts';
import type { Limiter, LimiterOptions } from './limiter.ts';
import { createMemoryShared } from './shared-memory.ts';
import { openRedisShared } from './shared-redis.ts';

export type { Limiter, LimiterOptions, Taken } from './limiter.ts';
export { createMemoryShared } from './shared-memory.ts';
export { SharedUnavailable } from './unavailable.ts';

/** What the instances of all processes have in common, beside their databases and queues. */
export type Shared = {
  readonly store: SharedStore;
  readonly signals: Signals;
  readonly limiter: (options: LimiterOptions) => Limiter;
  readonly close: () => Promise<void>;
};

/**
 * Small texts with a lifetime, which may be lost earlier. Every method rejects with
 * SharedUnavailable within 250 ms while Redis is away: callers decide what that means.
 */
export type SharedStore = {
  /** In the order of `keys`; null for what is not there. */
  getMany(keys: readonly string[]): Promise<readonly (string | null)[]>;
  set(key: string, value: string, ttlMs: number): Promise<void>;
  /** Adds one atomically, from 0 for what is not there, and renews the lifetime. */
  increment(key: string, ttlMs: number): Promise<number>;
  /** False when the key was there already, which then stays as it was. */
  setIfAbsent(key: string, value: string, ttlMs: number): Promise<boolean>;
  delete(keys: readonly string[]): Promise<void>;
};

/** Text to every instance, at most once: one may get lost, so nobody relies on it alone. */
export type Signals = {
  /** Rejects with SharedUnavailable when nobody can be told. */
  publish(topic: string, text: string): Promise<void>;
  /**
   * Resolves once the listener hears, or once it is sure to hear when Redis is back.
   * What it resolves with ends the listening.
   */
  subscribe(topic: string, listener: (text: string) => void): Promise<() => Promise<void>>;
};

export type SharedOptions = {
  /** Absent: everything stays in the memory of this process, within bounds. */
  readonly redisUrl?: string | undefined;
  /** Keeps tests and several banks on one server apart: letters, digits, `_`. */
  readonly prefix?: string | undefined;
  /** How long Redis may take to answer: 200 ms unless told. */
  readonly answerMsMax?: number;
  readonly log: Logger;
};

const defaultPrefix = 'simplebank';
const defaultAnswerMsMax = 200;

/** Redis when `redisUrl` is given, else memory. A Redis that is away is waited for beside. */
export async function openShared(options: SharedOptions): Promise<Shared> {
  const { redisUrl, prefix = defaultPrefix, answerMsMax = defaultAnswerMsMax, log } = options;
  if (!redisUrl) return createMemoryShared({ log });
  return openRedisShared({ redisUrl, prefix, answerMsMax, log });
}
