import {
  type AssertionSigner,
  assertionHeader,
  createAssertionSigner,
} from '@simplebank/chassis/auth';
import { eventsRoute } from '@simplebank/chassis/events-route';
import { createOperations, type Operations } from '@simplebank/chassis/operations';
import { systemClock } from '@simplebank/kernel/clock';
import { createTestAssertions } from '@simplebank/testkit/client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createOperatedBank, type OperatedBank } from './support/operated.ts';
import { createSqlClient, type SqlClient } from './support/sql-client.ts';
import { accountFacts, asAdmin, say } from './support/told-accounts.ts';

let bank: OperatedBank;
let db: SqlClient;
let operations: Operations;
let signer: AssertionSigner;
const told = 60;

beforeAll(async () => {
  bank = await createOperatedBank();
  db = createSqlClient(bank.databases['accounts']?.url ?? '');
  const assertions = await createTestAssertions();
  const { privateKey, publicKeys } = assertions;
  signer = createAssertionSigner({ privateKey, issuer: 'service' });
  const route = eventsRoute({ name: 'accounts', db, publicKeys, runtime: { clock: systemClock } });
  const parts = () => [route];
  operations = createOperations({ host: '127.0.0.1', port: 0, variable: 'X', parts });
  await operations.start();
  await say(db, accountFacts(told));
}, 60_000);
afterAll(async () => {
  await operations?.close();
  await db?.close();
  await bank?.drop();
});

async function get(query: string, { role = 'operations', audience = 'accounts' } = {}) {
  const viewer = { kind: 'principal', customerId: 'ann', channel: 'service', sessionId: null };
  const token = await signer.sign({ ...viewer, roles: [role] } as never, audience);
  const answer = await fetch(`${operations.url}/events${query}`, {
    headers: { [assertionHeader]: token },
  });
  return { status: answer.status, body: await answer.json() };
}

test('pages of any size tell the same events in the same order, each once', async () => {
  const walk = async (limit: number) => {
    const seen: string[] = [];
    for (let after = ''; ; ) {
      const { body } = await get(`?limit=${limit}${after && `&after=${after}`}`);
      seen.push(...body.events.map((event: { body: string }) => JSON.parse(event.body).eventId));
      if (body.isEnd) return seen;
      after = body.next;
    }
  };
  const rows = await asAdmin<{ id: string }>(
    bank,
    'accounts',
    'SELECT event_id AS id FROM outbox_event ORDER BY recorded_in, outbox_event.position',
  );
  const all = rows.map(({ id }) => id);
  expect(all).toHaveLength(3 * told);
  for (const limit of [7, 50, 1_000]) expect(await walk(limit)).toEqual(all);
});

test('only operations are let in, by an assertion to this context', async () => {
  const bare = await fetch(`${operations.url}/events`);
  expect(bare.status).toBe(401);
  expect((await get('', { role: 'customer' })).status).toBe(401);
  expect((await get('', { role: 'support' })).status).toBe(401);
  expect((await get('', { audience: 'orders' })).status).toBe(401);
  expect((await get('')).status).toBe(200);
});

test('a wrong cursor or limit is refused by its name', async () => {
  expect(await get('?after=nonsense')).toMatchObject({ status: 400, body: { field: 'after' } });
  for (const limit of ['0', '1001', 'many']) {
    expect(await get(`?limit=${limit}`)).toMatchObject({ status: 400, body: { field: 'limit' } });
  }
});
