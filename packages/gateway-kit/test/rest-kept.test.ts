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

let bank: Bank;
afterEach(() => bank.close());

async function open() {
  const clock = createVirtualClock('2026-11-20T15:00:00.000Z');
  bank = await openBank({ routes: [kept], clock });
  const ask = async (id = 'x') => {
    const response = await fetch(`${bank.url}/kept?id=${id}`);
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

test('within five minutes the graph is asked once, and callers are told how old it is', async () => {
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

test('an older answer is given only while there is no newer, and says that it is stale', async () => {
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
