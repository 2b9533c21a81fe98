import { setTimeout as pause } from 'node:timers/promises';
import type { SqlRunner } from '@simplebank/chassis/database';
import { openQueues } from '@simplebank/chassis/queue';
import { createChance } from '@simplebank/testkit/chance';
import { afterEach, expect, test } from 'vitest';
import { createMarket, createProducer, type Producer, silent } from '../events/support/bank.ts';
import { aFact, effectHandlers, effectsIn, outboxOf } from '../events/support/effects.ts';
import { createMessagingDatabase } from '../events/support/messaging-database.ts';
import { until } from '../events/support/until.ts';
import { failureSeed } from './support/chaos-proof.ts';
import { startOwnPostgres, startOwnRedis, withoutRedis } from './support/servers.ts';

const eventsToPublish = 400;
const crashes = 4;
const appliedWithinMs = 60_000;

const endings: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of endings.splice(0).toReversed()) await close();
});

/** Until it is committed; a lost answer to a commit may leave an event more, as a new one. */
async function publishAll(producer: Producer): Promise<number> {
  let failures = 0;
  for (let left = eventsToPublish; left > 0; ) {
    try {
      await producer.publish(aFact());
      left -= 1;
      await pause(15);
    } catch {
      failures += 1;
      await pause(50);
    }
  }
  return failures;
}

/** A producer and a consumer that run, on servers of their own. */
async function openScene(transport: 'PostgreSQL' | 'Redis') {
  const postgres = await startOwnPostgres();
  endings.push(postgres.close);
  const redis = transport === 'Redis' ? await startOwnRedis() : null;
  if (redis) endings.push(redis.close);
  const database = await createMessagingDatabase(postgres.adminUrl);
  endings.push(database.drop);
  const where = { redisUrl: redis?.url, databaseUrl: database.url, prefix: 'crashing' };
  const queues = await openQueues({ ...where, log: silent });
  endings.push(queues.close);
  const producer = createProducer(database.db, queues);
  const market = createMarket(database.db, queues, effectHandlers('market'));
  await producer.relay.start();
  endings.push(producer.relay.close);
  await market.start();
  endings.push(market.close);
  return { postgres, producer, db: database.db };
}

/** Where the missing ones are. */
async function tellLeft(db: SqlRunner, cause: unknown): Promise<never> {
  const left = await db.$queryRaw<object[]>`
    SELECT (SELECT count(*)::int FROM outbox_event WHERE published_at IS NULL) AS unpublished,
      (SELECT count(*)::int FROM inbox_event) AS handled,
      (SELECT count(*)::int FROM parked_event) AS parked`;
  const jobs = await db.$queryRaw<object[]>`
    SELECT state, lock_token, locked_until_ms, stalled_marked, extract(epoch FROM now()) AS now
    FROM crashing.job`.then(
    (rows) => rows,
    () => [],
  );
  throw new Error(`events are missing: ${JSON.stringify({ left, jobs })}`, { cause });
}

async function surviveCrashes(transport: 'PostgreSQL' | 'Redis'): Promise<void> {
  const chance = createChance(failureSeed());
  const { postgres, producer, db } = await openScene(transport);
  const publishing = publishAll(producer);
  for (let n = 0; n < crashes; n += 1) {
    await pause(1_000 + chance() * 1_500);
    await postgres.crash();
    await pause(chance() * 1_000);
    await postgres.restart();
  }
  const failures = await publishing;
  const since = performance.now();
  const told = await outboxOf(db);
  const applied = async () => (await effectsIn(db)).length >= told.length;
  await until('every event has its effect', applied, appliedWithinMs).catch((cause: unknown) =>
    tellLeft(db, cause),
  );
  const effects = await effectsIn(db);
  const caughtUpMs = Math.round(performance.now() - since);
  console.log(`${transport}: ${JSON.stringify({ events: told.length, failures, caughtUpMs })}`);
  expect(effects.map(({ eventId }) => eventId).toSorted()).toEqual(
    told.map(({ eventId }) => eventId).toSorted(),
  );
}

const before = ['1', '2', '3'];
const after = ['4', '5', '6'];

test('jobs added after PostgreSQL crashed are not taken for those added before it', async () => {
  const postgres = await startOwnPostgres();
  endings.push(postgres.close);
  const database = await createMessagingDatabase(postgres.adminUrl);
  endings.push(database.drop);
  const queues = await openQueues({ databaseUrl: database.url, prefix: 'counting', log: silent });
  endings.push(queues.close);
  for (const body of before) await queues.send('market', [body]);
  // A commit that waits for the disk takes the jobs before it along.
  await database.db.$executeRaw`CREATE TABLE flushed ()`;
  await postgres.crash();
  await postgres.restart();
  const answers = () =>
    Promise.resolve(queues.ping?.()).then(
      () => true,
      () => false,
    );
  await until('the queues answer', answers);
  for (const body of after) await queues.send('market', [body]);
  const taken: string[] = [];
  const consumption = await queues.consume('market', async (bodies) => void taken.push(...bodies));
  endings.push(consumption.close);
  await until('all jobs are taken', () => taken.length >= before.length + after.length);
  expect(taken).toEqual([...before, ...after]);
});

test('events in queues on PostgreSQL have one effect each though it crashes four times', () =>
  surviveCrashes('PostgreSQL'));

test.skipIf(withoutRedis)(
  `events in queues on Redis have one effect each though PostgreSQL crashes${withoutRedis}`,
  () => surviveCrashes('Redis'),
);
