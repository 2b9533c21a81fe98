import { randomUUID } from 'node:crypto';
import { createLogger } from '@simplebank/chassis/logging';
import { publish } from '@simplebank/chassis/outbox';
import type { Signals } from '@simplebank/chassis/shared';
import { createMemoryShared, SharedUnavailable } from '@simplebank/chassis/shared';
import { type Announced, type Announcement, eventsTopic } from '@simplebank/contracts/entities';
import { expect, test } from 'vitest';
import { createProducer, noQueues, publishing } from './support/bank.ts';
import { aFact, outboxOf } from './support/effects.ts';
import { useScene } from './support/scene.ts';
import { until } from './support/until.ts';

const scene = useScene();
const log = createLogger({ service: 'test', destination: { write: () => undefined } });
const takesAll = { ...noQueues, send: async () => {} };

test('what a context has published is announced with the entities that it touched', async () => {
  const { database, atEnd } = scene();
  const { signals } = createMemoryShared({ log });
  const heard: Announced[] = [];
  await signals.subscribe(eventsTopic, (text) => {
    heard.push(...(JSON.parse(text) as Announcement).events);
  });
  const producer = createProducer(database.db, takesAll, signals);
  await producer.relay.start();
  atEnd(producer.relay.close);
  const ids = Array.from({ length: 250 }, () => randomUUID());
  await producer.publish(...ids.map((id) => ({ ...aFact(id), payload: { orderId: id } })));

  await until('all is announced', () => heard.length >= ids.length);
  const told = heard.map(({ aggregateId, entities }) => [aggregateId, entities]);
  expect(told).toEqual(ids.map((id) => [id, [`Order:${id}`]]));
  const sent = (await outboxOf(database.db)).map(({ body }) => JSON.parse(body));
  expect(heard.map(({ eventId, type }) => [eventId, type])).toEqual(
    sent.map(({ eventId, type }) => [eventId, type]),
  );
});

test('an event is announced before it is marked as published', async () => {
  const { database, atEnd } = scene();
  const { db } = database;
  const unpublished: number[] = [];
  const signals: Signals = {
    subscribe: async () => async () => {},
    publish: async () => {
      const [row] = await db.$queryRaw<{ n: number }[]>`
        SELECT count(*)::int AS n FROM outbox_event WHERE published_at IS NULL`;
      unpublished.push(row?.n ?? -1);
    },
  };
  const producer = createProducer(db, takesAll, signals);
  atEnd(producer.relay.close);
  await db.$transaction((tx) => publish(tx, publishing, [aFact()]));
  await producer.relay.drain();
  expect(unpublished).toEqual([1]);
});

const troubles: Readonly<Record<string, () => Promise<void>>> = {
  'signals that fail': () => Promise.reject(new SharedUnavailable('Redis is away')),
  'signals that throw': () => {
    throw new Error('broken');
  },
  'signals that never answer': () => new Promise(() => {}),
};
test.each(Object.entries(troubles))('%s keep no event from its subscribers', async (_, trouble) => {
  const { database, atEnd } = scene();
  const sent: string[] = [];
  const queues = {
    ...noQueues,
    send: async (_: string, bodies: readonly string[]) => {
      sent.push(...bodies);
    },
  };
  const signals: Signals = { publish: trouble, subscribe: async () => async () => {} };
  const producer = createProducer(database.db, queues, signals);
  await producer.relay.start();
  atEnd(producer.relay.close);
  await producer.publish(aFact(), aFact());
  await producer.relay.drain();
  expect(sent).toEqual((await outboxOf(database.db)).map(({ body }) => body));
});
