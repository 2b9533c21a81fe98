import { Decimal } from '@simplebank/kernel/decimal';
import { createChance, shuffled } from '@simplebank/testkit/chance';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { AssetCopy } from '../../domain/copies.ts';
import type { Slice } from '../../domain/slice.ts';
import { type Part, type PartNews, partAfter } from './part.ts';
import { place, type StrategyOrder, statusOf } from './strategy-order.ts';

const half = new Decimal(50);
const requested = (assetId: string): Part => ({
  ...{ assetId, percentage: half, amount: half, status: 'REQUESTED', skipReason: null },
  ...{ code: null, orderId: null, orderStatus: null, orderVersion: 0 },
});
const ordered: PartNews = { kind: 'ORDERED', orderId: 'o' };
const completed = (
  orderStatus: string,
  orderVersion = 5,
  code: string | null = null,
): PartNews => ({
  kind: 'COMPLETED',
  orderId: 'o',
  ...{ orderStatus, orderVersion, code },
});
const after = (...news: readonly PartNews[]) => news.reduce(partAfter, requested('a'));

test('a completed order whose creation is heard of later stays completed', () => {
  expect(after(completed('FILLED'), ordered)).toEqual(after(ordered, completed('FILLED')));
  expect(after(completed('FILLED'), ordered).status).toBe('COMPLETED');
});

test('a refused order is a skipped part with the code of the refusal, whoever tells first', () => {
  const refused: PartNews = { kind: 'REFUSED', orderId: 'o', code: 'INSUFFICIENT_FUNDS' };
  const end = completed('REJECTED', 5, 'INSUFFICIENT_FUNDS');
  expect(after(end, refused, ordered)).toEqual(after(ordered, refused, end));
  expect(after(end)).toMatchObject({
    ...{ status: 'SKIPPED', skipReason: 'ORDER_REFUSED', code: 'INSUFFICIENT_FUNDS' },
  });
});

test('a late fill counts: the latest end of an order wins', () => {
  const [canceled, filled] = [completed('CANCELED', 5), completed('FILLED', 7)];
  expect(after(canceled, filled)).toEqual(after(filled, canceled));
  expect(after(filled, canceled).orderStatus).toBe('FILLED');
});

test('any order and repetition of the news gives the same parts and the same status', () => {
  const histories = fc.constantFrom<readonly PartNews[]>(
    [ordered, completed('FILLED')],
    [ordered, completed('CANCELED', 4), completed('FILLED', 6)],
    [ordered, completed('REJECTED', 3, 'ASSET_HALTED')],
    [{ kind: 'REFUSED', orderId: null, code: 'PRICE_UNAVAILABLE' }],
    [ordered],
  );
  fc.assert(
    fc.property(fc.array(histories, { minLength: 1 }), fc.integer(), (parts, seed) => {
      const chance = createChance(seed);
      const orderly = parts.map((news, index) => news.reduce(partAfter, requested(`${index}`)));
      const messy = parts.map((news, index) =>
        shuffled([...news, ...news], chance).reduce(partAfter, requested(`${index}`)),
      );
      expect(messy).toEqual(orderly);
      expect(statusOf(messy)).toBe(statusOf(orderly));
    }),
    { numRuns: 1_000 },
  );
});

test('the status follows from the parts', () => {
  const parts = {
    requested: requested('a'),
    ordered: after(ordered),
    filled: after(completed('FILLED')),
    canceled: after(completed('CANCELED')),
    skipped: after({ kind: 'REFUSED', orderId: null, code: 'X' }),
  };
  expect(statusOf([parts.requested, parts.filled])).toBe('PLACING');
  expect(statusOf([parts.ordered, parts.skipped])).toBe('IN_PROGRESS');
  expect(statusOf([parts.filled, parts.filled])).toBe('COMPLETED');
  expect(statusOf([parts.filled, parts.canceled])).toBe('COMPLETED_ADJUSTED');
  expect(statusOf([parts.filled, parts.skipped])).toBe('COMPLETED_ADJUSTED');
  expect(statusOf([parts.skipped])).toBe('COMPLETED_ADJUSTED');
});

test('what cannot be bought is skipped with the reason, and its amount is not spread', () => {
  const order: StrategyOrder = {
    ...{ id: 'order', number: 1n, strategyId: 's', strategyVersion: null, accountId: 'a' },
    ...{ customerId: 'c', amount: new Decimal(100), currency: 'USD', cash: null, parts: [] },
    ...{ paymentId: null, status: 'WAITING_FOR_PAYMENT', createdAt: new Date(0), eventVersion: 0 },
    expiresAt: new Date(0),
  };
  const slice = (assetId: string | null, percentage: string): Slice => ({
    assetId,
    percentage: new Decimal(percentage),
  });
  const slices = [
    slice('halted', '40'),
    slice('gone', '30'),
    slice('unknown', '20'),
    slice(null, '10'),
  ];
  const copy = (id: string, state: AssetCopy['state']): [string, AssetCopy] => [
    id,
    {
      id,
      symbol: id,
      name: id,
      type: 'STOCK',
      currency: 'USD',
      fractionable: true,
      state,
      version: 1,
    },
  ];
  const assets = new Map([copy('halted', 'HALTED'), copy('gone', 'DELISTED')]);
  const placed = place(order, { version: 3, slices }, { assets, now: new Date(0) });
  expect(placed.parts.map(({ amount, skipReason }) => [amount.toFixed(), skipReason])).toEqual([
    ['40', 'HALTED'],
    ['30', 'NOT_TRADABLE'],
    ['20', 'NOT_TRADABLE'],
  ]);
  expect([placed.cash?.toFixed(), placed.status, placed.strategyVersion]).toEqual([
    '10',
    'COMPLETED_ADJUSTED',
    3,
  ]);
});
