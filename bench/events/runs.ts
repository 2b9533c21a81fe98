import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { SqlRunner } from '@simplebank/chassis/database';
import type { EventQueues } from '@simplebank/chassis/queue';
import { createMarket, createProducer } from '../../tests/events/support/bank.ts';
import { aFact, effectHandlers } from '../../tests/events/support/effects.ts';
import type { SqlClient } from '../../tests/events/support/sql-client.ts';

type Connect = () => SqlClient;

/** Enough for a run of a second or more, however slow small jobs are. */
const jobsPerRun = (size: number) => (size === 1 ? 1_000 : 400);
const sendsAtOnce = 16;
const chainEvents = 10_000;
const factsAtOnce = 500;
const hops = 200;
const hopEveryMs = 25;

const aBody = () =>
  JSON.stringify({
    eventId: randomUUID(),
    type: 'orders.order-cancel-requested.v1',
    aggregateId: randomUUID(),
    aggregateVersion: 1,
    occurredAt: new Date().toISOString(),
    correlationId: randomUUID(),
    causationId: null,
    traceparent: null,
    payload: { orderId: randomUUID() },
  });

/** Events per second through the queue alone. */
export async function transportRate(queues: EventQueues, size: number): Promise<number> {
  const jobs = jobsPerRun(size);
  const bodies = Array.from({ length: size }, aBody);
  let taken = 0;
  let finish = () => {};
  const finished = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const consumption = await queues.consume('market', async (batch) => {
    taken += batch.length;
    if (taken >= jobs * size) finish();
  });
  const startedAt = performance.now();
  let sent = 0;
  const sendSome = async () => {
    while (sent < jobs) {
      sent += 1;
      await queues.send('market', bodies);
    }
  };
  await Promise.all(Array.from({ length: sendsAtOnce }, sendSome));
  await finished;
  const seconds = (performance.now() - startedAt) / 1_000;
  await consumption.close();
  return (jobs * size) / seconds;
}

/** Events per second from a full outbox to committed inbox marks, with handlers that do nothing. */
export async function chainRate(connect: Connect, queues: EventQueues): Promise<number> {
  const db = connect();
  const producer = createProducer(db, queues);
  for (let published = 0; published < chainEvents; published += factsAtOnce) {
    await producer.publish(...Array.from({ length: factsAtOnce }, () => aFact()));
  }
  const handlers = effectHandlers('market').map(({ contract }) => ({
    ...{ contract, apply: async () => {} },
  }));
  const market = createMarket(db, queues, handlers);
  const before = await inboxCount(db);
  const startedAt = performance.now();
  await market.start();
  await producer.relay.start();
  while ((await inboxCount(db)) - before < chainEvents) await pause(10);
  const seconds = (performance.now() - startedAt) / 1_000;
  await producer.relay.close();
  await market.close();
  await db.$executeRaw`TRUNCATE outbox_event, inbox_event`;
  return chainEvents / seconds;
}

async function inboxCount(db: SqlRunner): Promise<number> {
  const [row] = await db.$queryRaw<{ n: number }[]>`SELECT count(*)::int AS n FROM inbox_event`;
  return row?.n ?? 0;
}

/** Milliseconds from the commit of an event to the commit of its effect, one event at a time. */
export async function hopLatencies(
  connect: Connect,
  queues: EventQueues,
): Promise<readonly number[]> {
  const db = connect();
  const producer = createProducer(db, queues);
  const handlers = effectHandlers('market').map(({ contract }) => ({
    ...{ contract, apply: async () => {} },
  }));
  const market = createMarket(db, queues, handlers);
  let arrived = () => {};
  const consumption = await queues.consume('market', async (bodies) => {
    await market.applyBatch(bodies);
    arrived();
  });
  await producer.relay.start();
  const latencies: number[] = [];
  for (let hop = 0; hop < hops; hop += 1) {
    const arrival = new Promise<void>((resolve) => {
      arrived = resolve;
    });
    await producer.publish(aFact());
    const committedAt = performance.now();
    await arrival;
    latencies.push(performance.now() - committedAt);
    await pause(hopEveryMs);
  }
  await producer.relay.close();
  await consumption.close();
  return latencies;
}
