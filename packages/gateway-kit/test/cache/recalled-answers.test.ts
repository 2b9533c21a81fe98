import { metrics } from '@simplebank/chassis/metrics';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { KeptBank } from './kept-bank.ts';
import { openKeptBank } from './kept-bank.ts';

const startedAt = Date.UTC(2026, 0, 30, 15);
let now = startedAt;
let bank: KeptBank;
beforeEach(async () => {
  now = startedAt;
  bank = await openKeptBank({ clock: { now: () => new Date(now) } });
});
afterEach(() => bank.close());

const listed = '{ assets { id name } }';
const quoted = '{ assets { id last } }';
const unavailable = { errors: [{ extensions: { code: 'SUBGRAPH_UNAVAILABLE' } }] };
const mark = (stale: boolean) => ({
  extensions: {
    degraded: [
      {
        ...{ dependency: 'accounts', kind: 'cached', stale },
        asOf: new Date(startedAt).toISOString(),
      },
    ],
  },
});
const counted = async () =>
  Number(
    (await metrics.metrics())
      .split('\n')
      .find((line) => line.startsWith('simplebank_fallback_total') && line.includes('federation'))
      ?.split(' ')
      .at(-1) ?? 0,
  );

test('with its owner down a public answer comes again, with age and mark, counted', async () => {
  const { body } = await bank.ask(listed, { as: 'ann' });
  await bank.stopSubgraph();
  now += 301_000; // past the 300 s for which its owner lets it be kept
  const before = await counted();
  const again = await bank.ask(listed, { as: 'bob', at: 1 });
  expect(again.body).toEqual({ ...body, ...mark(false) });
  expect([again.status, again.headers.get('age'), again.headers.get('cache-control')]).toEqual([
    200,
    '301',
    'no-store',
  ]);
  expect(await counted()).toBe(before + 1);
  now = startedAt + 15 * 60_000 + 1;
  expect((await bank.ask(listed)).body).toEqual({ ...body, ...mark(true) });
  now = startedAt + 3_600_000;
  expect((await bank.ask(listed)).body).toMatchObject(unavailable);
});

test('prices are told for five minutes at most, as stale after one', async () => {
  const { body } = await bank.ask(quoted);
  await bank.stopSubgraph();
  now = startedAt + 60_000;
  expect((await bank.ask(quoted)).body).toEqual({ ...body, ...mark(false) });
  now = startedAt + 299_999;
  expect((await bank.ask(quoted)).body).toEqual({ ...body, ...mark(true) });
  now = startedAt + 300_000;
  expect((await bank.ask(quoted)).body).toMatchObject(unavailable);
});

test('what belongs to a customer is never told again: it is null with an error', async () => {
  const own = '{ accounts { id name } }';
  await bank.ask(own, { as: 'ann' });
  const mixed = '{ me { id } assets { id } }';
  await bank.ask(mixed, { as: 'ann' });
  await bank.stopSubgraph();
  now += 61_000;
  for (const text of [own, mixed]) {
    const { body } = await bank.ask(text, { as: 'ann' });
    expect(body).toMatchObject({ errors: [...body.errors.map(() => unavailable.errors[0])] });
    expect([body.extensions, body.data?.assets ?? null]).toEqual([undefined, null]);
  }
});

test('an answer that an event of its owner has overtaken is not told again', async () => {
  await bank.ask(listed);
  const told = { type: 'assets.asset-updated.v1', aggregateId: 'e', eventId: 'e' };
  const text = JSON.stringify({ events: [{ ...told, entities: ['Asset:x1'] }] });
  await bank.shared.signals.publish('events', text);
  await bank.stopSubgraph();
  await vi.waitFor(async () => expect((await bank.ask(listed)).body).toMatchObject(unavailable), {
    timeout: 10_000,
  });
});
