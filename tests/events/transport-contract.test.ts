import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { createMarket, createProducer } from './support/bank.ts';
import { aFact, countEffects, effectHandlers, effectsIn, versionsOf } from './support/effects.ts';
import { startProxy, through } from './support/proxy.ts';
import { openTransport, transports, useScene } from './support/scene.ts';
import { postgresUrl, redisUrl } from './support/servers.ts';
import { until } from './support/until.ts';

const numbered = (count: number) => Array.from({ length: count }, (_, n) => `event ${n}`);

describe.each(transports)('queues on %s', (transport) => {
  const scene = useScene(transport);

  /** By a wire that can be cut. */
  async function openThroughProxy() {
    const { database, prefix, atEnd } = scene();
    const redis = redisUrl() ?? postgresUrl();
    const proxy = await startProxy(transport === 'Redis' ? redis : postgresUrl());
    atEnd(proxy.close);
    const queues = await openTransport(transport, {
      databaseUrl: through(database.url, proxy),
      redis: through(redis, proxy),
      prefix,
    });
    atEnd(queues.close);
    return { queues, proxy };
  }

  test('deliver every event, in the order in which they were sent', async () => {
    const queues = await scene().openQueues();
    const sent = numbered(1_234);
    const received: string[] = [];
    const consumption = await queues.consume('market', async (bodies) => {
      received.push(...bodies);
    });
    for (let from = 0; from < sent.length; from += 200) {
      await queues.send('market', sent.slice(from, from + 200));
    }
    await until('all have come', () => received.length >= sent.length);
    await consumption.close();
    expect(received).toEqual(sent);
  });

  test('keep the order of many small jobs while a slow consumer takes them together', async () => {
    const queues = await scene().openQueues();
    const sent = numbered(300);
    const received: string[] = [];
    const consumption = await queues.consume('market', async (bodies) => {
      await pause(2);
      received.push(...bodies);
    });
    for (const body of sent) await queues.send('market', [body]);
    await until('all have come', () => received.length >= sent.length);
    await consumption.close();
    expect(received).toEqual(sent);
  });

  test('hand over at most 500 events or 1 MB at once', async () => {
    const queues = await scene().openQueues();
    const large = Array.from({ length: 15 }, (_, n) => `${n % 10}`.repeat(100_000));
    await queues.send('market', [...numbered(1_250), ...large]);
    const batches: (readonly string[])[] = [];
    const consumption = await queues.consume('market', async (bodies) => {
      batches.push(bodies);
    });
    await until('all have come', () => batches.flat().length >= 1_265);
    await consumption.close();
    expect(batches.flat()).toEqual([...numbered(1_250), ...large]);
    expect(Math.max(...batches.map((bodies) => bodies.length))).toBeLessThanOrEqual(500);
    const sizes = batches.map((bodies) => Buffer.byteLength(bodies.join('')));
    expect(Math.max(...sizes)).toBeLessThanOrEqual(1024 * 1024);
  });

  test('ask again with the same events when the work fails, and let none overtake', async () => {
    const queues = await scene().openQueues();
    const done: string[] = [];
    let failures = 3;
    const consumption = await queues.consume('market', async (bodies) => {
      failures -= 1;
      if (failures >= 0) throw new Error('the database is away');
      done.push(...bodies);
    });
    for (const body of numbered(20)) await queues.send('market', [body]);
    await until('all are done', () => done.length >= 20);
    await consumption.close();
    expect(done).toEqual(numbered(20));
  });

  test('give a job whose consumer closed before it was done to the next consumer', async () => {
    const queues = await scene().openQueues();
    let begun = false;
    const first = await queues.consume('market', async () => {
      begun = true;
      throw new Error('never done here');
    });
    await queues.send('market', ['one event']);
    await until('the first consumer has it', () => begun);
    await first.close();

    const received: string[] = [];
    const second = await (await scene().openQueues()).consume('market', async (bodies) => {
      received.push(...bodies);
    });
    await until('the second consumer has it', () => received.length > 0);
    await second.close();
    expect(received).toEqual(['one event']);
  });

  test('may close all at once and twice, with events under way, and lose nothing', async () => {
    const received: string[] = [];
    const take = async (bodies: readonly string[]) => void received.push(...bodies);
    const sender = await scene().openQueues();
    const takers = await Promise.all([scene().openQueues(), scene().openQueues()]);
    const consumptions = await Promise.all(takers.map((taker) => taker.consume('market', take)));
    const sends = numbered(40).map((body) => sender.send('market', [body]));
    const closes = [...consumptions, ...consumptions].map((consumption) => consumption.close());
    await Promise.all([...closes, ...sends]);

    const last = await sender.consume('market', take);
    await until('nothing is missing', () => new Set(received).size === 40);
    await Promise.all([last.close(), last.close()]);
    expect(new Set(received)).toEqual(new Set(numbered(40)));
  });

  test('work again after the connection was cut', async () => {
    const { queues, proxy } = await openThroughProxy();
    const { atEnd } = scene();
    const received: string[] = [];
    const consumption = await queues.consume('market', async (bodies) => {
      received.push(...bodies);
    });
    atEnd(consumption.close);
    await queues.send('market', ['before']);
    await until('the first has come', () => received.includes('before'));

    proxy.cut();
    await expect(queues.send('market', ['during'])).rejects.toThrow();
    proxy.restore();
    await until('sending works again', () =>
      queues.send('market', ['after']).then(
        () => true,
        () => false,
      ),
    );
    await until('the last has come', () => received.includes('after'));
    expect(new Set(received)).toEqual(new Set(['before', 'after']));
  });

  test('reach a subscriber whose queue could not be opened at first', async () => {
    const { queues, proxy } = await openThroughProxy();
    proxy.cut();
    await expect(queues.send('market', ['during'])).rejects.toThrow();
    await expect(queues.send('market', ['during'])).rejects.toThrow();
    proxy.restore();
    await until('sending works', () =>
      queues.send('market', ['after']).then(
        () => true,
        () => false,
      ),
    );
    const received: string[] = [];
    const consumption = await queues.consume('market', async (bodies) => {
      received.push(...bodies);
    });
    scene().atEnd(consumption.close);
    await until('it has come', () => received.includes('after'));
  });
});

describe.each(transports)('outbox to inbox by way of %s', (transport) => {
  const scene = useScene(transport);

  test('keeps the order of each aggregate, each effect once', async () => {
    const { database, openQueues, atEnd } = scene();
    const queues = await openQueues();
    const producer = createProducer(database.db, queues);
    const market = createMarket(database.db, queues, effectHandlers('market'));
    await market.start();
    atEnd(market.close);
    await producer.relay.start();
    atEnd(producer.relay.close);

    const aggregates = Array.from({ length: 20 }, () => randomUUID());
    for (let version = 1; version <= 15; version += 1) {
      await producer.publish(...aggregates.map((aggregate) => aFact(aggregate, version)));
    }
    await until('all effects', async () => (await countEffects(database.db)) >= 300);
    const effects = await effectsIn(database.db);
    const inOrder = Array.from({ length: 15 }, (_, n) => n + 1);
    expect(aggregates.map((aggregate) => versionsOf(effects, aggregate))).toEqual(
      aggregates.map(() => inOrder),
    );
  });

  test('repeats after a crash between sending and marking, and the effect stays one', async () => {
    const { database, openQueues, atEnd } = scene();
    const queues = await openQueues();
    let crashes = 2;
    const sent: string[] = [];
    const crashing = createProducer(database.db, {
      ...queues,
      send: async (subscriber, bodies) => {
        await queues.send(subscriber, bodies);
        sent.push(...bodies);
        crashes -= 1;
        if (crashes >= 0) throw new Error('killed');
      },
    });
    const market = createMarket(database.db, queues, effectHandlers('market'));
    await market.start();
    atEnd(market.close);
    await crashing.publish(aFact(), aFact(), aFact());
    await expect(crashing.relay.drain()).rejects.toThrow('killed');
    await expect(crashing.relay.drain()).rejects.toThrow('killed');
    await crashing.relay.drain();
    const last = aFact();
    await crashing.publish(last);
    await crashing.relay.drain();

    await until('the last event has come', async () => {
      const effects = await effectsIn(database.db);
      return effects.some(({ aggregateId }) => aggregateId === last.aggregateId);
    });
    expect(sent.length).toBe(10);
    expect(await countEffects(database.db)).toBe(4);
  });
});
