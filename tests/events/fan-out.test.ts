import { randomUUID } from 'node:crypto';
import type { Subscriber } from '@simplebank/contracts/subscriptions';
import { describe, expect, test } from 'vitest';
import { createMarket, createProducer } from './support/bank.ts';
import { aFact, anAssetFact, countEffects, effectHandlers, effectsIn } from './support/effects.ts';
import { transports, useScene } from './support/scene.ts';
import { until } from './support/until.ts';

describe.each(transports)('on %s', (transport) => {
  const scene = useScene(transport);

  test('an event reaches each subscriber once, however many instances it has', async () => {
    const { database, openQueues, atEnd } = scene();
    const queues = await openQueues();
    const got: string[] = [];
    const listeners: readonly Subscriber[] = ['orders', 'holdings', 'market'];
    for (const subscriber of [...listeners, ...listeners]) {
      const consumption = await queues.consume(subscriber, async (bodies) => {
        for (const body of bodies) got.push(`${subscriber} ${JSON.parse(body).aggregateId}`);
      });
      atEnd(consumption.close);
    }
    const producer = createProducer(database.db, queues);
    const [asset, last] = [randomUUID(), randomUUID()];
    await producer.publish(anAssetFact(asset), anAssetFact(last));
    await producer.relay.drain();
    await until('all have it', () => got.length >= 6);
    expect(got.toSorted()).toEqual(
      listeners.flatMap((name) => [`${name} ${asset}`, `${name} ${last}`]).toSorted(),
    );
  });

  test('a thousand events spread over three instances have a thousand effects', async () => {
    const { database, openQueues, atEnd } = scene();
    const queues = await openQueues();
    const producer = createProducer(database.db, queues);
    for (const instance of ['a', 'b', 'c']) {
      const own = database.connect(3);
      const market = createMarket(own, await openQueues(), effectHandlers(instance));
      await market.start();
      atEnd(market.close);
    }
    await producer.relay.start();
    atEnd(producer.relay.close);
    for (let n = 0; n < 100; n += 1) {
      await producer.publish(...Array.from({ length: 10 }, () => aFact()));
    }
    await until('all effects', async () => (await countEffects(database.db)) >= 1_000);
    const effects = await effectsIn(database.db);
    expect(new Set(effects.map(({ eventId }) => eventId)).size).toBe(1_000);
    expect(effects.length).toBe(1_000);
  });
});
