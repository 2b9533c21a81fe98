import { randomUUID } from 'node:crypto';
import { createOutbound } from '@simplebank/chassis/outbound';
import { type Runtime, startParts, stopParts } from '@simplebank/chassis/process';
import { createMemoryShared } from '@simplebank/chassis/shared';
import { systemClock } from '@simplebank/kernel/clock';
import { createTestDatabase, type TestDatabase } from '@simplebank/testkit/database';
import { createRecordingQueues } from '@simplebank/testkit/queues';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { venue } from '../src/app.ts';
import { silent } from './builders.ts';

const key = 'key-of-a-participant';
const controlKey = 'key-of-the-testers';
const outbound = createOutbound({
  service: 'test',
  dependency: 'venue',
  breaking: false,
  timeoutMs: 3_000,
});
let database: TestDatabase;
let url = '';
let close = async () => {};

beforeAll(async () => {
  database = await createTestDatabase('venue');
  const env = {
    ...{ VENUE_DATABASE_URL: database.url, VENUE_CALENDAR: 'always' },
    ...{ VENUE_KEY: key, VENUE_CONTROL_KEY: controlKey },
  };
  const log = silent;
  const queues = createRecordingQueues();
  const shared = createMemoryShared({ log });
  const runtime: Runtime = { clock: systemClock, newId: randomUUID, log, queues, shared };
  const parts = await venue.build(venue.loadConfig(env), runtime);
  await startParts(parts, log);
  url = parts.flatMap((part) => ('url' in part ? [String(part.url)] : []))[0] ?? '';
  close = () => stopParts(parts, log);
});
afterAll(async () => {
  await close();
  await outbound.close();
  await database?.drop();
});

const calm = { outage: 'NONE', latencyMs: 0, lostAnswerPercent: 0, errorPercent: 0 };
afterEach(async () => {
  await ask('/control/faults', calm, controlKey);
});

async function ask(path: string, body: unknown, as = key) {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${as}` };
  const call = { url: `${url}${path}`, method: 'POST', headers } as const;
  const answer = await outbound.send({ ...call, body: JSON.stringify(body) });
  return { status: answer.status, body: JSON.parse(answer.body) };
}

const order = (clientId: string, given: object = {}) => ({
  ...{ clientId, symbol: 'ABC', side: 'BUY', type: 'MARKET', timeInForce: 'DAY' },
  ...{ quantity: '0.5', tradeValue: null, limitPrice: '10000', stopPrice: null },
  ...{ expiresAt: new Date(Date.now() + 3_600_000).toISOString(), ...given },
});

test('an order goes in, its execution and its end come out, and the stream resumes', async () => {
  const clientId = randomUUID();
  const venueOrderId = `V-${clientId}`;
  const { body } = await ask('/v1/place', { orders: [order(clientId)] });
  expect(body).toEqual({
    answers: [{ kind: 'ACKNOWLEDGED', clientId, venueOrderId, at: expect.any(String) }],
  });
  expect((await ask('/v1/find', { clientIds: [clientId, randomUUID()] })).body).toEqual(body);
  // It waits at the venue for the report: nobody asks again and again.
  const page = (await ask('/v1/reports', { after: '', waitMs: 2_000 })).body;
  expect(page.reports).toEqual([
    expect.objectContaining({ kind: 'EXECUTED', clientId, executionId: `${venueOrderId}-1` }),
    expect.objectContaining({ kind: 'ENDED', clientId, outcome: 'FILLED' }),
  ]);
  const after = { after: page.resumePoint, waitMs: 0 };
  expect((await ask('/v1/reports', after)).body).toEqual({
    reports: [],
    resumePoint: page.resumePoint,
  });
  const { body: canceled } = await ask('/v1/cancel', { clientIds: [clientId, randomUUID()] });
  expect(canceled.answers.map(({ accepted }: { accepted: boolean }) => accepted)).toEqual([
    false,
    false,
  ]);
});

test('a stranger is refused before the body is read, and nothing is placed', async () => {
  const clientId = randomUUID();
  for (const wrong of ['', 'another-key-of-nobody', controlKey]) {
    expect((await ask('/v1/place', { orders: [order(clientId)] }, wrong)).status).toBe(401);
  }
  expect((await ask('/control/faults', { outage: 'CUT' }, key)).status).toBe(401);
  expect((await ask('/v1/find', { clientIds: [clientId] })).body).toEqual({ answers: [] });
});

test.each([
  ['no order at all', { orders: 'all' }, 'orders'],
  ['a price that is none', { orders: [order(randomUUID(), { limitPrice: '-1' })] }, 'limitPrice'],
  ['two sizes', { orders: [order(randomUUID(), { tradeValue: '1' })] }, 'orders.0'],
  ['a type of its own', { orders: [order(randomUUID(), { type: 'TRAILING' })] }, 'type'],
])('%s is refused with the field that is wrong', async (_, body, field) => {
  const { status, body: refusal } = await ask('/v1/place', body);
  expect(status).toBe(400);
  expect(refusal.errors[0].extensions).toMatchObject({ code: 'BAD_INPUT' });
  expect(refusal.errors[0].extensions.field).toContain(field);
});

test('an outage cuts, fails or hangs every call and lets none of them in', async () => {
  const clientId = randomUUID();
  const place = () => ask('/v1/place', { orders: [order(clientId)] });
  await ask('/control/faults', { outage: 'CUT' }, controlKey);
  await expect(place()).rejects.toMatchObject({ code: 'CONNECTION_FAILED' });
  await ask('/control/faults', { outage: 'ERROR' }, controlKey);
  expect((await place()).status).toBe(503);
  await ask('/control/faults', { outage: 'HANG' }, controlKey);
  await expect(place()).rejects.toMatchObject({ code: 'TIMEOUT' });
  await ask('/control/faults', calm, controlKey);
  expect((await ask('/v1/find', { clientIds: [clientId] })).body).toEqual({ answers: [] });
});

test('a lost answer belongs to an order that the venue has taken', async () => {
  const clientId = randomUUID();
  await ask('/control/faults', { lostAnswerPercent: 100 }, controlKey);
  await expect(ask('/v1/place', { orders: [order(clientId)] })).rejects.toMatchObject({
    code: 'CONNECTION_FAILED',
  });
  await ask('/control/faults', calm, controlKey);
  const { body } = await ask('/v1/find', { clientIds: [clientId] });
  expect(body.answers).toHaveLength(1);
});

test('without a key for it there is no control', () => {
  const env = { VENUE_DATABASE_URL: 'postgresql://localhost/venue', VENUE_KEY: key };
  expect(venue.loadConfig(env).VENUE_CONTROL_KEY).toBeUndefined();
  expect(() => venue.loadConfig({ ...env, VENUE_KEY: 'short' })).toThrow('VENUE_KEY');
});
