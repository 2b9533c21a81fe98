import { Decimal, sum, zero } from '@simplebank/kernel/decimal';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { driftFrom } from './account-drift.ts';
import { allocationOf } from './allocation.ts';
import { type LivePosition, nothingYet, type Portfolio } from './portfolio.ts';

const runs = { numRuns: 1_000 };
const cents = (min: number) =>
  fc.integer({ min, max: 100_000_000 }).map((value) => new Decimal(value).div(100));

const position = (nth: number, value: Decimal | null, sector: string | null): LivePosition => ({
  ...{ assetId: `asset-${nth}`, symbol: `S${nth}`, name: null, type: 'STOCK', sector },
  ...{ quantity: new Decimal(1), value, pricedAt: null },
});
const sectors = [null, 'Energy', 'Utilities'];
const anyPortfolio = fc
  .record({ cash: cents(-1_000), values: fc.array(cents(0), { maxLength: 12 }) })
  .map(
    ({ cash, values }): Portfolio => ({
      ...nothingYet('account', 'USD'),
      cash,
      positions: values.map((value, nth) => position(nth, value, sectors[nth % 3] ?? null)),
    }),
  );

test('law: shares sum to exactly 1, and each is exact but for its last digit', () => {
  fc.assert(
    fc.property(
      anyPortfolio,
      fc.constantFrom('ASSET' as const, 'SECTOR' as const, 'TYPE' as const),
      (portfolio, by) => {
        const parts = allocationOf(portfolio, by);
        const owned = parts.map(({ value }) => Decimal.max(value ?? 0, 0));
        const whole = sum(owned);
        if (whole.isZero()) {
          expect(parts.every(({ share }) => share === null)).toBe(true);
          return;
        }
        expect(sum(parts.map(({ share }) => share ?? zero)).toFixed()).toBe('1');
        for (const [nth, { share }] of parts.entries()) {
          const exact = owned[nth]?.div(whole) ?? zero;
          expect(share?.minus(exact).abs().lessThan('0.000001')).toBe(true);
        }
        expect(sum(parts.map(({ value }) => value ?? zero)).toFixed()).toBe(
          sum([portfolio.cash, ...portfolio.positions.map(({ value }) => value ?? zero)]).toFixed(),
        );
      },
    ),
    runs,
  );
});

const usd = (amount: number) => new Decimal(amount);

test('without one price nobody knows the shares, and what is owed has none', () => {
  const owing = { ...nothingYet('account', 'USD'), cash: usd(-5) };
  const known = { ...owing, positions: [position(1, usd(20), null)] };
  expect(allocationOf(known, 'ASSET').map(({ kind, share }) => [kind, share?.toFixed()])).toEqual([
    ['POSITIONS', '1'],
    ['CASH', '0'],
  ]);
  const unknown = { ...known, positions: [...known.positions, position(2, null, null)] };
  expect(allocationOf(unknown, 'SECTOR').map(({ share }) => share)).toEqual([null, null]);
});

const elected = (slices: readonly (readonly [string | null, string])[]) => ({
  ...{ strategyId: 's', name: 'S', version: 1 },
  slices: slices.map(([assetId, percentage]) => ({ assetId, percentage, symbol: null })),
});

test('drift counts cash and what is held beside the strategy', () => {
  const portfolio = {
    ...nothingYet('account', 'USD'),
    cash: usd(10),
    positions: [position(1, usd(50), null), position(2, usd(40), null)],
  };
  const { drift, parts } = driftFrom(
    portfolio,
    elected([
      ['asset-1', '60.00'],
      ['asset-3', '40.00'],
    ]),
  );
  expect(drift).toMatchObject({ ok: true });
  expect(drift.ok && drift.value.toFixed()).toBe('0.5');
  expect(
    parts.map(({ assetId, actual, target }) => [assetId, actual?.toFixed(), target.toFixed()]),
  ).toEqual([
    ['asset-1', '0.5', '0.6'],
    ['asset-3', '0', '0.4'],
    ['asset-2', '0.4', '0'],
    [null, '0.1', '0'],
  ]);
});

test('drift is told by a reason when a price or everything is missing', () => {
  const follows = elected([[null, '100.00']]);
  const empty = nothingYet('account', 'USD');
  expect(driftFrom(empty, follows).drift).toEqual({ ok: false, error: 'NO_VALUE' });
  const unknown = { ...empty, positions: [position(1, null, null)] };
  expect(driftFrom(unknown, follows).drift).toEqual({ ok: false, error: 'PRICE_MISSING' });
  const cash = { ...empty, cash: usd(3) };
  expect(driftFrom(cash, follows).drift).toMatchObject({ ok: true });
});

test('law: drift lies between 0 and 1, and is 0 only for an account as its strategy says', () => {
  fc.assert(
    fc.property(fc.array(cents(1), { minLength: 2, maxLength: 6 }), (values) => {
      const positions = values.map((value, nth) => position(nth, value, null));
      const portfolio = { ...nothingYet('account', 'USD'), positions };
      const share = new Decimal(100).div(values.length);
      const follows = elected(values.map((_, nth) => [`asset-${nth}`, share.toFixed()] as const));
      const { drift } = driftFrom(portfolio, follows);
      const isEven = values.every((value) => value.equals(values[0] ?? zero));
      expect(drift.ok && drift.value.lessThan('1e-50')).toBe(isEven);
      expect(drift.ok && drift.value.lessThan(1)).toBe(true);
    }),
    runs,
  );
});
