import { randomUUID } from 'node:crypto';
import { publish } from '@simplebank/chassis/outbox';
import { expect, test } from 'vitest';
import { createMarket, noQueues, publishing } from './support/bank.ts';
import { anAssetFact, effectHandlers, effectsIn, outboxOf, parkedIn } from './support/effects.ts';
import { useScene } from './support/scene.ts';

const scene = useScene();

test('a consumer ignores fields that a newer producer adds, wherever they stand', async () => {
  const { db } = scene().database;
  const seen: unknown[] = [];
  const handlers = effectHandlers('market', async (_, events) => {
    seen.push(...events.map(({ payload }) => payload));
  });
  const market = createMarket(db, noQueues, handlers);
  const fact = anAssetFact();
  await db.$transaction((tx) => publish(tx, publishing, [fact]));
  const [stored] = await outboxOf(db);
  const event = JSON.parse(stored?.body ?? '');
  const newer = { ...event, [randomUUID()]: 1, payload: { ...event.payload, [randomUUID()]: {} } };
  await market.applyBatch([JSON.stringify(newer)]);

  expect(seen).toEqual([fact.payload]);
  expect([(await effectsIn(db)).length, await parkedIn(db)]).toEqual([1, []]);
});
