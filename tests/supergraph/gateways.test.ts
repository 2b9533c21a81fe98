import { generateAssertionKeys } from '@simplebank/chassis/auth';
import { createLogger } from '@simplebank/chassis/logging';
import type { Part, ProcessDefinition, Runtime } from '@simplebank/chassis/process';
import { createMemoryShared } from '@simplebank/chassis/shared';
import { systemClock } from '@simplebank/kernel/clock';
import { afterEach, expect, test } from 'vitest';
import { federation } from '../../gateways/federation/src/app.ts';
import { mobile } from '../../gateways/mobile/src/app.ts';
import { routes, web } from '../../gateways/web/src/app.ts';

const running: Part[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((part) => part.close()));
});

/** A port where nothing listens: these gateways start with the whole bank down. */
const nowhere = 'http://127.0.0.1:1';

const noQueue = () => Promise.reject(new Error('a gateway has no queue'));
const destination = { write: () => undefined };
const log = createLogger({ service: 'test', level: 'ERROR', destination });
const runtime: Runtime = {
  clock: systemClock,
  newId: () => crypto.randomUUID(),
  log,
  queues: { send: noQueue, consume: noQueue, close: async () => undefined },
  shared: createMemoryShared({ log }),
};

async function start<C>({ name, loadConfig, build }: ProcessDefinition<C>): Promise<string> {
  const { privateKey } = await generateAssertionKeys();
  const env = {
    ACCOUNTS_URL: nowhere,
    ORDERS_URL: nowhere,
    HOLDINGS_URL: nowhere,
    ASSETS_URL: nowhere,
    STRATEGIES_URL: nowhere,
    NOTIFICATIONS_URL: nowhere,
    ASSERTION_PRIVATE_KEY: JSON.stringify(privateKey),
    [`${name.toUpperCase()}_PORT`]: '0',
  };
  const parts = await build(loadConfig(env), runtime);
  running.push(...parts);
  for (const part of parts) await part.start();
  expect(await Promise.all(parts.map((part) => part.ready()))).toEqual(parts.map(() => true));
  const [door] = parts;
  if (!door || !('url' in door)) throw new Error(`${name} has no door`);
  return String(door.url);
}

const ask = async (url: string, query: string) => {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  });
  const body: { errors?: { extensions: { code: string } }[] } = JSON.parse(await response.text());
  return { status: response.status, codes: body.errors?.map(({ extensions }) => extensions.code) };
};

test('the web gateway starts alone, with its REST calls, and tells what is down', async () => {
  const url = await start(web);
  expect(await ask(url, '{ marketClock { isOpen } }')).toEqual({
    status: 200,
    codes: ['SUBGRAPH_UNAVAILABLE'],
  });
  expect((await fetch(`${url}/v1/prices`)).status).toBe(503);
  expect((await fetch(`${url}/v1/holdings`)).status).toBe(401);
  const sale = await fetch(`${url}/shares/sell`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': 'k1' },
    body: JSON.stringify({ accountId: 1, symbol: 'ABC', quantity: 1 }),
  });
  expect([sale.status, await sale.json()]).toMatchObject([401, { code: 'UNAUTHENTICATED' }]);
});

test('a sale that names no asset, or two, does not fit its declaration', () => {
  const sale = routes.find(({ path }) => path === '/shares/sell');
  for (const asset of [{}, { assetId: 'ABC', symbol: 'ABC' }]) {
    const read = sale?.body?.safeParse({ accountId: 1, quantity: '1', ...asset });
    expect(read?.error?.issues.map(({ path }) => path)).toEqual([['assetId']]);
  }
});

test('the mobile gateway starts alone and has no page to explore', async () => {
  const url = await start(mobile);
  expect((await fetch(`${url}/holdings`)).status).toBe(401);
  expect((await fetch(`${url}/explorer`)).status).toBe(404);
  expect((await fetch(`${url}/shares/sell`)).status).toBe(404);
});

test('the federation gateway is for staff: strangers sign in, explore, no more', async () => {
  const url = await start(federation);
  const page = await fetch(url);
  expect([new URL(page.url).pathname, page.status]).toEqual(['/explorer', 200]);
  expect(await ask(url, '{ __schema { queryType { name } } }')).toEqual({ status: 200 });
  expect(await ask(url, '{ accounts { id } }')).toEqual({
    status: 401,
    codes: ['UNAUTHENTICATED'],
  });
  const signIn = 'mutation { signIn(input: { email: "a", password: "b" }) { __typename } }';
  expect(await ask(url, signIn)).toEqual({ status: 200, codes: ['SUBGRAPH_UNAVAILABLE'] });
});

test('in production no gateway tells its schema unless told to', async () => {
  const { privateKey } = await generateAssertionKeys();
  const key = JSON.stringify(privateKey);
  const names = ['ACCOUNTS', 'ORDERS', 'HOLDINGS', 'ASSETS', 'STRATEGIES', 'NOTIFICATIONS'];
  const urls = Object.fromEntries(names.map((name) => [`${name}_URL`, nowhere]));
  const env = { ...urls, ASSERTION_PRIVATE_KEY: key };
  const production = { ...env, NODE_ENV: 'production', WEB_PORT: '0' };
  const started = await start({ ...web, loadConfig: () => web.loadConfig(production) });
  expect(await ask(started, '{ __schema { description } }')).toEqual({
    status: 400,
    codes: ['GRAPHQL_VALIDATION_FAILED'],
  });
});
