import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { subgraphs } from '../../tools/generate/units.ts';
import { openBrowser } from './rest/browser.ts';
import { type Described, readDocument } from './rest/document.ts';
import { webCases } from './rest/web-cases.ts';
import { openRestWorld, type RestWorld } from './rest/world.ts';

let world: RestWorld & { readonly investment: number };
let document: Described;
beforeAll(async () => {
  world = await withInvestment(await openRestWorld());
  document = await readDocument(world.base);
}, 300_000);
afterAll(() => world?.close());

/** Its key makes one order of it, however often it is asked for. */
async function withInvestment(opened: RestWorld) {
  const wish = webCases({ ...opened, investment: 0 }).find(
    ({ operation, status }) => operation === 'POST /strategies/{id}/orders' && status === 201,
  );
  if (!wish) throw new Error('no case invests');
  const { id: investment } = (await opened.call(wish)).body as { readonly id: number };
  return { ...opened, investment };
}

/** Tried for every call below, without a case of its own. */
const everywhere = [304, 401, 405, 413, 415, 503];
const triedFor = (operation: string) =>
  operation.startsWith('POST') ? [...everywhere, 403] : everywhere;
/** Said by one place for all calls; tests of the kit provoke them. */
const byTheKit = [429, 500];
const doorOperations = ['GET /health', 'GET /ping'];
const sessionOperations = ['POST /session', 'POST /session/refresh', 'DELETE /session'];

const calls = () =>
  [...document.operations.keys()].filter(
    (operation) => ![...doorOperations, ...sessionOperations].includes(operation),
  );
const firstCase = (operation: string) => {
  const found = webCases(world).find((one) => one.operation === operation);
  if (!found) throw new Error(`${operation} has no case`);
  return found;
};

/** Pages of others, what is no JSON, too much of it, and a method that is not there. */
async function refusedBy({ send }: ReturnType<typeof openBrowser>, operation: string) {
  const put = operation.replace(/^\w+/, 'PUT');
  return [
    await send(operation, { headers: { origin: 'https://elsewhere.example' } }),
    await send(operation, { body: 'a', headers: { 'content-type': 'text/csv' } }),
    await send(operation, { body: { email: 'x'.repeat(300_000) } }),
    { ...(await send(put)), operation },
  ];
}

describe('every answer of the web gateway is as its OpenAPI document says', () => {
  test('each declared call has a case for each status that it may answer', () => {
    const cases = webCases(world);
    const tried = (operation: string) =>
      new Set(cases.filter((one) => one.operation === operation).map(({ status }) => status));
    const missing = [...document.operations].flatMap(([operation, statuses]) =>
      (sessionOperations.includes(operation) ? [] : statuses)
        .filter((status) => ![...triedFor(operation), ...byTheKit].includes(status))
        .filter((status) => !tried(operation).has(status))
        .map((status) => `${operation} ${status}`),
    );
    expect(missing).toEqual([]);
  });

  test('success, bad input, refusal, and what is not there or not allowed', async () => {
    for (const one of webCases(world)) {
      const seen = await world.call(one);
      const told = `${one.operation} ${one.path} ${seen.text.slice(0, 200)}`;
      expect([told, seen.status]).toEqual([told, one.status]);
      document.expectDescribed(one.operation, seen);
    }
  });

  test('401 for a forged token, 405 for another method, 304 for what has not changed', async () => {
    for (const operation of calls()) {
      const { path, who = 'ina', method = 'GET' } = firstCase(operation);
      const sent = method === 'GET' ? {} : { body: {} };
      const forged = await world.call({ method, path, who: 'forged', ...sent });
      expect([operation, forged.status]).toEqual([operation, 401]);
      document.expectDescribed(operation, forged);
      const put = await world.call({ path, who, method: 'PUT' });
      expect([operation, put.status]).toEqual([operation, 405]);
      document.expectDescribed(operation, put);
      if (method !== 'GET') continue;
      const etag = (await world.call({ path, who })).headers.get('etag') ?? '';
      const same = await world.call({ path, who, headers: { 'if-none-match': etag } });
      if (same.status === 304) document.expectDescribed(operation, same);
      // A quote may have come in between; then the tag must have changed with it.
      else expect([operation, same.headers.get('etag') === etag]).toEqual([operation, false]);
    }
  });

  test('415 for what is no JSON, 413 for too much of it', async () => {
    for (const operation of calls().filter((name) => name.startsWith('POST'))) {
      const { path, who = 'ina' } = firstCase(operation);
      const post = { method: 'POST', path, who } as const;
      const headers = { 'content-type': 'text/csv' };
      const foreign = await world.call({ ...post, body: 'a', headers });
      expect([operation, foreign.status]).toEqual([operation, 415]);
      document.expectDescribed(operation, foreign);
      const large = await world.call({ ...post, body: { name: 'x'.repeat(300_000) } });
      expect([operation, large.status]).toEqual([operation, 413]);
      document.expectDescribed(operation, large);
    }
  });

  test('403 for a cookie that may come from a page of anybody', async () => {
    for (const operation of calls().filter((name) => name.startsWith('POST'))) {
      const { path, body } = firstCase(operation);
      const headers = { cookie: '__Host-simplebank-access=of.some.body' };
      const seen = await world.call({ method: 'POST', path, who: 'nobody', body, headers });
      expect([operation, seen.status]).toEqual([operation, 403]);
      document.expectDescribed(operation, seen);
    }
  });

  test('a session from signing in to its end, and all that may go wrong with it', async () => {
    const browser = openBrowser(world);
    const { credentials } = world.ina;
    const [signIn = '', refresh = '', signOut = ''] = sessionOperations;
    const asked = [
      await browser.send(signIn, { body: { ...credentials, password: 'not-the-right-secret' } }),
      await browser.send(signIn, { body: { email: credentials.email } }),
      await browser.send(signOut, { body: '{' }),
      await browser.send(refresh, { body: '{' }),
      await browser.send(refresh),
    ];
    expect(asked.map(({ status }) => status)).toEqual([422, 400, 400, 400, 401]);
    const signedIn = await browser.send(signIn, { body: credentials });
    browser.keep(signedIn);
    const tabs = await Promise.all([browser.send(refresh), browser.send(refresh)]);
    const [refreshed = signedIn, late = signedIn] = tabs.sort((a, b) => a.status - b.status);
    browser.keep(refreshed);
    const ended = await browser.send(signOut);
    const done = [signedIn, refreshed, late, ended];
    expect(done.map(({ status }) => status)).toEqual([201, 200, 409, 204]);
    const refused = await Promise.all(sessionOperations.map((one) => refusedBy(browser, one)));
    const seen = [...asked, ...done, ...refused.flat()];
    for (const one of seen) document.expectDescribed(one.operation, one);
    for (const operation of sessionOperations) {
      const tried = seen.filter((one) => one.operation === operation).map(({ status }) => status);
      const untried = (document.operations.get(operation) ?? []).filter(
        (status) => ![...byTheKit, 503, ...tried].includes(status),
      );
      expect([operation, untried]).toEqual([operation, []]);
    }
  });

  test('with every subgraph down 503 and a time to come back, or what is still known', async () => {
    const browser = openBrowser(world);
    browser.keep(await browser.send('POST /session', { body: world.ina.credentials }));
    await Promise.all(subgraphs.map((name) => world.bank.stop(name)));
    for (const operation of sessionOperations) {
      const body = operation === 'POST /session' ? world.ina.credentials : undefined;
      const seen = await browser.send(operation, { body });
      expect([operation, seen.status]).toEqual([operation, 503]);
      document.expectDescribed(operation, seen);
    }
    for (const operation of calls()) {
      const one = firstCase(operation);
      const seen = await world.call(one);
      document.expectDescribed(operation, seen);
      // Reads may be answered by what the gateway keeps; a command is never.
      const mayBeKept = operation.startsWith('GET') && seen.status === 200;
      if (!mayBeKept) expect([operation, seen.status]).toEqual([operation, 503]);
    }
  });
});
