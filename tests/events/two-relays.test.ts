import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createProducer, noQueues } from './support/bank.ts';
import { aFact } from './support/effects.ts';
import { useScene } from './support/scene.ts';
import { until } from './support/until.ts';

const scene = useScene();

test('two relays on one outbox send each event once, in order per aggregate', async () => {
  const { database, atEnd } = scene();
  const sent: { readonly aggregateId: string; readonly aggregateVersion: number }[] = [];
  const senders = new Set<number>();
  const relayOf = (relay: number) =>
    createProducer(database.connect(5), {
      ...noQueues,
      // A slow queue: claims of both relays overlap again and again.
      send: async (_, bodies) => {
        await pause(Math.random() * 10);
        senders.add(relay);
        sent.push(...bodies.map((body) => JSON.parse(body)));
      },
    });
  const producers = [relayOf(0), relayOf(1)];
  for (const { relay } of producers) {
    await relay.start();
    atEnd(relay.close);
  }
  const aggregates = Array.from({ length: 10 }, () => randomUUID());
  const versions = Array.from({ length: 30 }, (_, n) => n + 1);
  const tell = async (aggregate: string, producer: (typeof producers)[number] | undefined) => {
    for (const version of versions) await producer?.publish(aFact(aggregate, version));
  };
  await Promise.all(aggregates.map((aggregate, n) => tell(aggregate, producers[n % 2])));
  await until('all are sent', () => sent.length >= 300);
  await Promise.all(producers.map(({ relay }) => relay.drain()));

  const sentOf = (aggregate: string) =>
    sent.filter(({ aggregateId }) => aggregateId === aggregate).map((e) => e.aggregateVersion);
  expect(aggregates.map(sentOf)).toEqual(aggregates.map(() => versions));
  expect(senders).toEqual(new Set([0, 1]));
});
