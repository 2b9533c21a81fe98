import { randomUUID } from 'node:crypto';
import type { Viewer } from '@simplebank/chassis/auth';
import { MonthEndedV1 } from '@simplebank/contracts/accounts';
import type { Envelope } from '@simplebank/contracts/event';
import type { MonthClosedV1 } from '@simplebank/contracts/holdings';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Bench, openBench } from './bench.ts';
import { anOrder, completed, created, filled, listed } from './builders.ts';
import { publishedFor } from './state.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench.close());

const staff: Viewer = {
  ...{ kind: 'principal', customerId: randomUUID(), roles: ['operations'] },
  ...{ channel: 'web', sessionId: null },
};

const ended = (accountId: string, month: string): Envelope<MonthEndedV1> => ({
  eventId: randomUUID(),
  type: MonthEndedV1.name,
  aggregateId: `${accountId}:${month}`,
  aggregateVersion: 1,
  occurredAt: '2026-12-01T05:05:00.000Z',
  correlationId: 'test',
  causationId: null,
  traceparent: null,
  payload: { accountId, month },
});

async function closed(accountId: string, month: string): Promise<MonthClosedV1> {
  await bench.deliver(ended(accountId, month));
  const events = await publishedFor(bench.sql, accountId);
  const found = events.find(
    ({ type, payload }) => type === 'holdings.month-closed.v1' && payload.month === month,
  );
  if (!found) throw new Error(`${month} was not closed`);
  return found.payload;
}

const quoteAt = (assetId: string, last: string, at: string) =>
  bench.sql.query(
    `INSERT INTO price (asset_id, last, sequence, at)
     VALUES ($1, $2, extract(epoch FROM $3::timestamptz), $3)
     ON CONFLICT (asset_id) DO UPDATE SET last = excluded.last, sequence = excluded.sequence,
       at = excluded.at`,
    [assetId, last, at],
  );

test('a month is told as it was at its end, whatever was done and quoted since', async () => {
  const [accountId, assetId] = [randomUUID(), randomUUID()];
  const buy = anOrder({ accountId, assetId, side: 'BUY' });
  const sale = anOrder({ accountId, assetId, side: 'SELL' });
  const at = (text: string) => new Date(text);
  const october = { nth: 1, at: at('2026-10-30T15:00:00.000Z') };
  await bench.deliver(listed(assetId, 'ABC'));
  await bench.deliver(filled(buy, { quantity: '10', value: '100', fee: '1', ...october }));
  await quoteAt(assetId, '12', '2026-10-30T19:59:59.000Z');
  await quoteAt(assetId, '11', '2026-11-02T14:30:00.000Z');
  await bench.deliver(
    filled(sale, { quantity: '4', value: '60', nth: 1, at: at('2026-11-20T15:00:00.000Z') }),
  );
  await quoteAt(assetId, '20', '2026-12-02T14:30:00.000Z');

  const position = { assetId, symbol: 'ABC', quantity: '10', cost: '100', price: '12' };
  expect(await closed(accountId, '2026-10')).toEqual({
    ...{ accountId, month: '2026-10', realizedGain: '0' },
    positions: [{ ...position, priceAt: '2026-10-30T19:59:59.000Z', value: '120' }],
  });
  expect(await closed(accountId, '2026-11')).toEqual({
    ...{ accountId, month: '2026-11', realizedGain: '19.6' },
    positions: [
      {
        ...{ ...position, quantity: '6', cost: '60', price: '11', value: '66' },
        priceAt: '2026-11-02T14:30:00.000Z',
      },
    ],
  });
});

test('an account without positions is told, and one price too few is none', async () => {
  const [accountId, assetId] = [randomUUID(), randomUUID()];
  expect(await closed(accountId, '2026-10')).toMatchObject({ positions: [], realizedGain: '0' });
  const buy = anOrder({ accountId, assetId, side: 'BUY' });
  const at = new Date('2026-11-30T15:00:00.000Z');
  await bench.deliver(filled(buy, { quantity: '1', value: '5', nth: 1, at }));
  expect(await closed(accountId, '2026-11')).toMatchObject({
    positions: [{ assetId, symbol: null, price: null, priceAt: null, value: null, cost: '5' }],
  });
});

describe('shares that a late fill sold and nobody had', () => {
  const list = (viewer = staff) =>
    bench.ask(
      viewer,
      `{ missingShares(first: 100) { nodes { orderId executionId quantity value { amount } } }
         houseErrorPositions { assetId quantity } }`,
    );
  const resolve = async (input: object) => {
    const { data, errors } = await bench.ask(
      staff,
      `mutation ($input: ResolveMissingSharesInput!) { resolveMissingShares(input: $input) {
         __typename ... on ResolveMissingSharesSuccess { missing { resolution { kind reason } } }
         ... on ResolveMissingSharesRefusal { code } } }`,
      { input },
    );
    return data?.['resolveMissingShares'] ?? errors[0]?.extensions;
  };

  test('are the house error position until staff has dealt with them, once', async () => {
    const [accountId, assetId] = [randomUUID(), randomUUID()];
    const late = anOrder({ accountId, assetId, side: 'SELL' });
    await bench.deliver(created(late, '3'), completed(late, 0));
    const sold = filled(late, { quantity: '3', value: '30', nth: 1, late: true });
    await bench.deliver(sold);
    const key = { orderId: late.orderId, executionId: sold.payload.executionId };
    const open = await list();
    expect(open.data).toMatchObject({
      missingShares: { nodes: [{ ...key, quantity: '3', value: { amount: '30.00' } }] },
      houseErrorPositions: [{ assetId, quantity: '-3' }],
    });
    const asked = { ...key, kind: 'BOUGHT_IN', reason: 'bought at the venue', idempotencyKey: '1' };
    const done = await resolve(asked);
    expect(done).toMatchObject({
      missing: { resolution: { kind: 'BOUGHT_IN', reason: 'bought at the venue' } },
    });
    expect(await resolve(asked)).toEqual(done);
    const other = { ...asked, kind: 'WRITTEN_OFF' };
    expect([await resolve(other), await resolve({ ...other, idempotencyKey: '2' })]).toMatchObject([
      { code: 'IDEMPOTENCY_KEY_REUSED' },
      { code: 'ALREADY_RESOLVED' },
    ]);
    expect((await list()).data).toMatchObject({
      ...{ missingShares: { nodes: [] }, houseErrorPositions: [] },
    });
    const change = 'UPDATE missing_shares_resolution SET reason = reason';
    await expect(bench.sql.query(change)).rejects.toThrow(/append-only/);
  });

  test('are the business of staff alone', async () => {
    const customer: Viewer = { ...staff, roles: ['customer'] };
    const { errors } = await list(customer);
    expect(errors[0]?.extensions).toMatchObject({ code: 'FORBIDDEN' });
    const nobody = { orderId: randomUUID(), executionId: '1', kind: 'WRITTEN_OFF' };
    expect(await resolve({ ...nobody, reason: 'x', idempotencyKey: '9' })).toMatchObject({
      code: 'NOT_FOUND',
    });
  });
});
