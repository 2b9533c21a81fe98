import { randomUUID } from 'node:crypto';
import { publish } from '@simplebank/chassis/outbox';
import type { Fact } from '@simplebank/contracts/event';
import { expect, test } from 'vitest';
import { createMarket, noQueues, publishing } from './support/bank.ts';
import {
  aFact,
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

/** A handler that cannot bear one aggregate until it is repaired. */
function fragileMarket(poisonous: string) {
  const { database, atEnd } = scene();
  let broken = true;
  const handlers = effectHandlers('market', async (_, events) => {
    if (broken && events.some(({ aggregateId }) => aggregateId === poisonous)) {
      throw new Error('cannot bear it');
    }
  });
  const market = createMarket(database.db, noQueues, handlers);
  atEnd(market.close);
  const repair = () => {
    broken = false;
  };
  return { market, repair };
}

test('one poisonous event in a batch of 100 leaves 99 effects', async () => {
  const { db } = scene().database;
  const facts = Array.from({ length: 100 }, () => aFact());
  const poisonous = facts[41]?.aggregateId ?? '';
  const { market } = fragileMarket(poisonous);
  const bodies = await bodiesOf(facts);
  await market.applyBatch(bodies);

  const effects = await effectsIn(db);
  expect(effects.map(({ aggregateId }) => aggregateId)).toEqual(
    facts.map(({ aggregateId }) => aggregateId).filter((id) => id !== poisonous),
  );
  const eventId = JSON.parse(bodies[41] ?? '').eventId;
  expect(await parkedIn(db)).toEqual([{ eventId, state: 'WAITING', attempts: 1 }]);
});

test('later events of its aggregate wait behind it, and once repaired each acts once', async () => {
  const { db } = scene().database;
  const poisonous = randomUUID();
  const facts = [
    ...[aFact(poisonous, 1), aFact(), aFact(poisonous, 2), aFact(), aFact(poisonous, 3)],
  ];
  const { market, repair } = fragileMarket(poisonous);
  const bodies = await bodiesOf(facts);
  await market.applyBatch(bodies.slice(0, 3));
  await market.applyBatch(bodies.slice(3));
  await market.applyBatch(bodies);
  expect(await countEffects(db)).toBe(2);
  expect((await parkedIn(db)).map(({ state, attempts }) => ({ state, attempts }))).toEqual([
    ...[1, 0, 0].map((attempts) => ({ state: 'WAITING', attempts })),
  ]);

  repair();
  await market.start();
  await until('nothing is parked', async () => (await parkedIn(db)).length === 0);
  await market.applyBatch(bodies);
  const effects = await effectsIn(db);
  expect(versionsOf(effects, poisonous)).toEqual([1, 2, 3]);
  expect(effects.length).toBe(5);
});
