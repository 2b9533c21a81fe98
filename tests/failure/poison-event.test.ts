import { randomUUID } from 'node:crypto';
import type { Fact } from '@simplebank/contracts/event';
import { createChance, shuffled } from '@simplebank/testkit/chance';
import { expect, test } from 'vitest';
import { createMarket, createProducer } from '../events/support/bank.ts';
import {
  aFact,
  countEffects,
  effectHandlers,
  effectsIn,
  parkedIn,
  versionsOf,
} from '../events/support/effects.ts';
import { useScene } from '../events/support/scene.ts';
import { until } from '../events/support/until.ts';
import { failureSeed } from './support/chaos-proof.ts';

const scene = useScene();
const counts = { good: 470, failing: 20, broken: 10, behind: 20 };
const deadWithinMs = 60_000;

const facts = (count: number, of: (n: number) => Fact) =>
  Array.from({ length: count }, (_, n) => of(n));

test('20 events that always fail and 10 of a broken schema stop none of 470 others', async () => {
  const { database, atEnd, openQueues } = scene();
  const { db } = database;
  const chance = createChance(failureSeed());
  const cursed: readonly string[] = facts(counts.failing, () => aFact()).map(
    ({ aggregateId }) => aggregateId,
  );
  let attempts = 0;
  const handlers = effectHandlers('market', async (_, events) => {
    if (!events.some(({ aggregateId }) => cursed.includes(aggregateId))) return;
    if (events.length === 1) attempts += 1;
    throw new Error('never works');
  });
  const queues = await openQueues();
  const producer = createProducer(db, queues);
  const market = createMarket(db, queues, handlers);
  await producer.relay.start();
  atEnd(producer.relay.close);
  await market.start();
  atEnd(market.close);

  const bad = cursed.map((aggregate) => aFact(aggregate, 1));
  const mixed = shuffled([...facts(counts.good, () => aFact()), ...bad], chance);
  const behind = cursed.map((aggregate) => aFact(aggregate, 2));
  for (let from = 0; from < mixed.length; from += 49) {
    await producer.publish(...mixed.slice(from, from + 49));
    await queues.send('market', [JSON.stringify({ eventId: randomUUID(), payload: {} })]);
  }
  await producer.publish(...behind);

  await until('every good one has its effect', async () => (await countEffects(db)) >= counts.good);
  const deadIn = async () => (await parkedIn(db)).filter(({ state }) => state === 'DEAD');
  const deadMax = counts.failing + counts.broken;
  await until(
    'every bad one is dead',
    async () => (await deadIn()).length >= deadMax,
    deadWithinMs,
  );

  const effects = await effectsIn(db);
  const dead = await deadIn();
  const waiting = (await parkedIn(db)).filter(({ state }) => state === 'WAITING');
  const told = { good: effects.length, dead: dead.length, behind: waiting.length, attempts };
  console.log(`poison: ${JSON.stringify(told)}`);
  expect(new Set(effects.map(({ eventId }) => eventId)).size).toBe(counts.good);
  expect(effects).toHaveLength(counts.good);
  expect(cursed.flatMap((aggregate) => versionsOf(effects, aggregate))).toEqual([]);
  expect(dead.filter(({ attempts: tried }) => tried === 8)).toHaveLength(counts.failing);
  expect(dead.filter(({ attempts: tried }) => tried === 1)).toHaveLength(counts.broken);
  expect(waiting).toHaveLength(counts.behind);
});
