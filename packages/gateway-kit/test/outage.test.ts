import { afterEach, expect, test } from 'vitest';
import type { Bank } from './bank.ts';
import { openBank } from './bank.ts';

let bank: Bank;
afterEach(() => bank.close());

const unavailable = (path: readonly (string | number)[]) => ({
  message: 'The holdings part of the bank does not answer right now.',
  path,
  extensions: {
    code: 'SUBGRAPH_UNAVAILABLE',
    subgraph: 'holdings',
    requestId: expect.any(String),
  },
});

const screen = '{ accounts { id name holdingsPage { symbol } } }';
const partial = {
  data: {
    accounts: [
      { id: 'a1', name: 'Main', holdingsPage: null },
      { id: 'a2', name: 'Spare', holdingsPage: null },
    ],
  },
  errors: [
    unavailable(['accounts', 0, 'holdingsPage']),
    unavailable(['accounts', 1, 'holdingsPage']),
  ],
};

test('with all subgraphs well, one query is answered from both', async () => {
  bank = await openBank();
  const token = await bank.mint.token('c1');
  const { status, body } = await bank.query(screen, { token });
  expect(body).toEqual({
    data: {
      accounts: [
        { id: 'a1', name: 'Main', holdingsPage: [{ symbol: 'ABC' }] },
        { id: 'a2', name: 'Spare', holdingsPage: [{ symbol: 'ABC' }] },
      ],
    },
  });
  expect(status).toBe(200);
});

test.each(['breaks', 'babbles'] as const)(
  'a subgraph that %s costs its fields only',
  async (mood) => {
    bank = await openBank();
    bank.holdings.mood = mood;
    const token = await bank.mint.token('c1');
    const { status, body } = await bank.query(screen, { token });
    expect(body).toEqual(partial);
    expect(status).toBe(200);
  },
);

test('a subgraph that is gone costs its fields only, and comes back by itself', async () => {
  bank = await openBank();
  const token = await bank.mint.token('c1');
  await bank.holdings.close();
  expect((await bank.query(screen, { token })).body).toEqual(partial);
});

test('a subgraph that hangs is given up within 5 seconds', async () => {
  bank = await openBank();
  bank.holdings.mood = 'hangs';
  const token = await bank.mint.token('c1');
  const startedAt = performance.now();
  const { status, body } = await bank.query(screen, { token });
  expect(body).toEqual(partial);
  expect(status).toBe(200);
  expect(performance.now() - startedAt).toBeLessThan(5_000);
});

test('the fixed non-null list costs its account, and nothing beyond it', async () => {
  bank = await openBank();
  bank.holdings.mood = 'breaks';
  const token = await bank.mint.token('c1');
  const query = '{ accounts { currentHoldings { symbol } } account(id: "a1") { name } }';
  const { body } = await bank.query(query, { token });
  expect(body.data).toEqual({ accounts: null, account: { name: 'Main' } });
});

test('a request that does not touch the subgraph that is down shows no error', async () => {
  bank = await openBank();
  bank.holdings.mood = 'breaks';
  const token = await bank.mint.token('c1');
  const { body } = await bank.query('{ accounts { name } }', { token });
  expect(body).toEqual({ data: { accounts: [{ name: 'Main' }, { name: 'Spare' }] } });
});

test('a gateway starts and answers health with every subgraph down', async () => {
  bank = await openBank({ startStubs: false });
  const health = await fetch(`${bank.url}/health`);
  expect(await health.json()).toEqual({ ok: expect.stringMatching(/^\d{4}-.*Z$/) });
  const ping = await fetch(`${bank.url}/ping`);
  expect([ping.status, await ping.text()]).toEqual([200, 'OK']);
  const { body } = await bank.query('{ account(id: "a1") { name } }');
  expect(body.errors[0].extensions.code).toBe('SUBGRAPH_UNAVAILABLE');
});

test('many entities of a part that is down are told twenty times, not a thousand', async () => {
  bank = await openBank();
  bank.holdings.mood = 'breaks';
  const { body } = await bank.query('{ crowd { id holdingsPage { symbol } } }');
  expect(body.data.crowd).toHaveLength(30);
  expect(body.errors).toHaveLength(20);
});
