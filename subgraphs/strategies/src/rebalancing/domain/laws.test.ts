import { Decimal, sum, zero } from '@simplebank/kernel/decimal';
import { roundCash } from '@simplebank/kernel/money';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { aRun, fillsOf, type Scene, scenes, shufflesOf } from '../../../test/rebalancing-scenes.ts';
import { advance, begin, fundsOf } from './advance.ts';
import { driftOf } from './cash-flow.ts';
import { decide } from './decide.ts';
import { isUnderWay, itemAfter, type RunItem } from './item.ts';
import type { Run } from './run.ts';

const runs = { numRuns: 1_000 };
const cent = new Decimal('0.01');

/** Decides and begins; undefined when the run is refused. */
function begun({ terms, market }: Scene): Run | undefined {
  const decided = decide(terms, market);
  return decided.ok ? begin(aRun(terms), decided.value, market.now).at(-1)?.run : undefined;
}

/** The run once every order under way has ended as `fills` say, phase by phase. */
function played(scene: Scene): Run {
  let run = begun(scene);
  if (!run) return fc.pre(false) as never;
  for (let phase = 0; phase < 2 && run.items.some(isUnderWay); phase += 1) {
    const items: RunItem[] = run.items.map((item) =>
      isUnderWay(item) ? fillsOf(scene, item).reduce(itemAfter, item) : item,
    );
    run = advance({ ...run, items }, scene.market.now).at(-1)?.run ?? run;
  }
  return run;
}

const purchases = ({ items }: Run) => items.filter(({ side }) => side === 'BUY');
const worthOf = ({ market }: Scene, assetId: string): Decimal => {
  const held = market.positions.find((one) => one.assetId === assetId)?.quantity ?? zero;
  return roundCash(held.times(market.prices.get(assetId)?.last ?? 0), 'USD');
};

test('every run ends, and its purchases never need more than proceeds and amount', () => {
  fc.assert(
    fc.property(scenes('FULL', 'BUY_ONLY', 'CASH_FLOW'), (scene) => {
      const run = played(scene);
      expect(run.endedAt).not.toBeNull();
      const asked = sum(purchases(run).map(({ amount }) => amount ?? zero));
      expect(asked.lessThanOrEqualTo(fundsOf(run))).toBe(true);
      const past = purchases(run).filter(({ amount, wanted }) => amount?.greaterThan(wanted));
      expect(past).toEqual([]);
    }),
    runs,
  );
});

test('nothing is sold beyond what is available, and a target of zero leaves nothing', () => {
  fc.assert(
    fc.property(scenes('FULL', 'CASH_FLOW'), (scene) => {
      for (const item of begun(scene)?.items ?? []) {
        if (item.side !== 'SELL' || item.quantity === null) continue;
        const { assetId, quantity } = item;
        const held = scene.market.positions.find((one) => one.assetId === assetId)?.quantity;
        expect(quantity.lessThanOrEqualTo(held ?? 0)).toBe(true);
        const isFractionable = scene.market.assets.get(assetId)?.fractionable ?? false;
        const whole = isFractionable ? held : held?.floor();
        if (item.percentage.isZero()) expect(quantity).toEqual(whole);
        expect(isFractionable || quantity.isInteger()).toBe(true);
        expect(quantity.decimalPlaces()).toBeLessThanOrEqual(9);
      }
    }),
    runs,
  );
});

test('BUY_ONLY never sells, and buys nothing past its target', () => {
  fc.assert(
    fc.property(scenes('BUY_ONLY'), (scene) => {
      const run = played(scene);
      expect(run.items.filter(({ side }) => side === 'SELL')).toEqual([]);
      const held = sum(scene.assetIds.map((id) => worthOf(scene, id)));
      const total = held.plus(run.amount ?? 0);
      const weights = sum(scene.weighted.map(({ percentage }) => percentage));
      for (const { assetId, percentage, amount } of run.items) {
        const target = total.times(percentage).div(weights).toDecimalPlaces(2, Decimal.ROUND_UP);
        const after = worthOf(scene, assetId).plus(amount ?? 0);
        expect(after.lessThanOrEqualTo(target)).toBe(true);
      }
    }),
    runs,
  );
});

test('a deposit never makes the drift grow, but for the cents of rounding', () => {
  fc.assert(
    fc.property(scenes('CASH_FLOW'), (scene) => {
      fc.pre(scene.terms.amount?.isPositive() ?? false);
      const run = begun(scene);
      fc.pre(run !== undefined && !run.items.some(({ status }) => status === 'SKIPPED'));
      const whole = sum(scene.weighted.map(({ percentage }) => percentage));
      const stakes = (bought: readonly RunItem[]) =>
        scene.weighted.map(({ assetId, percentage }) => {
          const part = bought.find((item) => item.assetId === assetId)?.amount ?? zero;
          const share = percentage.times(100).div(whole);
          return { assetId, percentage: share, value: worthOf(scene, assetId).plus(part) };
        });
      const before = driftOf(stakes([]));
      fc.pre(before !== null);
      const rounding = cent.times(stakes.length + scene.weighted.length).div(run?.amount ?? 1);
      const after = driftOf(stakes(run?.items ?? []));
      expect(after?.lessThanOrEqualTo(before?.plus(rounding) ?? 0)).toBe(true);
    }),
    runs,
  );
});

test('news in any order and number leads to the same end, and a replay adds nothing', () => {
  fc.assert(
    fc.property(scenes('FULL', 'CASH_FLOW'), fc.nat(), (scene, seed) => {
      const run = begun(scene);
      fc.pre(run?.items.some(isUnderWay) ?? false);
      const ends = shufflesOf(scene, run?.items ?? [], seed).map((news) => {
        let now = run as Run;
        for (const { assetId, said } of news) {
          const items = now.items.map((item) =>
            item.assetId === assetId ? itemAfter(item, said) : item,
          );
          now = advance({ ...now, items }, scene.market.now).at(-1)?.run ?? { ...now, items };
        }
        return now;
      });
      expect(ends).toEqual(ends.map(() => ends[0]));
    }),
    runs,
  );
});

test('the same facts decide the same, however positions and slices are listed', () => {
  fc.assert(
    fc.property(scenes('FULL', 'BUY_ONLY', 'CASH_FLOW'), (scene) => {
      const { market, terms } = scene;
      const turned = {
        ...market,
        slices: market.slices.toReversed(),
        positions: market.positions.toReversed(),
      };
      const order = (items: readonly RunItem[]) =>
        items.toSorted((a, b) => (a.assetId < b.assetId ? -1 : 1));
      const [one, other] = [decide(terms, market), decide(terms, turned)];
      expect(other.ok && order(other.value)).toEqual(one.ok && order(one.value));
    }),
    runs,
  );
});
