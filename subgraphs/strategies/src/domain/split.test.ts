import { readFileSync } from 'node:fs';
import { allocate } from '@simplebank/kernel/allocate';
import { Decimal, sum } from '@simplebank/kernel/decimal';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { place, type StrategyOrder } from '../investing/domain/strategy-order.ts';
import type { AssetCopy } from './copies.ts';
import type { Slice } from './slice.ts';
import { splitAmount } from './split.ts';

type Amount = { readonly asset: string; readonly amount: string };
type StrategyCase = {
  readonly id: string;
  readonly amount: string;
  readonly currency: string;
  readonly targets: readonly { readonly asset: string; readonly percentage: string }[];
  readonly orders: readonly Amount[];
  readonly skipped?: readonly (Amount & { readonly reason: string })[];
  readonly cash?: string;
};
type RawCase = {
  readonly id: string;
  readonly total: number;
  readonly weights: readonly { readonly key: string; readonly weight: number }[];
  readonly parts: readonly number[];
};

const file = new URL('../../../../tests/data/allocation-fixtures.json', import.meta.url);
const fixtures = JSON.parse(readFileSync(file, 'utf8')) as {
  readonly raw: readonly RawCase[];
  readonly strategyOrders: readonly StrategyCase[];
};

/** ISO 4217 exponents of the fixtures; the bank itself keeps accounts in USD only. */
const digitsOf = (currency: string): number => (currency === 'JPY' ? 0 : 2);
const slicesOf = ({ targets }: StrategyCase): readonly Slice[] =>
  targets.map(({ asset, percentage }) => ({
    assetId: asset === 'CASH' ? null : asset,
    percentage: new Decimal(percentage),
  }));

const now = new Date(0);

const anAsset = (id: string, given: Partial<AssetCopy> = {}): AssetCopy => ({
  ...{ id, symbol: id, name: id, type: 'STOCK', currency: 'USD', fractionable: true },
  ...{ state: 'ACTIVE', version: 1 },
  ...given,
});

const aWaitingOrder = (amount: string): StrategyOrder => ({
  ...{ id: 'order', number: 1n, strategyId: 'strategy', strategyVersion: null },
  ...{ accountId: 'account', customerId: 'customer', amount: new Decimal(amount) },
  ...{ currency: 'USD', cash: null, paymentId: null, status: 'WAITING_FOR_PAYMENT', parts: [] },
  ...{ createdAt: new Date(0), eventVersion: 0, expiresAt: new Date(0) },
});

describe('the allocation fixtures', () => {
  test.each(fixtures.raw)('$id', ({ total, weights, parts }) => {
    const shares = weights.map(({ key, weight }) => ({ key, weight: BigInt(weight) }));
    expect(allocate(BigInt(total), shares)).toEqual(parts.map(BigInt));
  });

  test.each(fixtures.strategyOrders)('$id', (fixture) => {
    const digits = digitsOf(fixture.currency);
    const { parts, cash } = splitAmount(new Decimal(fixture.amount), slicesOf(fixture), digits);
    const expected = [...fixture.orders, ...(fixture.skipped ?? [])];
    const amounts = new Map(expected.map(({ asset, amount }) => [asset, amount]));
    const found = parts.map(({ assetId, amount }) => [assetId, amount.toFixed(digits)]);
    expect(new Map(found as [string, string][])).toEqual(amounts);
    expect(cash.toFixed(digits)).toBe(fixture.cash ?? new Decimal(0).toFixed(digits));
  });

  const inDollars = fixtures.strategyOrders.filter(({ currency }) => currency === 'USD');
  test.each(inDollars)('$id, ordered and skipped', (fixture) => {
    const assets = new Map(fixture.targets.map(({ asset }) => [asset, anAsset(asset)]));
    const version = { version: 1, slices: slicesOf(fixture) };
    const { parts } = place(aWaitingOrder(fixture.amount), version, { assets, now });
    const ordered = parts.filter(({ status }) => status === 'REQUESTED');
    expect(
      ordered.map(({ assetId, amount }) => ({ asset: assetId, amount: amount.toFixed(2) })),
    ).toEqual(fixture.orders);
    const skipped = parts.flatMap(({ assetId, amount, skipReason: reason }) =>
      reason ? [{ asset: assetId, amount: amount.toFixed(2), reason }] : [],
    );
    expect(skipped).toEqual(fixture.skipped ?? []);
  });
});

/** Percentages in hundredths that sum to 100.00; the last slice takes what the cuts leave. */
const slices = fc
  .uniqueArray(fc.integer({ min: 1, max: 9_999 }), { maxLength: 12 })
  .map((cuts) => [0, ...cuts.toSorted((a, b) => a - b), 10_000])
  .map((edges) => edges.slice(1).map((edge, index) => edge - (edges[index] ?? 0)))
  .chain((parts) => fc.tuple(fc.constant(parts), fc.boolean()))
  .map(([parts, hasCash]) =>
    parts.map((hundredths, index) => ({
      assetId: hasCash && index === 0 ? null : `asset-${index}`,
      percentage: new Decimal(hundredths).div(100),
    })),
  );
const amounts = fc
  .integer({ min: 100, max: 100_000_000 })
  .map((cents) => new Decimal(cents).div(100));

/** Histories that nobody thought of (domain §13 law 7). */
const runs = { numRuns: 1_000 };

test('parts, skipped ones included, and cash make the amount to the cent', () => {
  fc.assert(
    fc.property(amounts, slices, (amount, slices) => {
      const states = ['ACTIVE', 'HALTED', 'SELL_ONLY', 'DELISTED'] as const;
      const assets = new Map(
        slices.flatMap(({ assetId }, index) =>
          assetId === null
            ? []
            : [[assetId, anAsset(assetId, { state: states[index % 4] ?? 'ACTIVE' })] as const],
        ),
      );
      const order = place(aWaitingOrder(amount.toFixed()), { version: 1, slices }, { assets, now });
      const total = sum(order.parts.map((part) => part.amount)).plus(order.cash ?? 0);
      expect(total.toFixed()).toBe(amount.toFixed());
    }),
    runs,
  );
});

test('permuting the slices permutes the parts', () => {
  const permuted = slices.chain((given) =>
    fc.record({
      given: fc.constant(given),
      other: fc.shuffledSubarray(given, { minLength: given.length }),
    }),
  );
  fc.assert(
    fc.property(amounts, permuted, (amount, { given, other }) => {
      const amountsOf = (some: readonly Slice[]) =>
        new Map(
          splitAmount(amount, some, 2).parts.map((part) => [part.assetId, part.amount.toFixed()]),
        );
      expect(amountsOf(other)).toEqual(amountsOf(given));
    }),
    runs,
  );
});
