import { randomUUID } from 'node:crypto';
import { publish } from '@simplebank/chassis/outbox';
import { expect, test } from 'vitest';
import { createProducer, noQueues, publishing } from './support/bank.ts';
import { aFact, outboxOf } from './support/effects.ts';
import { useScene } from './support/scene.ts';
import { until } from './support/until.ts';

const scene = useScene();

const openAccount = (id: string) => ({ id, fact: aFact(id) });

async function changesIn(db: ReturnType<typeof scene>['database']['db']) {
  const rows = await db.$queryRaw<{ id: string }[]>`SELECT id FROM change ORDER BY id`;
  return rows.map(({ id }) => id);
}

const createChanges = (db: ReturnType<typeof scene>['database']['db']) =>
  db.$executeRaw`CREATE TABLE change (id text PRIMARY KEY)`;

test('a change that is rolled back leaves no event', async () => {
  const { db } = scene().database;
  await createChanges(db);
  const { id, fact } = openAccount(randomUUID());
  const work = db.$transaction(async (tx) => {
    await tx.$executeRaw`INSERT INTO change VALUES (${id})`;
    await publish(tx, publishing, [fact]);
    throw new Error('refused after all');
  });
  await expect(work).rejects.toThrow('refused after all');
  expect([await changesIn(db), await outboxOf(db)]).toEqual([[], []]);
});

test('of 500 operations many die, and every committed change has one event', async () => {
  const { db } = scene().database;
  await createChanges(db);
  const operation = async (n: number) => {
    const { id, fact } = openAccount(randomUUID());
    await db.$transaction(async (tx) => {
      await tx.$executeRaw`INSERT INTO change VALUES (${id})`;
      if (n % 3 === 0) throw new Error('dies before the event');
      await publish(tx, publishing, [fact]);
      if (n % 7 === 0) throw new Error('dies after the event');
    });
  };
  await Promise.allSettled(Array.from({ length: 500 }, (_, n) => operation(n)));
  const told = (await outboxOf(db)).map(({ body }) => JSON.parse(body).aggregateId).toSorted();
  expect(told).toEqual(await changesIn(db));
  expect(told.length).toBe(
    Array.from({ length: 500 }, (_, n) => n).filter((n) => n % 3 && n % 7).length,
  );
});

test('a fact that breaks its contract throws and writes nothing', async () => {
  const { db } = scene().database;
  const invalid = { ...aFact(), payload: { orderId: 'no id' } };
  const work = db.$transaction((tx) => publish(tx, publishing, [aFact(), invalid]));
  await expect(work).rejects.toThrow(/order-cancel-requested.v1 of .* breaks its contract/);
  expect(await outboxOf(db)).toEqual([]);
});

test('a change commits while the queues are down, and its event follows later', async () => {
  const { database, atEnd } = scene();
  let isDown = true;
  let attempts = 0;
  const sent: string[] = [];
  const producer = createProducer(database.db, {
    ...noQueues,
    send: async (_, bodies) => {
      attempts += 1;
      if (isDown) throw new Error('down');
      sent.push(...bodies);
    },
  });
  await producer.relay.start();
  atEnd(producer.relay.close);
  await producer.publish(aFact(), aFact());
  await until('the relay has tried', () => attempts > 0);
  // However often it is woken, it keeps to its pauses.
  for (let n = 0; n < 200; n += 1) producer.relay.wake();
  await producer.publish(aFact());
  expect(attempts).toBeLessThan(5);

  isDown = false;
  await until('all are sent', () => sent.length >= 3);
  expect(sent).toEqual((await outboxOf(database.db)).map(({ body }) => body));
});

test('a commit wakes the relay long before it would look by itself', async () => {
  const { database, atEnd } = scene();
  const sentAt: number[] = [];
  const producer = createProducer(database.db, {
    ...noQueues,
    send: async () => void sentAt.push(performance.now()),
  });
  await producer.relay.start();
  atEnd(producer.relay.close);
  const waits: number[] = [];
  for (let n = 1; n <= 10; n += 1) {
    const committing = performance.now();
    await producer.publish(aFact());
    await until('it is sent', () => sentAt.length >= n);
    waits.push((sentAt[n - 1] ?? 0) - committing);
  }
  // Half a second is the mean of waiting for the next look; a loaded machine needs some of it.
  expect(waits.toSorted((a, b) => a - b)[5]).toBeLessThan(300);
});
