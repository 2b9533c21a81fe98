import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Described, readDocument } from './rest/document.ts';
import { webCases } from './rest/web-cases.ts';
import { openRestWorld, type RestWorld } from './rest/world.ts';

let world: RestWorld;
let document: Described;
beforeAll(async () => {
  world = await openRestWorld();
  document = await readDocument(world.base);
}, 300_000);
afterAll(() => world?.close());

/** Tried for every call below, without a case of its own. */
const everywhere = [304, 401, 405, 413, 415, 503];
/** Said by one place for all calls; tests of the kit provoke them. */
const byTheKit = [429, 500];
const doorOperations = ['GET /health', 'GET /ping'];

const calls = () =>
  [...document.operations.keys()].filter((operation) => !doorOperations.includes(operation));
const firstCase = (operation: string) => {
  const found = webCases(world).find((one) => one.operation === operation);
  if (!found) throw new Error(`${operation} has no case`);
  return found;
};

describe('every answer of the web gateway is as its OpenAPI document says', () => {
  test('each declared call has a case for each status that it may answer', () => {
    const cases = webCases(world);
    const tried = (operation: string) =>
      new Set(cases.filter((one) => one.operation === operation).map(({ status }) => status));
    const missing = [...document.operations].flatMap(([operation, statuses]) =>
      statuses
        .filter((status) => ![...everywhere, ...byTheKit].includes(status))
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

  test('with every subgraph down 503 and a time to come back, or what is still known', async () => {
    const doors = world.bank.parts.filter(({ name }) =>
      /^(accounts|orders|holdings|assets|strategies|notifications)-door$/.test(name),
    );
    expect(doors).toHaveLength(6);
    await Promise.all(doors.map((door) => door.close()));
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
