import { publish } from '@simplebank/chassis/outbox';
import { describe, expect, test } from 'vitest';
import { createMarket, noQueues, publishing } from './support/bank.ts';
import { aFact, effectHandlers, effectsIn, outboxOf, parkedIn } from './support/effects.ts';
import { transports, useScene } from './support/scene.ts';
import { until } from './support/until.ts';

describe('an event', () => {
  const scene = useScene();

  test('that arrives three times at once at three instances has one effect', async () => {
    const { database } = scene();
    const facts = Array.from({ length: 60 }, () => aFact());
    await database.db.$transaction((tx) => publish(tx, publishing, facts));
    const bodies = (await outboxOf(database.db)).map(({ body }) => body);
    const shuffled = [bodies, bodies.toReversed(), [...bodies.slice(30), ...bodies.slice(0, 30)]];
    const instances = shuffled.map(() =>
      createMarket(database.connect(5), noQueues, effectHandlers('market')),
    );
    await Promise.all(instances.map((market, n) => market.applyBatch(shuffled[n] ?? [])));
    await instances[0]?.applyBatch([...bodies, ...bodies]);

    const effects = await effectsIn(database.db);
    expect(effects.map(({ aggregateId }) => aggregateId).toSorted()).toEqual(
      facts.map(({ aggregateId }) => aggregateId).toSorted(),
    );
    expect(await parkedIn(database.db)).toEqual([]);
  });
});

describe.each(transports)('on %s an event', (transport) => {
  const scene = useScene(transport);

  test('whose consumer dies between commit and acknowledgement acts once', async () => {
    const { database, openQueues, atEnd } = scene();
    const queues = await openQueues();
    const market = createMarket(database.db, noQueues, effectHandlers('market'));
    await database.db.$transaction((tx) => publish(tx, publishing, [aFact(), aFact()]));
    const bodies = (await outboxOf(database.db)).map(({ body }) => body);
    let deliveries = 0;
    const consumption = await queues.consume('market', async (batch) => {
      await market.applyBatch(batch);
      deliveries += 1;
      if (deliveries < 3) throw new Error('killed before the acknowledgement');
    });
    atEnd(consumption.close);
    await queues.send('market', bodies);
    await until('it came three times', () => deliveries >= 3);
    expect((await effectsIn(database.db)).length).toBe(2);
  });
});
