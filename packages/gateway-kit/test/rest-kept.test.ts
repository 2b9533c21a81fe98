import { createVirtualClock } from '@simplebank/testkit/clock';
import { afterEach, expect, test } from 'vitest';
import { z } from 'zod';
import { restRoute } from '../src/rest/rest.ts';
import type { Bank } from './bank.ts';
import { openBank } from './bank.ts';

const kept = restRoute({
  name: 'kept',
  title: 'Public data that is kept for five minutes',
  method: 'GET',
  path: '/kept',
  access: 'anyone',
  query: z.object({ id: z.string() }),
  keptMs: 300_000,
  operation: 'query Kept($id: ID!) { account(id: $id) { id } }',
  variables: ({ id }) => ({ id }),
  success: { status: 200, description: 'Kept.', schema: z.unknown() },
  answer: (data: { account: { id: string } }, { stale }) => ({
    status: 200,
    body: { id: data.account.id, stale },
  }),
});

/** A part of it comes from another context, which may be down alone. */
const holed = restRoute({
  ...{ name: 'holed', title: 'Public data of two contexts', method: 'GET', path: '/holed' },
  ...{ access: 'anyone', keptMs: 300_000, variables: () => ({}) },
  operation: 'query Holed { account(id: "x") { id holdingsPage { symbol } } }',
  success: { status: 200, description: 'Kept.', schema: z.unknown() },
  answer: ({ account }: { account: object }, { degraded }) => ({
    status: 200,
    body: { ...account, degraded },
  }),
});

let bank: Bank;
afterEach(() => bank.close());

async function open() {
  const clock = createVirtualClock('2026-11-20T15:00:00.000Z');
  bank = await openBank({ routes: [kept, holed], clock });
  const ask = async (id = 'x', path = '/kept') => {
    const response = await fetch(`${bank.url}${path}?id=${id}`);
    const { headers } = response;
    return {
      status: response.status,
      body: await response.json(),
      age: headers.get('age'),
      keep: headers.get('cache-control'),
    };
  };
  const asked = () => bank.accounts.calls.filter(({ query }) => query.includes('account(')).length;
  return { ask, asked, pass: (minutes: number) => clock.advance(minutes * 60_000) };
}

test('within five minutes the graph is asked once, and callers hear how old it is', async () => {
  const { ask, asked, pass } = await open();
  const answer = { status: 200, body: { id: 'x', stale: false }, keep: 'public, max-age=300' };
  expect(await ask()).toEqual({ ...answer, age: '0' });
  pass(4);
  expect(await ask()).toEqual({ ...answer, age: '240' });
  expect(asked()).toBe(1);
  pass(1);
  expect(await ask()).toEqual({ ...answer, age: '0' });
  expect(asked()).toBe(2);
});

test('an older answer is given only while there is no newer, and says so', async () => {
  const { ask, pass } = await open();
  await ask();
  bank.accounts.mood = 'breaks';
  pass(6);
  expect(await ask()).toEqual({
    status: 200,
    body: { id: 'x', stale: true },
    age: '360',
    keep: 'no-cache',
  });
  expect((await ask('never asked before')).status).toBe(503);
  bank.accounts.mood = 'well';
  await expect
    .poll(async () => (await ask()).body, { timeout: 15_000 })
    .toEqual({
      id: 'x',
      stale: false,
    });
});

test('an answer with holes is given once, and kept neither by us nor on the way', async () => {
  const { ask } = await open();
  const holdingsPage = [{ symbol: 'ABC' }];
  bank.holdings.mood = 'objects';
  expect(await ask('x', '/holed')).toEqual({
    status: 200,
    body: { id: 'x', holdingsPage: null, degraded: true },
    age: '0',
    keep: 'no-cache',
  });
  bank.holdings.mood = 'well';
  const answer = { status: 200, body: { id: 'x', holdingsPage, degraded: false }, age: '0' };
  expect(await ask('x', '/holed')).toEqual({ ...answer, keep: 'public, max-age=300' });
});
