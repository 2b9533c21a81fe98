import { randomUUID } from 'node:crypto';
import { type EventQueues, openQueues } from '@simplebank/chassis/queue';
import { afterEach, beforeEach } from 'vitest';
import { silent } from './bank.ts';
import { createMessagingDatabase, type MessagingDatabase } from './messaging-database.ts';
import { forgetPrefix } from './redis.ts';
import { postgresUrl, redisUrl } from './servers.ts';

export type Transport = 'PostgreSQL' | 'Redis';
/** Redis is a second server that this machine may lack. */
export const transports: readonly Transport[] = redisUrl()
  ? ['PostgreSQL', 'Redis']
  : ['PostgreSQL'];
if (!redisUrl()) console.log('queues on Redis are not tested here: REDIS_URL is not set');

export type Scene = {
  readonly database: MessagingDatabase;
  /** Of this test's queues, which it leaves empty. */
  readonly prefix: string;
  /** Further connections to the same queues; all are closed after the test. */
  openQueues(): Promise<EventQueues>;
  /** Run after the test, last first. */
  atEnd(close: () => Promise<unknown>): void;
};

/** A database and a set of queues of their own for each test. */
export function useScene(transport: Transport = 'PostgreSQL'): () => Scene {
  let scene: Scene | null = null;
  let endings: (() => Promise<unknown>)[] = [];

  beforeEach(async () => {
    const database = await createMessagingDatabase(postgresUrl());
    endings = [database.drop];
    const prefix = `test_${randomUUID().replaceAll('-', '')}`;
    const atEnd = (close: () => Promise<unknown>) => void endings.push(close);
    const redis = redisUrl();
    if (transport === 'Redis' && redis) atEnd(() => forgetPrefix(redis, prefix));
    const open = async () => {
      const queues = await openTransport(transport, { databaseUrl: database.url, prefix });
      atEnd(queues.close);
      return queues;
    };
    scene = { database, prefix, openQueues: open, atEnd };
  });
  afterEach(async () => {
    // Last first, for workers end before the queues that they read.
    for (const close of endings.toReversed()) await close();
  });
  return () => {
    if (!scene) throw new Error('there is a scene within tests only');
    return scene;
  };
}

export type Place = {
  readonly databaseUrl: string;
  readonly prefix: string;
  readonly redis?: string | undefined;
};

export const openTransport = (transport: Transport, { databaseUrl, prefix, redis }: Place) =>
  openQueues({
    redisUrl: transport === 'Redis' ? (redis ?? redisUrl()) : undefined,
    ...{ databaseUrl, prefix, log: silent },
  });
