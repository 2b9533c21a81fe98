import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { createProducer } from './support/bank.ts';
import { aCause, aFact, anAssetFact, outboxOf } from './support/effects.ts';
import { transports, useScene } from './support/scene.ts';
import { until } from './support/until.ts';

const hash = (body: string) => createHash('sha256').update(body).digest('hex');

describe.each(transports)('on %s', (transport) => {
  const scene = useScene(transport);

  test('the bytes that arrive are the bytes that were stored', async () => {
    const { database, openQueues, atEnd } = scene();
    const queues = await openQueues();
    const producer = createProducer(database.db, queues);
    const received: string[] = [];
    const consumption = await queues.consume('market', async (bodies) => {
      received.push(...bodies);
    });
    atEnd(consumption.close);
    const odd = anAssetFact();
    const name = 'Ä "quoted" \\ back\\u0000slash\u2028 \u0001 {a,b} \'x\' 😀  double';
    await producer.publish(aFact(), { ...odd, payload: { ...(odd.payload as object), name } });
    await producer.relay.drain();
    await until('both have come', () => received.length >= 2);
    const stored = await outboxOf(database.db);
    expect(received.map(hash)).toEqual(stored.map(({ body }) => hash(body)));
    expect(JSON.parse(received[1] ?? '').payload.name).toBe(name);
  });

  test('an envelope has its nine fields and no other', async () => {
    const { db } = scene().database;
    const producer = createProducer(db, await scene().openQueues());
    const cause = { ...aCause(), traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01` };
    const fact = { ...aFact(), cause };
    await producer.publish(fact);
    const [stored] = await outboxOf(db);
    expect(JSON.parse(stored?.body ?? '')).toEqual({
      eventId: stored?.eventId,
      type: fact.contract.name,
      aggregateId: fact.aggregateId,
      aggregateVersion: 1,
      occurredAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      ...cause,
      payload: fact.payload,
    });
  });
});
