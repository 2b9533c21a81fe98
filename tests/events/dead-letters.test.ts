import { randomUUID } from 'node:crypto';
import type { SqlRunner } from '@simplebank/chassis/database';
import { outboxRows } from '@simplebank/chassis/outbox';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { runQueues } from '../../tools/queues/run.ts';
import { createMarket, noQueues, publishing } from './support/bank.ts';
import { aFact, effectHandlers, effectsIn, parkedIn, versionsOf } from './support/effects.ts';
import {
  createOperatedBank,
  type Heard,
  listening,
  type OperatedBank,
} from './support/operated.ts';
import { createSqlClient, type SqlClient } from './support/sql-client.ts';
import { until } from './support/until.ts';

let bank: OperatedBank;
let db: SqlClient;
let queues: (...args: readonly string[]) => Promise<Heard>;
let endings: (() => Promise<unknown>)[] = [];

const inMarket = async (sql: string) => {
  const client = new pg.Client({ connectionString: bank.databases['market']?.adminUrl });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
};

beforeAll(async () => {
  bank = await createOperatedBank();
  queues = listening(runQueues, bank.env);
  db = createSqlClient(bank.databases['market']?.url ?? '');
  await inMarket(`CREATE TABLE effect (position bigserial PRIMARY KEY, consumer text NOT NULL,
    event_id uuid NOT NULL, aggregate_id text NOT NULL, aggregate_version int NOT NULL);
    GRANT ALL ON effect, effect_position_seq TO market`);
}, 60_000);
afterAll(async () => {
  await db?.close();
  await bank?.drop();
});
beforeEach(() => inMarket('DELETE FROM parked_event; DELETE FROM effect'));
afterEach(async () => {
  for (const end of endings.splice(0)) await end();
  endings = [];
});

/** A consumer whose handler fails at one aggregate until it is repaired. */
async function brokenMarket(aggregateId: string) {
  const state = { repaired: false };
  const handlers = effectHandlers('market', async (_: SqlRunner, events) => {
    const fails = events.some((event) => event.aggregateId === aggregateId);
    if (fails && !state.repaired) throw new Error('the handler has a bug');
  });
  const market = createMarket(db, noQueues, handlers);
  await market.start();
  endings.push(market.close);
  return { market, repair: () => Object.assign(state, { repaired: true }) };
}

const bodiesOf = (...versions: readonly [string, number][]) =>
  outboxRows(
    publishing,
    versions.map(([aggregateId, version]) => aFact(aggregateId, version)),
  );

const isDead = async () => (await parkedIn(db)).some(({ state }) => state === 'DEAD');

test('a repaired handler, a requeue: each event has one effect, in its order', async () => {
  const aggregate = randomUUID();
  const { market, repair } = await brokenMarket(aggregate);
  const events = bodiesOf([aggregate, 1], [aggregate, 2], [randomUUID(), 1]);
  await market.applyBatch(events.map(({ body }) => body));
  await until('the first is dead', isDead);
  const [first] = events;
  const listed = JSON.parse((await queues('list', '--json')).said);
  expect(listed).toMatchObject([
    {
      ...{ subscriber: 'market', state: 'DEAD', eventId: first?.eventId, attempts: 8, behind: 1 },
      error: 'Error: the handler has a bug',
      requestId: JSON.parse(first?.body ?? '').correlationId,
    },
    { state: 'WAITING', attempts: 0, behind: 0 },
  ]);
  expect(await effectsIn(db)).toHaveLength(1);

  repair();
  const again = await queues(
    'requeue',
    first?.eventId ?? '',
    '--reason',
    'repaired',
    '--by',
    'ann',
  );
  expect(again).toEqual({ code: 0, said: '1 go again.', complained: '' });
  await until('nothing waits', async () => (await parkedIn(db)).length === 0);
  await market.applyBatch(events.map(({ body }) => body));
  expect(versionsOf(await effectsIn(db), aggregate)).toEqual([1, 2]);
  expect(await effectsIn(db)).toHaveLength(3);
  const actions = await inMarket('SELECT actor, command, subject, reason FROM operator_action');
  const subject = `event ${first?.eventId}`;
  expect(actions).toEqual([{ actor: 'ann', command: 'requeue', subject, reason: 'repaired' }]);
});

test('a discarded event never acts, not even sent again; the next one does', async () => {
  const aggregate = randomUUID();
  const { market, repair } = await brokenMarket(aggregate);
  const events = bodiesOf([aggregate, 1], [aggregate, 2]);
  await market.applyBatch(events.map(({ body }) => body));
  await until('the first is dead', isDead);
  const [first] = events;
  repair();
  const done = await queues('discard', first?.eventId ?? '', '--reason', 'customer is gone');
  expect(done.code).toBe(0);
  await until('nothing waits', async () => (await parkedIn(db)).length === 0);
  await market.applyBatch(events.map(({ body }) => body));
  expect(versionsOf(await effectsIn(db), aggregate)).toEqual([2]);
  const [action] = await inMarket(`SELECT actor, reason, detail FROM operator_action
    WHERE command = 'discard'`);
  expect(action).toMatchObject({ actor: expect.any(String), reason: 'customer is gone' });
  // The bytes are kept: what was given up can be read as long as there is a bank.
  expect(action.detail).toMatchObject({ body: first?.body, attempts: 8 });
});

test('all dead events of a subscriber go again at once, and nobody else’s', async () => {
  const aggregate = randomUUID();
  const { market, repair } = await brokenMarket(aggregate);
  await market.applyBatch(bodiesOf([aggregate, 1]).map(({ body }) => body));
  await until('it is dead', isDead);
  const reason = ['--reason', 'deployed'];
  expect((await queues('requeue', '--subscriber', 'orders', ...reason)).said).toBe('0 go again.');
  repair();
  expect((await queues('requeue', '--subscriber', 'market', ...reason)).said).toBe('1 go again.');
  await until('nothing waits', async () => (await parkedIn(db)).length === 0);
  expect(versionsOf(await effectsIn(db), aggregate)).toEqual([1]);
});

test('a wrong id, a missing reason and an unknown command change nothing and say why', async () => {
  const aggregate = randomUUID();
  const { market } = await brokenMarket(aggregate);
  const [event] = bodiesOf([aggregate, 1]);
  await market.applyBatch([event?.body ?? '']);
  await until('it is dead', isDead);
  const eventId = event?.eventId ?? '';
  const unknown = randomUUID();
  const answers = [
    await queues('requeue', eventId, unknown, '--reason', 'x'),
    await queues('show', 'nonsense'),
    await queues('discard', eventId),
    await queues('discard', eventId, '--reason', '  '),
    await queues('requeue', '--subscriber', 'nobody', '--reason', 'x'),
    await queues('burn'),
  ];
  const told = answers.map(({ code, complained }) => [code, complained.split('\n')[0]]);
  expect(told).toEqual([
    [1, `No event ${unknown} is parked.`],
    [1, 'nonsense is no event id.'],
    [2, '--reason is missing.'],
    [2, '--reason is missing.'],
    [2, expect.stringContaining('nobody is none of accounts, orders')],
    [2, 'burn is no command.'],
  ]);
  expect(await parkedIn(db)).toMatchObject([{ eventId, state: 'DEAD' }]);
  const shown = await queues('show', eventId);
  expect(shown.said).toContain(event?.body);
});

test('what operators did cannot be edited, not even by the context itself', async () => {
  await inMarket(`INSERT INTO operator_action (actor, command, subject, reason, detail)
    VALUES ('ann', 'x', 'y', 'z', '{}')`);
  await expect(db.$executeRaw`UPDATE operator_action SET actor = 'bob'`).rejects.toThrow('denied');
  await expect(inMarket('DELETE FROM operator_action')).rejects.toThrow('append-only');
});
