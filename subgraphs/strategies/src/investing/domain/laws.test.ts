import { Decimal, sum } from '@simplebank/kernel/decimal';
import { createChance, shuffled } from '@simplebank/testkit/chance';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { AssetCopy } from '../../domain/copies.ts';
import type { Slice } from '../../domain/slice.ts';
import { type Part, type PartNews, partAfter, timedOut } from './part.ts';
import { place, type StrategyOrder, statusOf, withoutAnswer } from './strategy-order.ts';

const runs = { numRuns: 1_000 };
const now = new Date(0);
const states = ['ACTIVE', 'ACTIVE', 'ACTIVE', 'HALTED', 'SELL_ONLY', 'DELISTED'] as const;

/** Percentages of two decimals that sum to 100.00; the first slice is cash in half of the cases. */
const slices = fc
  .record({
    cuts: fc.uniqueArray(fc.integer({ min: 1, max: 9_999 }), { minLength: 0, maxLength: 12 }),
    withCash: fc.boolean(),
  })
  .map(({ cuts, withCash }): readonly Slice[] => {
    const marks = [0, ...cuts.toSorted((a, b) => a - b), 10_000];
    return marks.slice(1).map((mark, nth) => ({
      assetId: withCash && nth === 0 ? null : `asset-${nth}`,
      percentage: new Decimal(mark - (marks[nth] ?? 0)).div(100),
    }));
  });
const cents = fc.bigInt({ min: 100n, max: 10_000_000_000n });

const asset = (id: string, nth: number): AssetCopy => ({
  ...{ id, symbol: id, name: id, type: 'STOCK', currency: 'USD', fractionable: true, version: 1 },
  state: states[nth % states.length] ?? 'ACTIVE',
});
const assetsOf = (list: readonly Slice[]) =>
  new Map(
    list.flatMap(({ assetId }, nth) =>
      assetId === null ? [] : [[assetId, asset(assetId, nth)] as const],
    ),
  );

const waiting = (amount: Decimal): StrategyOrder => ({
  ...{ id: 'order', number: 1n, strategyId: 's', strategyVersion: null, accountId: 'a' },
  ...{ customerId: 'c', amount, currency: 'USD', cash: null, parts: [], paymentId: null },
  ...{ status: 'WAITING_FOR_PAYMENT', createdAt: now, expiresAt: now, eventVersion: 0 },
});
const placed = (amount: Decimal, list: readonly Slice[]) =>
  place(waiting(amount), { version: 1, slices: list }, { assets: assetsOf(list), now });

/** What may be heard of one part, or that it was not heard of in time. */
const histories = (orderId: string): readonly (readonly PartNews[])[] => [
  [],
  [{ kind: 'ORDERED', orderId }],
  [
    { kind: 'ORDERED', orderId },
    { kind: 'COMPLETED', orderId, orderStatus: 'FILLED', orderVersion: 5, code: null },
  ],
  [
    { kind: 'ORDERED', orderId },
    { kind: 'COMPLETED', orderId, orderStatus: 'CANCELED', orderVersion: 4, code: null },
    { kind: 'COMPLETED', orderId, orderStatus: 'FILLED', orderVersion: 6, code: null },
  ],
  [{ kind: 'REFUSED', orderId: null, code: 'PRICE_UNAVAILABLE' }],
];

const totalOf = ({ parts, cash }: StrategyOrder): Decimal => {
  const ofStatus = (isSkipped: boolean) =>
    sum(parts.filter((part) => (part.status === 'SKIPPED') === isSkipped).map((p) => p.amount));
  return ofStatus(false)
    .plus(ofStatus(true))
    .plus(cash ?? 0);
};

test('orders, skipped parts and cash make the amount through every history and time-out', () => {
  fc.assert(
    fc.property(slices, cents, fc.integer(), (list, units, seed) => {
      const chance = createChance(seed);
      const amount = new Decimal(units.toString()).div(100);
      let order = placed(amount, list);
      expect(totalOf(order).toFixed()).toBe(amount.toFixed());
      const news = order.parts.flatMap(({ assetId, status }) => {
        const all = histories(`order of ${assetId}`);
        const told = status === 'REQUESTED' ? (all[Math.floor(chance() * all.length)] ?? []) : [];
        return [...told, ...told].map((one) => ({ assetId, one }));
      });
      for (const { assetId, one } of shuffled(news, chance)) {
        if (chance() < 0.2) order = withoutAnswer(order);
        const parts = order.parts.map((p) => (p.assetId === assetId ? partAfter(p, one) : p));
        order = { ...order, parts, status: statusOf(parts) };
        expect(totalOf(order).toFixed()).toBe(amount.toFixed());
      }
      order = withoutAnswer(order);
      expect(order.status).not.toBe('PLACING');
      expect(order.parts.every((p) => (p.status === 'SKIPPED') === (p.skipReason !== null))).toBe(
        true,
      );
    }),
    runs,
  );
});

test('a time-out at any moment does not change where the news of a part leads', () => {
  const requested: Part = {
    ...{ assetId: 'a', percentage: new Decimal(100), amount: new Decimal(10), code: null },
    ...{ status: 'REQUESTED', skipReason: null, orderId: null, orderStatus: null, orderVersion: 0 },
  };
  fc.assert(
    fc.property(fc.nat(4), fc.integer(), (which, seed) => {
      const chance = createChance(seed);
      const news = histories('o')[which] ?? [];
      const orderly = timedOut(news.reduce(partAfter, requested));
      const messy = shuffled([...news, ...news], chance).reduce(
        (part, one) => partAfter(chance() < 0.5 ? timedOut(part) : part, one),
        requested,
      );
      expect(timedOut(messy)).toEqual(orderly);
    }),
    runs,
  );
});

test('permuting the rows permutes the parts; placing again makes the same parts', () => {
  fc.assert(
    fc.property(slices, cents, fc.integer(), (list, units, seed) => {
      const amount = new Decimal(units.toString()).div(100);
      const byAsset = ({ parts, cash }: StrategyOrder) => [
        Object.fromEntries(parts.map((part) => [part.assetId, part.amount.toFixed()])),
        cash?.toFixed(),
      ];
      const first = placed(amount, list);
      expect(byAsset(placed(amount, shuffled(list, createChance(seed))))).toEqual(byAsset(first));
      expect(placed(amount, list)).toEqual(first);
    }),
    runs,
  );
});
