import { Decimal, sum } from '@simplebank/kernel/decimal';
import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { aSplit } from '../../../test/action-builders.ts';
import { oracle } from '../../../test/fifo-oracle.ts';
import { history } from '../../../test/lot-histories.ts';
import type { Execution } from '../../domain/execution.ts';
import type { Lot, Match } from '../../domain/lot.ts';
import { toParts } from '../../domain/minor-units.ts';
import { replay, type Trade, tradeKey } from './replay.ts';

const runs = 1_000;
vi.setConfig({ testTimeout: 60_000 });

const tradeOf = ({ executedAt: at, ...execution }: Execution): Trade => ({ ...execution, at });
const cents = (amount: Decimal): bigint => BigInt(amount.times(100).toFixed());

const splits = fc
  .uniqueArray(
    fc.record({
      day: fc.integer({ min: 1, max: 1_200 }),
      n: fc.integer({ min: 1, max: 20 }),
      d: fc.integer({ min: 1, max: 20 }),
    }),
    { maxLength: 3, selector: ({ day }) => day },
  )
  .map((list) =>
    list
      .sort((a, b) => a.day - b.day)
      .map(({ day, n, d }) => {
        const at = new Date(Date.UTC(2024, 0, 2) + day * 86_400_000);
        return aSplit(at.toISOString().slice(0, 10), n, d);
      }),
  );

/** Sells that percentage of what there really is at that moment, through the splits until then. */
const withSplits = fc
  .tuple(history, splits, fc.array(fc.bigInt({ min: 1n, max: 100n })))
  .map(([executions, told, percents]) => {
    let held = 0n;
    let applied = 0;
    const trades = executions.flatMap((execution, index): Trade[] => {
      for (
        let next = told[applied];
        next && next.exDate <= execution.tradeDate;
        next = told[applied]
      ) {
        held = (held * BigInt(next.numerator)) / BigInt(next.denominator);
        applied += 1;
      }
      const trade = tradeOf(execution);
      if (execution.side === 'BUY') {
        held += toParts(execution.quantity);
        return [trade];
      }
      const parts = (held * (percents[index] ?? 50n)) / 100n;
      held -= parts;
      return parts === 0n ? [] : [{ ...trade, quantity: new Decimal(`${parts}e-9`) }];
    });
    return { trades, splits: told };
  });

const asOracle = ({ side, quantity, value, fee, tradeDate, ...key }: Trade) => ({
  ...{ name: tradeKey(key), side, date: tradeDate },
  ...{ parts: toParts(quantity), cents: cents(value), feeCents: cents(fee) },
});

const lotLine = (lot: Lot) =>
  [tradeKey(lot), toParts(lot.remaining), cents(lot.remainingCost), cents(lot.remainingFee)].join(
    ' ',
  );
const matchLine = (m: Match) =>
  [
    ...[tradeKey(m), m.lotId, toParts(m.quantity), cents(m.cost), cents(m.buyFee)],
    ...[cents(m.proceeds), cents(m.saleFee), cents(m.netGain), m.term],
  ].join(' ');

describe('lots, taken first in, first out', () => {
  test('a thousand random histories agree with a second implementation, splits included', () => {
    fc.assert(
      fc.property(withSplits, ({ trades, splits: told }) => {
        const kept = replay({ trades, splits: told }, tradeKey);
        const ratios = told.map(({ exDate, numerator, denominator }) => ({
          ...{ exDate, n: BigInt(numerator), d: BigInt(denominator) },
        }));
        const expected = oracle(trades.map(asOracle), ratios);
        expect(kept.lots.map(lotLine)).toEqual(
          expected.parcels.map(({ name, parts, cents: cost, fee }) =>
            [name, parts, cost, fee].join(' '),
          ),
        );
        expect(kept.matches.map(matchLine)).toEqual(
          expected.takes.map((t) =>
            [
              ...[t.sale, t.lot, t.parts, t.cost, t.buyFee],
              t.proceeds,
              t.saleFee,
              t.net,
              t.term,
            ].join(' '),
          ),
        );
      }),
      { numRuns: runs },
    );
  });

  test('costs and fees are conserved to the cent, shares through every split', () => {
    fc.assert(
      fc.property(withSplits, ({ trades, splits: told }) => {
        const { lots, matches, splits: done } = replay({ trades, splits: told }, tradeKey);
        const of = (side: string) => trades.filter((trade) => trade.side === side);
        const total = <T>(list: readonly T[], read: (one: T) => Decimal) => sum(list.map(read));
        const bought = of('BUY');
        const left = total(lots, (lot) => lot.remainingCost);
        expect(left.plus(total(matches, (m) => m.cost))).toEqual(total(bought, (b) => b.value));
        const fees = total(lots, (lot) => lot.remainingFee);
        expect(fees.plus(total(matches, (m) => m.buyFee))).toEqual(total(bought, (b) => b.fee));
        expect(total(matches, (m) => m.proceeds)).toEqual(total(of('SELL'), (s) => s.value));
        const moved = total(bought, (b) => b.quantity).minus(total(of('SELL'), (s) => s.quantity));
        const split = total(done, ({ before, after }) => after.minus(before));
        expect(total(lots, (lot) => lot.remaining)).toEqual(moved.plus(split));
        for (const lot of lots) {
          const taken = total(
            matches.filter((m) => m.lotId === lot.id),
            (m) => m.quantity,
          );
          expect(lot.remaining.plus(taken)).toEqual(lot.quantity.plus(lot.splitChange));
        }
      }),
      { numRuns: runs },
    );
  });
});
