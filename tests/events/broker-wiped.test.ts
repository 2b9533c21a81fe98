import { republish } from '@simplebank/chassis/outbox';
import { describe, expect, test } from 'vitest';
import { createMarket, createProducer, noQueues } from './support/bank.ts';
import { aFact, countEffects, effectHandlers, effectsIn } from './support/effects.ts';
import { forgetPrefix } from './support/redis.ts';
import { openTransport, transports, useScene } from './support/scene.ts';
import { redisUrl } from './support/servers.ts';
import { until } from './support/until.ts';

describe('events', () => {
  const scene = useScene();

  test('published since a moment go again, in their order, and earlier ones do not', async () => {
    const { db } = scene().database;
    const sent: string[] = [];
    const producer = createProducer(db, {
      ...noQueues,
      send: async (_, bodies) =>
        void sent.push(...bodies.map((body) => JSON.parse(body).aggregateId)),
    });
    const facts = Array.from({ length: 30 }, () => aFact());
    await producer.publish(...facts);
    await producer.relay.drain();
    await db.$executeRaw`
      UPDATE outbox_event SET published_at = now() - interval '2 hours' WHERE position <= 10`;
    sent.length = 0;
    expect(await republish(db, new Date(Date.now() - 3_600_000))).toBe(20);
    await producer.relay.drain();
    expect(sent).toEqual(facts.slice(10).map(({ aggregateId }) => aggregateId));
  });
});

describe.runIf(transports.includes('Redis'))('a Redis that loses everything', () => {
  const scene = useScene('Redis');

  test('costs no event and doubles no effect', async () => {
    const { database, prefix, atEnd } = scene();
    const place = { databaseUrl: database.url, prefix };
    const queues = await openTransport('Redis', place);
    atEnd(queues.close);
    const producer = createProducer(database.db, queues);
    await producer.relay.start();
    atEnd(producer.relay.close);
    await producer.publish(...Array.from({ length: 40 }, () => aFact()));
    await producer.relay.drain();
    await until('the mark is set', async () => (await queues.hasMark?.('orders')) ?? false);
    await forgetPrefix(redisUrl() ?? '', prefix);

    const market = createMarket(database.db, queues, effectHandlers('market'));
    await market.start();
    atEnd(market.close);
    await producer.publish(...Array.from({ length: 10 }, () => aFact()));
    await until('all effects', async () => (await countEffects(database.db)) >= 50);
    const effects = await effectsIn(database.db);
    expect(new Set(effects.map(({ eventId }) => eventId)).size).toBe(50);
    expect(effects.length).toBe(50);
  });
});
