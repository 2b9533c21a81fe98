import { createLogger } from '@simplebank/chassis/logging';
import type { Part } from '@simplebank/chassis/process';
import { createMemoryShared } from '@simplebank/chassis/shared';
import { systemClock } from '@simplebank/kernel/clock';
import { createRecordingQueues } from '@simplebank/testkit/queues';
import { Client } from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { web } from '../../gateways/web/src/app.ts';
import { type Investor, newInvestor } from './people.ts';
import { startWholeBank, type WholeBank } from './whole-bank.ts';

const bankStartsWithinMs = 120_000;

let bank: WholeBank;
let ina: Investor;
let gateway: readonly Part[] = [];
let url = '';
beforeAll(async () => {
  bank = await startWholeBank();
  ina = await newInvestor(bank.web, '100.00');
  gateway = await openForProduction();
  url = String(gateway.flatMap((part) => ('url' in part ? [part.url] : []))[0]);
}, bankStartsWithinMs);
afterAll(async () => {
  for (const part of gateway) await part.close();
  await bank?.close();
});

/** The web gateway as customers meet it: it explains nothing that it need not. */
async function openForProduction(): Promise<readonly Part[]> {
  const log = createLogger({ service: 'test', destination: { write: () => undefined } });
  const addresses = Object.entries(bank.urls).map(([name, at]) => [
    `${name.toUpperCase()}_URL`,
    at,
  ]);
  const env = { ...bank.env, ...Object.fromEntries(addresses), NODE_ENV: 'production' };
  const outside = { queues: createRecordingQueues(), shared: createMemoryShared({ log }) };
  const runtime = { clock: systemClock, newId: () => crypto.randomUUID(), log, ...outside };
  const parts = await web.build(web.loadConfig(env), runtime);
  for (const part of parts) await part.start();
  return parts;
}

/** What tells a stranger how we are built or where we stand. */
const internals: Readonly<Record<string, RegExp>> = {
  'a stack': /\bat \S+ \(|\n\s+at |stacktrace/i,
  'a path of ours': /node_modules|\/src\/|\.ts\b|file:\/\//,
  SQL: /\bSELECT\b|\bINSERT\b|\bUPDATE\b|relation "|column "|syntax error at/i,
  'a library': /prisma|postgres|apollo|fastify|graphql-js|undici|express|jose\b|zod/i,
  'a place inside': /127\.0\.0\.1|localhost|ECONN|:\d{4,5}\/graphql|_URL\b/,
  'what else there is': /did you mean/i,
};

type Sent = { readonly path?: string; readonly init: RequestInit };

async function leaksOf({ path = '/graphql', init }: Sent) {
  const response = await fetch(`${url}${path}`, init);
  const text = `${JSON.stringify([...response.headers])}\n${await response.text()}`;
  const leaks = Object.entries(internals).filter(([, pattern]) => pattern.test(text));
  return { status: response.status, leaks: leaks.map(([what]) => `${what}: ${text}`), text };
}

const json = { 'content-type': 'application/json' };
const asked = (query: string, variables: object = {}): Sent => ({
  init: {
    method: 'POST',
    headers: { ...json, ...ina.door.headers },
    body: JSON.stringify({ query, variables }),
  },
});
const raw = (body: string, headers: Readonly<Record<string, string>> = json): Sent => ({
  init: { method: 'POST', headers, body },
});

const requests = (): Readonly<Record<string, Sent>> => ({
  'an unknown field': asked('{ acounts { id } }'),
  'an unknown argument': asked('{ account(ident: "1") { id } }'),
  'an unknown type': asked('query($a: Acount) { accounts { id } }'),
  'an unknown enum value': asked('{ marketClock(calendar: NYS) { isOpen } }'),
  'a wrong variable': asked('query($id: ID!) { account(id: $id) { id } }', { id: { a: 1 } }),
  'the schema': asked('{ __schema { types { name } } }'),
  'half a query': asked('{ accounts { '),
  'half a body': raw('{"query": '),
  'no body': raw(''),
  'a list': raw('[]'),
  'another type of body': raw('<a/>', { 'content-type': 'application/xml' }),
  'a null character': asked('{ account(id: "\\u0000") { id } }'),
  'a number past every column': asked('{ account(id: "99999999999999999999") { id } }'),
  'an odd cursor': asked('{ accounts { payments(after: "!!") { nodes { id } } } }'),
  'an address that cannot be decoded': { path: '/v1/%E0%A4%A', init: {} },
  'an unknown address': { path: '/nowhere', init: {} },
  'an unknown method': { path: '/graphql', init: { method: 'DELETE' } },
  'a REST call without sense': { path: '/v1/holdings?accountId=%27%20OR%201=1', init: {} },
  'a forged token': raw('{"query":"{ me { id } }"}', { ...json, authorization: 'Bearer a.b.c' }),
});

test('no malformed request learns how the bank is built', async () => {
  for (const [name, sent] of Object.entries(requests())) {
    const { status, leaks } = await leaksOf(sent);
    expect([name, leaks]).toEqual([name, []]);
    expect([name, status < 500]).toEqual([name, true]);
  }
});

test('in production neither the schema answers nor what joins its parts', async () => {
  const inner = [
    '{ __schema { types { name } } }',
    '{ t: __type(name: "Account") { name } }',
    'query { ...T } fragment T on Query { __type(name: "Query") { fields { name } } }',
    '{ _service { sdl } }',
    '{ _entities(representations: [{ __typename: "Account", id: "1" }]) { __typename } }',
    '{ join__Graph }',
  ];
  for (const query of inner) {
    const { status, text, leaks } = await leaksOf(asked(query));
    expect([query, status, leaks]).toEqual([query, 400, []]);
    expect(text).toContain('GRAPHQL_VALIDATION_FAILED');
    expect(text).not.toContain('"data"');
  }
});

async function sql(text: string): Promise<void> {
  const client = new Client({ connectionString: bank.databases['accounts']?.adminUrl ?? '' });
  await client.connect();
  await client.query(text);
  await client.end();
}

test('a database that fails is INTERNAL with an id, and nothing of what it said', async () => {
  await sql('ALTER TABLE "payment" RENAME TO payment_away');
  try {
    const text = '{ accounts { name payments { nodes { id } } } }';
    const { leaks, text: told } = await leaksOf(asked(text));
    expect(leaks).toEqual([]);
    expect(told).toContain('"code":"INTERNAL"');
    expect(told).toContain('"errorId"');
    const said = (await bank.lines()).filter((line) => JSON.stringify(line).includes('payment'));
    expect(said.some(({ error_id: id }) => id && told.includes(String(id)))).toBe(true);
  } finally {
    await sql('ALTER TABLE payment_away RENAME TO "payment"');
  }
});

test('a part that is down is named by its part of the bank, not by its place', async () => {
  await bank.stop('notifications');
  const { leaks, text } = await leaksOf(asked('{ unreadCount }'));
  expect(leaks).toEqual([]);
  expect(text).toContain('SUBGRAPH_UNAVAILABLE');
});
