import { randomUUID } from 'node:crypto';
import { metrics } from '@simplebank/chassis/metrics';
import { publish } from '@simplebank/chassis/outbox';
import { describe, expect, test } from 'vitest';
import { createMarket, publishing } from '../events/support/bank.ts';
import { aFact, countEffects, effectHandlers, outboxOf } from '../events/support/effects.ts';
import { transports, useScene } from '../events/support/scene.ts';
import { until } from '../events/support/until.ts';

const hourSeconds = 3_600;

async function shown(name: string, labels: Readonly<Record<string, string>>): Promise<number> {
  const figure = await metrics.getSingleMetric(name)?.get();
  const found = figure?.values.find((value) =>
    Object.entries(labels).every(([label, wanted]) => value.labels[label] === wanted),
  );
  if (!found) throw new Error(`${name} shows nothing of ${JSON.stringify(labels)}`);
  return found.value;
}

const messages = (state: string) => shown('simplebank_queue_messages', { queue: 'market', state });
const oldest = () => shown('simplebank_queue_oldest_seconds', { queue: 'market' });
const ofMarket = { service: 'market' };

/** Handlers wait at it until it is opened. */
function aGate() {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}

describe.each(transports)('figures of queues on %s (OPS-91)', (transport) => {
  const scene = useScene(transport);

  test('tell what waits, is at work, is parked and dead, and how old it is', async () => {
    const { database, atEnd } = scene();
    const { db } = database;
    const queues = await scene().openQueues();
    const gate = aGate();
    const market = createMarket(
      db,
      queues,
      effectHandlers('market', () => gate.opened),
    );
    atEnd(market.close);
    atEnd(async () => gate.open());
    await db.$transaction((tx) => publish(tx, publishing, [aFact(), aFact(), aFact()]));
    const bodies = (await outboxOf(db)).map(({ body }) => body);
    await db.$executeRaw`UPDATE outbox_event SET recorded_at = now() - interval '1 hour'
      WHERE position = (SELECT min(position) FROM outbox_event)`;
    for (const state of ['WAITING', 'WAITING', 'DEAD']) {
      await db.$executeRaw`
        INSERT INTO parked_event
          (consumer, event_id, type, aggregate_id, body, state, next_attempt_at, error)
        VALUES ('market', gen_random_uuid(), 'Some.v1', ${randomUUID()}, '{}', ${state},
          now() + interval '1 day', 'none')`;
    }

    for (const body of bodies) await queues.send('market', [body]);
    await market.measure?.();
    const waiting = await queues.count?.('market');
    expect(waiting).toMatchObject({ waiting: 3, active: 0 });
    expect([await messages('waiting'), await messages('active')]).toEqual([3, 0]);
    expect([await messages('parked'), await messages('dead')]).toEqual([2, 1]);
    expect(await oldest()).toBeGreaterThan(0);
    expect(await shown('simplebank_outbox_lag_seconds', ofMarket)).toBeGreaterThan(hourSeconds - 1);

    await market.start();
    await until('a job is at work', async () => {
      await market.measure?.();
      return (await messages('active')) > 0;
    });
    const working = await queues.count?.('market');
    expect(await messages('active')).toBe(working?.active);
    gate.open();
    await until('all is done', async () => (await countEffects(db)) === bodies.length);
    await db.$executeRaw`UPDATE outbox_event SET published_at = now()`;
    await until('nothing is left', async () => {
      await market.measure?.();
      return (await messages('active')) === 0;
    });
    expect([await messages('waiting'), await oldest()]).toEqual([0, 0]);
    expect(await shown('simplebank_outbox_lag_seconds', ofMarket)).toBe(0);
    const done = { ...ofMarket, queue: 'market', outcome: 'ok' };
    expect(await shown('simplebank_jobs_processed_total', done)).toBeGreaterThanOrEqual(3);
    const event = JSON.parse(bodies[0] ?? '').type;
    const silence = await shown('simplebank_seconds_since_last_event', { ...ofMarket, event });
    expect(silence).toBeLessThan(hourSeconds);
  });
});
