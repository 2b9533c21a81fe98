import { randomUUID } from 'node:crypto';
import { NotYet } from '@simplebank/chassis/consumer';
import { publish } from '@simplebank/chassis/outbox';
import type { Fact } from '@simplebank/contracts/event';
import { expect, test } from 'vitest';
import { createMarket, noQueues, publishing } from './support/bank.ts';
import {
  aFact,
  anAssetFact,
  countEffects,
  effectHandlers,
  effectsIn,
  outboxOf,
  parkedIn,
  versionsOf,
} from './support/effects.ts';
import { useScene } from './support/scene.ts';
import { until } from './support/until.ts';

const scene = useScene();

async function bodiesOf(facts: readonly Fact[]): Promise<readonly string[]> {
  const { db } = scene().database;
  await db.$transaction((tx) => publish(tx, publishing, facts));
  return (await outboxOf(db)).map(({ body }) => body);
}

const idOf = (body: string | undefined) => JSON.parse(body ?? '').eventId;

test('an event that fails eight times is dead and holds back its aggregate only', async () => {
  const { database, atEnd } = scene();
  const bad = randomUUID();
  let attempts = 0;
  const handlers = effectHandlers('market', async (_, events) => {
    if (!events.some(({ aggregateId }) => aggregateId === bad)) return;
    attempts += 1;
    throw new Error('never works');
  });
  const market = createMarket(database.db, noQueues, handlers);
  await market.start();
  atEnd(market.close);
  const bodies = await bodiesOf([aFact(bad, 1), aFact(bad, 2), aFact()]);
  for (const body of bodies) await market.applyBatch([body]);
  await until('it is dead', async () => (await parkedIn(database.db))[0]?.state === 'DEAD');

  expect(attempts).toBe(8);
  expect(await countEffects(database.db)).toBe(1);
  expect(await parkedIn(database.db)).toEqual([
    { eventId: idOf(bodies[0]), state: 'DEAD', attempts: 8 },
    { eventId: idOf(bodies[1]), state: 'WAITING', attempts: 0 },
  ]);
});

test('a worker with nothing parked is quiet', async () => {
  const { database, atEnd } = scene();
  const { db } = database;
  let transactions = 0;
  const counting: typeof db = Object.assign(Object.create(db), {
    $transaction: (...asked: Parameters<typeof db.$transaction>) => {
      transactions += 1;
      return db.$transaction(...asked);
    },
  });
  const worker = createMarket(counting, noQueues, effectHandlers('market'));
  const startedAt = Date.now();
  await worker.start();
  atEnd(worker.close);
  await until('a second is over', () => Date.now() - startedAt > 1_000);
  // One look for what is due and one for when more will be; the next come after five seconds.
  expect(transactions).toBe(2);
});

test('an event that breaks its schema is dead at once, the rest of its batch acts', async () => {
  const { db } = scene().database;
  const market = createMarket(db, noQueues, effectHandlers('market'));
  const [aggregate, other] = [randomUUID(), randomUUID()];
  const [first, second, third, stranger] = await bodiesOf([
    ...[aFact(aggregate, 1), aFact(aggregate, 2), aFact(aggregate, 3), aFact(other)],
  ]);
  const broken = JSON.stringify({ ...JSON.parse(second ?? ''), payload: {} });
  const batch = [first, broken, 'no JSON at all', third, stranger].map((body) => body ?? '');
  await market.applyBatch(batch);
  await market.applyBatch(batch);

  const effects = await effectsIn(db);
  expect([versionsOf(effects, aggregate), versionsOf(effects, other)]).toEqual([[1], [1]]);
  expect(await parkedIn(db)).toEqual([
    { eventId: idOf(second), state: 'DEAD', attempts: 1 },
    { eventId: expect.any(String), state: 'DEAD', attempts: 1 },
    { eventId: idOf(third), state: 'WAITING', attempts: 0 },
  ]);
});

test('an event that comes before the fact it builds on acts soon after that fact', async () => {
  const { database, atEnd } = scene();
  const handlers = effectHandlers('market', async (tx, events) => {
    const [known] = await tx.$queryRaw<{ n: number }[]>`
      SELECT count(*)::int AS n FROM effect WHERE aggregate_id = 'the asset'`;
    const needs = events.some(({ type }) => type === 'orders.order-cancel-requested.v1');
    if (needs && known?.n === 0) throw new NotYet('the asset is not known');
  });
  const market = createMarket(database.db, noQueues, handlers);
  await market.start();
  atEnd(market.close);
  const order = randomUUID();
  const bodies = await bodiesOf([aFact(order, 1), aFact(order, 2), anAssetFact('the asset')]);
  await market.applyBatch(bodies.slice(0, 2));
  // Waiting uses up no attempts, so it may go on for longer than eight of them.
  await until('it was tried again', async () => (await parkedIn(database.db)).length === 2);
  expect((await parkedIn(database.db)).map(({ attempts }) => attempts)).toEqual([0, 0]);

  await market.applyBatch(bodies.slice(2));
  await until('nothing waits', async () => (await parkedIn(database.db)).length === 0);
  const effects = await effectsIn(database.db);
  expect(effects.map(({ aggregateId }) => aggregateId)).toEqual(['the asset', order, order]);
  expect(versionsOf(effects, order)).toEqual([1, 2]);
});

test('a lost database parks nothing: the queue keeps the events', async () => {
  const { database, atEnd } = scene();
  let lost = true;
  const handlers = effectHandlers('market', async () => {
    if (lost) throw Object.assign(new Error('terminating connection'), { code: '57P01' });
  });
  const market = createMarket(database.db, noQueues, handlers);
  atEnd(market.close);
  const bodies = await bodiesOf([aFact(), aFact()]);
  await expect(market.applyBatch(bodies)).rejects.toThrow('terminating connection');
  lost = false;
  await market.applyBatch(bodies);
  expect([await countEffects(database.db), await parkedIn(database.db)]).toEqual([2, []]);
});

test('a worker whose handlers are not those of its subscription is not built', async () => {
  const handlers = effectHandlers('market').slice(1);
  expect(() => createMarket(scene().database.db, noQueues, handlers)).toThrow(
    'market has no handler for orders.order-opened.v1',
  );
});
