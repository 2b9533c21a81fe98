import { metrics } from '@simplebank/chassis/metrics';
import { eventually } from '@simplebank/testkit/eventually';
import { afterEach, expect, test } from 'vitest';
import { type Bank, openBank } from '../bank.ts';
import { createHold, limitsOf } from './settings.ts';

let bank: Bank;
afterEach(() => bank.close());

const order = 'mutation { placeOrder }';
const read = '{ accounts { id } }';

const refusal = (code: string, message: string) => ({
  errors: [{ message, extensions: { code, requestId: expect.any(String) } }],
});
const limited = refusal('RATE_LIMITED', 'Too many requests: please wait before the next one.');
const overloaded = refusal(
  'OVERLOADED',
  'There is more to do than can be done now: please try again.',
);
const limitHeaders = (headers: Headers) =>
  ['limit', 'remaining', 'reset'].map((name) => Number(headers.get(`ratelimit-${name}`)));

async function turnedAway(strategy: string): Promise<number> {
  const { values } = (await metrics.getSingleMetric('simplebank_limited_total')?.get()) ?? {};
  const counted = values?.find(({ labels }) => labels['strategy'] === strategy);
  return counted?.value ?? 0;
}

test('a principal counts down its points to zero, then gets 429 and is told when', async () => {
  bank = await openBank({ limits: limitsOf({ budget: { principalPoints: 3 } }) });
  const before = await turnedAway('budget');
  const token = await bank.mint.token('c1');
  const answers = [];
  for (let n = 0; n < 4; n += 1) answers.push(await bank.query('{ __typename }', { token }));

  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 429]);
  expect(answers.map(({ headers }) => limitHeaders(headers).slice(0, 2))).toEqual([
    [3, 2],
    [3, 1],
    [3, 0],
    [3, 0],
  ]);
  const [, , , last] = answers;
  const [, , reset] = limitHeaders(last?.headers ?? new Headers());
  expect(reset).toBeGreaterThan(0);
  expect(reset).toBeLessThanOrEqual(60);
  expect(last?.headers.get('retry-after')).toBe(String(reset));
  expect(last?.body).toEqual(limited);
  expect(await turnedAway('budget')).toBe(before + 1);

  const other = await bank.mint.token('c2');
  expect((await bank.query('{ __typename }', { token: other })).status).toBe(200);
});

test('a caller beyond its points takes nothing from what all others may ask', async () => {
  const limits = limitsOf({ budget: { principalPoints: 1 }, volume: { perSecond: 4 } });
  bank = await openBank({ limits });
  const [greedy, other] = [await bank.mint.token('c1'), await bank.mint.token('c2')];
  const statuses = [];
  for (let n = 0; n < 12; n += 1) {
    statuses.push((await bank.query('{ __typename }', { token: greedy })).status);
  }
  expect(statuses).toEqual([200, ...Array(11).fill(429)]);
  expect((await bank.query('{ __typename }', { token: other })).status).toBe(200);
});

test('nothing of an operation beyond the points is run, nor is its text read', async () => {
  bank = await openBank({ limits: limitsOf({ budget: { principalPoints: 1 } }) });
  const token = await bank.mint.token('c1');
  await bank.query('{ __typename }', { token });
  const { status, body } = await bank.query('{ this is no operation', { token });
  expect([status, body]).toEqual([429, limited]);
  expect(bank.accounts.calls).toEqual([]);
});

test('points are what an operation costs: estimated before, given back after', async () => {
  // Ten accounts are expected of a list whose size is not told; two come.
  const root = { crowd: () => [{ id: 'a1' }, { id: 'a2' }] };
  bank = await openBank({ limits: limitsOf({ budget: { principalPoints: 13 } }), root });
  const token = await bank.mint.token('c1');
  const remaining = [];
  for (let n = 0; n < 3; n += 1) {
    const { status, headers } = await bank.query('{ crowd { id } }', { token });
    remaining.push([status, ...limitHeaders(headers).slice(0, 2)]);
  }
  expect(remaining).toEqual([
    [200, 13, 11],
    [200, 13, 9],
    [429, 13, 8],
  ]);
  expect((await bank.query('{ __typename }', { token })).status).toBe(200);
});

test('callers without a name share the points of their address', async () => {
  const limits = limitsOf({ budget: { addressPoints: 2 }, trustedProxies: 1 });
  bank = await openBank({ limits });
  const ask = (address: string) =>
    bank.query('{ __typename }', { headers: { 'x-forwarded-for': address } });
  const statuses = [];
  for (const address of ['203.0.113.1', '203.0.113.1', '203.0.113.1', '203.0.113.2']) {
    statuses.push((await ask(address)).status);
  }
  expect(statuses).toEqual([200, 200, 429, 200]);
  const token = await bank.mint.token('c1');
  const headers = { 'x-forwarded-for': '203.0.113.1' };
  expect((await bank.query('{ __typename }', { token, headers })).status).toBe(200);
});

test('an invented forwarded address buys nobody a new budget', async () => {
  bank = await openBank({ limits: limitsOf({ budget: { addressPoints: 2 } }) });
  const statuses = [];
  for (let n = 0; n < 4; n += 1) {
    const headers = { 'x-forwarded-for': `203.0.113.${n}` };
    statuses.push((await bank.query('{ __typename }', { headers })).status);
  }
  expect(statuses).toEqual([200, 200, 429, 429]);
});

test('above its volume a gateway drops whoever comes, but critical operations pass', async () => {
  bank = await openBank({ limits: limitsOf({ volume: { perSecond: 1 } }) });
  const before = await turnedAway('volume');
  const token = await bank.mint.token('c1');
  const flood = await Promise.all(
    Array.from({ length: 30 }, () => bank.query('{ __typename }', { token })),
  );
  const refused = flood.filter(({ status }) => status === 429);
  expect(refused.length).toBeGreaterThan(0);
  expect(refused.map(({ body }) => body)).toEqual(refused.map(() => limited));
  expect(refused.map(({ headers }) => headers.get('retry-after'))).toEqual(refused.map(() => '1'));
  expect(await turnedAway('volume')).toBe(before + refused.length);
  const placed = await bank.query(order, { token });
  expect([placed.status, placed.body]).toEqual([200, { data: { placeOrder: 'placed' } }]);
});

test('a principal who spent its points can still place an order and sign in', async () => {
  const limits = limitsOf({
    budget: { principalPoints: 1, addressPoints: 1, criticalPoints: 100 },
  });
  bank = await openBank({ limits });
  const token = await bank.mint.token('c1');
  for (const more of [{ token }, {}]) {
    await bank.query('{ __typename }', more);
    expect((await bank.query('{ __typename }', more)).status).toBe(429);
  }
  expect((await bank.query(order, { token })).body).toEqual({ data: { placeOrder: 'placed' } });
  const signedIn = await bank.query('mutation { signIn(email: "a@b.c") }');
  expect(signedIn.status).toBe(200);
});

test.each([
  ['a comment', '{ __typename } # placeOrder'],
  ['another operation', 'query Q { __typename } mutation M { placeOrder }', 'Q'],
  [
    'a companion',
    `mutation {
      placeOrder
      rename(input: { accountId: "a", name: "b" }) { __typename }
    }`,
  ],
])('naming a critical operation in %s buys no place', async (_, query, operationName?: string) => {
  bank = await openBank({ limits: limitsOf({ budget: { principalPoints: 1 } }) });
  const token = await bank.mint.token('c1');
  await bank.query('{ __typename }', { token });
  const response = await fetch(`${bank.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ query, operationName }),
  });
  expect([response.status, await response.json()]).toEqual([429, limited]);
});

test('critical operations have an end, too', async () => {
  bank = await openBank({ limits: limitsOf({ budget: { criticalPoints: 20 } }) });
  const before = await turnedAway('critical');
  const token = await bank.mint.token('c1');
  const statuses = [];
  for (let n = 0; n < 25; n += 1) statuses.push((await bank.query(order, { token })).status);
  expect(statuses[0]).toBe(200);
  expect(statuses.at(-1)).toBe(429);
  expect(await turnedAway('critical')).toBeGreaterThan(before);
  expect((await bank.query(read, { token })).status).toBe(200);
});

test('a principal runs so many requests at once and disturbs nobody else', async () => {
  const hold = createHold();
  bank = await openBank({ limits: limitsOf({ concurrentMax: 3 }), root: { held: hold.wait } });
  const before = await turnedAway('concurrent');
  const [one, two] = [await bank.mint.token('c1'), await bank.mint.token('c2')];
  const held = [1, 2, 3].map((n) => bank.query(`query N${n} { held }`, { token: one }));
  await eventually(() => expect(hold.count()).toBe(3));
  const { status, body, headers } = await bank.query(read, { token: one });
  expect([status, body, headers.get('retry-after')]).toEqual([429, limited, '1']);
  expect(await turnedAway('concurrent')).toBe(before + 1);
  expect((await bank.query(read, { token: two })).status).toBe(200);
  expect((await bank.query(order, { token: one })).status).toBe(200);
  hold.letGo();
  expect((await Promise.all(held)).map((each) => each.status)).toEqual([200, 200, 200]);
  expect((await bank.query(read, { token: one })).status).toBe(200);
});

test('a full gateway refuses with 503, lets critical ones in, and recovers at once', async () => {
  const hold = createHold();
  const gate = { inFlightMax: 4, reserved: 1, waitingMax: 2 };
  bank = await openBank({ limits: limitsOf({ gate }), root: { held: hold.wait } });
  const token = await bank.mint.token('c1');
  for (let n = 0; n < 3; n += 1) await bank.query('{ __typename }', { token }); // a known caller
  const asked = [1, 2, 3, 4, 5, 6].map((n) => bank.query(`query N${n} { held }`, { token }));
  await eventually(() => expect(hold.count()).toBe(4));

  const before = await turnedAway('pressure');
  const refused = await Promise.all([7, 8, 9].map(() => bank.query(read, { token })));
  expect(refused.map(({ status }) => status)).toEqual([503, 503, 503]);
  expect(refused.map(({ body }) => body)).toEqual(refused.map(() => overloaded));
  expect(refused.map(({ headers }) => headers.get('retry-after'))).toEqual(['1', '1', '1']);
  expect(await turnedAway('pressure')).toBe(before + 3);
  expect((await bank.query(order, { token })).body).toEqual({ data: { placeOrder: 'placed' } });

  hold.letGo();
  await eventually(() => expect(hold.count()).toBe(2)); // those that waited
  hold.letGo();
  expect((await Promise.all(asked)).map(({ status }) => status)).toEqual(Array(6).fill(200));
  expect((await bank.query(read, { token })).status).toBe(200);
});

test('under pressure a stranger gives way to whoever comes often', async () => {
  const hold = createHold();
  const gate = { inFlightMax: 2, reserved: 0, waitingMax: 0 };
  bank = await openBank({ limits: limitsOf({ gate }), root: { held: hold.wait } });
  const token = await bank.mint.token('c1');
  for (let n = 0; n < 3; n += 1) await bank.query('{ __typename }', { token });
  const held = bank.query('{ held }', { token });
  await eventually(() => expect(hold.count()).toBe(1));
  const before = await turnedAway('infrequent');
  const stranger = await bank.query(read, { token: await bank.mint.token('c2') });
  expect([stranger.status, stranger.body]).toEqual([503, overloaded]);
  expect(await turnedAway('infrequent')).toBe(before + 1);
  expect((await bank.query(read, { token })).status).toBe(200);
  hold.letGo();
  expect((await held).status).toBe(200);
});

test('without limits nothing is counted and no header claims it', async () => {
  bank = await openBank();
  const { status, headers } = await bank.query('{ __typename }');
  expect([status, headers.get('ratelimit-limit')]).toEqual([200, null]);
});
