import { Decimal } from '@simplebank/kernel/decimal';
import { marketHours } from '@simplebank/kernel/market-hours';
import { createChance, shuffled } from '@simplebank/testkit/chance';
import fc from 'fast-check';
import type { AssetCopy } from '../src/domain/copies.ts';
import { type ItemNews, isUnderWay, type RunItem } from '../src/rebalancing/domain/item.ts';
import type { Market } from '../src/rebalancing/domain/market.ts';
import type { RebalanceMode, Run, RunTerms } from '../src/rebalancing/domain/run.ts';

const now = new Date('2026-01-30T17:00:00.000Z');
const money = (cents: number): Decimal => new Decimal(cents).div(100);

type Weighted = { readonly assetId: string; readonly percentage: Decimal };
/** How an order ends: what part of it is filled, at what part of the price, with what fee. */
type Fill = { readonly filled: number; readonly price: number; readonly fee: number };

/** An account, a strategy, a wish, and how its orders will end. */
export type Scene = {
  readonly terms: RunTerms;
  readonly market: Market;
  readonly weighted: readonly Weighted[];
  readonly assetIds: readonly string[];
  readonly fills: readonly Fill[];
};

const kinds = fc.record({
  price: fc.integer({ min: 1, max: 100_000 }),
  held: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 300_000_000 })),
  fractionable: fc.boolean(),
  state: fc.constantFrom('ACTIVE', 'ACTIVE', 'ACTIVE', 'SELL_ONLY', 'HALTED'),
});
type Kind = { readonly price: number; readonly held: number; readonly fractionable: boolean };

const fill = fc.record({
  filled: fc.constantFrom(0, 40, 100, 100),
  price: fc.integer({ min: 96, max: 104 }),
  fee: fc.integer({ min: 0, max: 200 }),
});

/** Percentages of two decimals above zero that make 100.00, the last of them cash or an asset. */
const slices = fc
  .uniqueArray(fc.integer({ min: 1, max: 9_999 }), { minLength: 1, maxLength: 5 })
  .map((cuts) => [0, ...cuts.toSorted((a, b) => a - b), 10_000])
  .map((edges) => edges.slice(1).map((edge, nth) => money(edge - (edges[nth] ?? 0))));

const wishOf = (mode: RebalanceMode, cents: number, takesOut: boolean): Decimal | null => {
  if (mode === 'FULL' && takesOut) return null;
  return mode === 'CASH_FLOW' && takesOut ? money(cents).negated() : money(cents);
};

/** Wishes of these modes against accounts of any content. */
export const scenes = (...modes: readonly RebalanceMode[]): fc.Arbitrary<Scene> =>
  fc
    .record({
      mode: fc.constantFrom(...modes),
      parts: slices,
      keepsCash: fc.boolean(),
      kinds: fc.array(kinds, { minLength: 8, maxLength: 8 }),
      fills: fc.array(fill, { minLength: 8, maxLength: 8 }),
      cents: fc.integer({ min: 100, max: 5_000_000 }),
      takesOut: fc.boolean(),
      sellOutside: fc.boolean(),
    })
    .map((drawn) => {
      const { mode, parts, keepsCash, kinds, cents, takesOut } = drawn;
      const ids = kinds.map((_, nth) => `asset-${nth}`);
      const slices = parts.map((percentage, nth) => ({
        assetId: keepsCash && nth === parts.length - 1 ? null : (ids[nth] ?? ''),
        percentage,
      }));
      const amount = wishOf(mode, cents, takesOut);
      const sellOutside = mode === 'FULL' && drawn.sellOutside;
      return {
        terms: { ...plain, mode, amount, sellOutside },
        market: marketOf(ids, kinds, slices),
        weighted: slices.flatMap(({ assetId, percentage }) =>
          assetId === null ? [] : [{ assetId, percentage }],
        ),
        assetIds: slices.flatMap(({ assetId }) => assetId ?? []),
        fills: drawn.fills,
      };
    });

type Drawn = Kind & { readonly state: string };

function marketOf(ids: readonly string[], kinds: readonly Drawn[], slices: Market['slices']) {
  const each = <Value>(make: (id: string, kind: Drawn) => Value): [string, Value][] =>
    kinds.map((kind, nth) => [ids[nth] ?? '', make(ids[nth] ?? '', kind)]);
  const assetOf = (id: string, { fractionable, state }: Drawn): AssetCopy => ({
    ...{ id, symbol: id, name: id, type: 'STOCK', currency: 'USD', fractionable, version: 1 },
    state: state as AssetCopy['state'],
  });
  const market: Market = {
    slices,
    positions: kinds.map(({ held, fractionable }, nth) => {
      const shares = new Decimal(held).div(1_000_000);
      return { assetId: ids[nth] ?? '', quantity: fractionable ? shares : shares.floor() };
    }),
    assets: new Map(each(assetOf)),
    prices: new Map(each((_, { price }) => ({ last: money(price), at: now }))),
    now,
    hours: marketHours('nyse'),
  };
  return market;
}

const plain = {
  id: 'run',
  accountId: 'account',
  customerId: 'customer',
  strategyId: 'strategy',
  strategyVersion: 1,
  currency: 'USD',
  createdAt: now,
} as const;

/** A queued run of these terms. */
export const aRun = (terms: RunTerms): Run => ({
  ...terms,
  number: 1n,
  status: 'QUEUED',
  reason: null,
  proceeds: null,
  deadline: new Date(now.getTime() + 60_000),
  endedAt: null,
  items: [],
  eventVersion: 0,
});

/** Everything that orders tells about the order of an item, in its order. */
export function fillsOf({ fills, market }: Scene, item: RunItem): readonly ItemNews[] {
  const { assetId, side, quantity, amount } = item;
  const { filled, price, fee } = fills[Number(assetId.split('-')[1])] ?? noFill;
  const orderId = `${side}-${assetId}`;
  if (filled === 0) return [{ kind: 'REFUSED', orderId: null, code: 'INSUFFICIENT_POSITION' }];
  const last = market.prices.get(assetId)?.last ?? new Decimal(1);
  const sold = quantity?.times(last).times(price);
  const worth = side === 'SELL' ? sold : amount?.times(100);
  const filledValue = (worth ?? money(0)).times(filled).div(10_000).toDecimalPlaces(2);
  const end = { orderStatus: filled === 100 ? 'FILLED' : 'EXPIRED', orderVersion: 6, code: null };
  const fees = Decimal.min(money(fee), filledValue);
  const amounts = { filledQuantity: new Decimal(1), filledValue, fees };
  return [
    { kind: 'ORDERED', orderId },
    { kind: 'COMPLETED', orderId, ...end, ...amounts },
  ];
}
const noFill: Fill = { filled: 100, price: 100, fee: 0 };

/** All news about the items under way, each twice, in several orders. */
export function shufflesOf(scene: Scene, items: readonly RunItem[], seed: number) {
  const told = items
    .filter(isUnderWay)
    .flatMap((item) =>
      fillsOf(scene, item).map((said) => ({ assetId: item.assetId, side: item.side, said })),
    );
  return [1, 2, 3].map((nth) => shuffled([...told, ...told], createChance(seed + nth)));
}
