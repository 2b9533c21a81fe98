import { publish } from '@simplebank/chassis/outbox';
import { expect, test } from 'vitest';
import { createProducer, noQueues, publishing } from './support/bank.ts';
import { aFact } from './support/effects.ts';
import { useScene } from './support/scene.ts';

const scene = useScene();

test('an event whose transaction commits after younger ones is sent all the same', async () => {
  const { database } = scene();
  const sent: string[] = [];
  const producer = createProducer(database.db, {
    ...noQueues,
    send: async (_, bodies) => void sent.push(...bodies),
  });
  const [late, younger] = [aFact(), aFact()];
  let commit = () => {};
  const held = new Promise<void>((resolve) => {
    commit = resolve;
  });
  let written = () => {};
  const isWritten = new Promise<void>((resolve) => {
    written = resolve;
  });
  const lateWork = database.db.$transaction(async (tx) => {
    await publish(tx, publishing, [late]);
    written();
    await held;
  });
  await isWritten;
  await producer.publish(younger);
  await producer.relay.drain();
  const aggregatesSent = () => sent.map((body) => JSON.parse(body).aggregateId);
  expect(aggregatesSent()).toEqual([younger.aggregateId]);

  commit();
  await lateWork;
  await producer.relay.drain();
  expect(aggregatesSent()).toEqual([younger.aggregateId, late.aggregateId]);
});
