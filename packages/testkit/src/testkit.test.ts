import { createServer } from 'node:http';
import { isUuid } from '@simplebank/kernel/ids';
import { Client } from 'pg';
import { describe, expect, test } from 'vitest';
import { createVirtualClock } from './clock.ts';
import { createTestDatabase } from './database.ts';
import { eventually } from './eventually.ts';
import { createSeededIds } from './ids.ts';
import { createRecordingQueues } from './queues.ts';

const body = (eventId: string) => JSON.stringify({ eventId });
const numbered = (count: number) => Array.from({ length: count }, (_, n) => body(`e${n}`));

describe('databases', () => {
  test('a test works as the role of its context, in a migrated database of its own', async () => {
    const [one, other] = await Promise.all([
      createTestDatabase('orders'),
      createTestDatabase('orders'),
    ]);
    const client = new Client({ connectionString: one.url });
    await client.connect();
    const { rows } = await client.query(
      "SELECT current_user AS role, to_regclass('outbox_event')::text AS found",
    );
    await expect(client.query('CREATE TABLE mine (id int)')).rejects.toThrow('permission denied');
    await expect(client.query('SELECT FROM _prisma_migrations')).rejects.toThrow(
      'permission denied',
    );
    await client.end();
    await Promise.all([one.drop(), other.drop()]);
    expect(rows).toEqual([{ role: 'orders', found: 'outbox_event' }]);
    expect(one.url).not.toBe(other.url);
  });
});

describe('time and chance', () => {
  test('the clock stands still until it is moved, and never runs backwards', () => {
    const clock = createVirtualClock('2026-11-20T15:00:00.000Z');
    clock.advance(1_500);
    expect(clock.now().toISOString()).toBe('2026-11-20T15:00:01.500Z');
    expect(() => clock.moveTo('2026-11-20T15:00:00.000Z')).toThrow('stands at');
  });

  test('the same seed gives the same ids, all different and of the right shape', () => {
    const [one, again, other] = [createSeededIds(7), createSeededIds(7), createSeededIds(8)];
    const ids = Array.from({ length: 1_000 }, one);
    expect(Array.from({ length: 1_000 }, again)).toEqual(ids);
    expect(other()).not.toBe(ids[0]);
    expect(new Set(ids).size).toBe(1_000);
    expect(ids.every((id) => isUuid(id) && id[14] === '4' && '89ab'.includes(id[19] ?? ''))).toBe(
      true,
    );
  });

  test('an assertion that never holds ends with its own words', async () => {
    const never = eventually(() => expect(1).toBe(2), { withinMs: 40 });
    await expect(never).rejects.toThrow('expected 1 to be 2');
  });
});

describe('queues that record', () => {
  test('every event arrives as often as told, whatever the order', async () => {
    const queues = createRecordingQueues();
    const seen: string[] = [];
    await queues.consume('market', async (bodies) => {
      seen.push(...bodies);
    });
    await queues.send('market', numbered(50));
    expect(await queues.deliver({ seed: 1, copies: 2, batchMax: 7 })).toBe(50);
    expect(seen).toHaveLength(100);
    expect(seen).not.toEqual([...numbered(50), ...numbered(50)]);
    expect([...seen].sort()).toEqual([...numbered(50), ...numbered(50)].sort());
  });

  test('events for a subscriber that does not consume stay, and are on record', async () => {
    const queues = createRecordingQueues();
    await queues.send('orders', numbered(2));
    expect(await queues.deliver()).toBe(0);
    expect(queues.waiting()).toBe(2);
    expect(queues.sentTo('orders').map(({ eventId }) => eventId)).toEqual(['e0', 'e1']);
  });
});

test('a door gets the assertion of the viewer; its errors are thrown with their code', async () => {
  const { createSubgraphClient, createTestAssertions } = await import('./client.ts');
  const { createAssertionVerifier } = await import('@simplebank/chassis/auth');
  const { privateKey, publicKeys } = await createTestAssertions();
  const verifier = createAssertionVerifier({ publicKeys, audience: 'orders' });
  const server = createServer(async ({ headers }, response) => {
    const viewer = await verifier.verify(headers['x-simplebank-assertion']?.toString());
    const errors =
      viewer.kind === 'anonymous' ? [{ message: 'no', extensions: { code: 'X' } }] : [];
    response.end(JSON.stringify({ data: { viewer }, errors }));
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const client = createSubgraphClient({
    ...{ url: `http://127.0.0.1:${port}`, audience: 'orders', assertions: { privateKey } },
  });
  expect(await client.asCustomer('c1').ask('{ x }')).toEqual({
    viewer: {
      ...{ kind: 'principal', customerId: 'c1', roles: ['customer'], channel: 'web' },
      sessionId: null,
    },
  });
  await expect(client.anonymous().ask('{ x }')).rejects.toThrow('"code":"X"');
  server.close();
});
