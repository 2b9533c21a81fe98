import { Decimal, sum } from '@simplebank/kernel/decimal';
import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { delivery, history, shuffledButPossible } from '../../test/lot-histories.ts';
import { type Book, type KeptSale, rematch } from './book.ts';
import { byMoment, type Execution } from './execution.ts';
import { type Lot, type Match, openLot, type Sale } from './lot.ts';

const runs = 1_000;
vi.setConfig({ testTimeout: 60_000 });

const saleOf = (execution: Execution): Sale => ({
  orderId: execution.orderId,
  executionId: execution.executionId,
  at: execution.executedAt,
  soldOn: execution.tradeDate,
  currency: 'USD',
  quantity: execution.quantity,
  proceeds: execution.value,
  fee: execution.fee,
});

type Shelf = { lots: Lot[]; sales: KeptSale[]; matchRows: number; cost: Decimal };

/** Books one delivery as the command does, with the whole history at hand. */
function deliver(shelf: Shelf, executions: readonly Execution[]): Shelf {
  const news = {
    lots: executions.filter((e) => e.side === 'BUY').map((e) => openLot(e, `lot-${e.orderId}`)),
    sales: executions.filter((e) => e.side === 'SELL').map(saleOf),
  };
  const book: Book = { lots: shelf.lots, sales: shelf.sales };
  const change = rematch(book, news);
  const lots = new Map(shelf.lots.map((lot) => [lot.id, lot]));
  for (const lot of change.lots) lots.set(lot.id, lot);
  const reversed = new Set(change.reversed.map(({ id }) => id));
  const kept = [...shelf.sales, ...news.sales.map((sale) => ({ sale, matches: [] }))];
  const sales = kept.map(({ sale, matches }) => ({
    sale,
    matches: [
      ...matches.filter(({ id }) => !reversed.has(id)),
      ...change.matched
        .filter(({ orderId }) => orderId === sale.orderId)
        .map((match, index) => ({ ...match, id: `${shelf.matchRows}-${match.orderId}-${index}` })),
    ],
  }));
  return {
    lots: [...lots.values()],
    sales,
    matchRows: shelf.matchRows + change.reversed.length + change.matched.length + 1,
    cost: shelf.cost.plus(change.costAdded),
  };
}

const nothing: Shelf = { lots: [], sales: [], matchRows: 0, cost: new Decimal(0) };
const plain = ({ lots, sales, cost }: Shelf) => ({
  cost: cost.toFixed(),
  lots: [...lots].sort(byMoment).map((lot) => ({
    id: lot.id,
    remaining: lot.remaining.toFixed(),
    cost: lot.remainingCost.toFixed(),
    fee: lot.remainingFee.toFixed(),
  })),
  matches: [...sales]
    .sort((a, b) => byMoment(a.sale, b.sale))
    .flatMap(({ matches }) => matches.map(plainMatch)),
});
const plainMatch = ({ lotId, orderId, term, ...m }: Match) => ({
  lotId,
  orderId,
  term,
  quantity: m.quantity.toFixed(),
  cost: m.cost.toFixed(),
  buyFee: m.buyFee.toFixed(),
  proceeds: m.proceeds.toFixed(),
  saleFee: m.saleFee.toFixed(),
  net: m.netGain.toFixed(),
});

const inOrder = (executions: readonly Execution[]) =>
  [...executions].reduce((shelf, execution) => deliver(shelf, [execution]), nothing);

describe('laws of lots', () => {
  test('shares and costs are conserved to the cent, fees and proceeds too', () => {
    fc.assert(
      fc.property(history, (executions) => {
        const { lots, sales, cost } = inOrder(executions);
        const matches = sales.flatMap(({ matches: all }) => all);
        const of = (side: string) => executions.filter((e) => e.side === side);
        const remaining = sum(lots.map((lot) => lot.remaining));
        const bought = sum(of('BUY').map((e) => e.quantity));
        const sold = sum(of('SELL').map((e) => e.quantity));
        expect(remaining.equals(bought.minus(sold))).toBe(true);
        expect(sum(matches.map((m) => m.quantity)).equals(sold)).toBe(true);

        const restCost = sum(lots.map((lot) => lot.remainingCost));
        const paid = sum(of('BUY').map((e) => e.value));
        expect(restCost.plus(sum(matches.map((m) => m.cost))).equals(paid)).toBe(true);
        expect(cost.equals(restCost)).toBe(true);
        const fees = sum(lots.map((lot) => lot.remainingFee)).plus(
          sum(matches.map((m) => m.buyFee)),
        );
        expect(fees.equals(sum(of('BUY').map((e) => e.fee)))).toBe(true);
        expect(
          sum(matches.map((m) => m.proceeds)).equals(sum(of('SELL').map((e) => e.value))),
        ).toBe(true);
        expect(lots.filter((lot) => lot.remaining.isZero() && !lot.remainingCost.isZero())).toEqual(
          [],
        );
      }),
      { numRuns: runs },
    );
  });

  test('any order and any cut of deliveries ends with the same lots, matches and gains', () => {
    fc.assert(
      fc.property(delivery, ({ executions, ranks, batch }) => {
        const order = shuffledButPossible(executions, ranks);
        let shelf = nothing;
        for (let at = 0; at < order.length; at += batch) {
          shelf = deliver(shelf, order.slice(at, at + batch));
        }
        expect(plain(shelf)).toEqual(plain(inOrder(executions)));
      }),
      { numRuns: runs },
    );
  });

  test('executions that come in their order undo nothing', () => {
    fc.assert(
      fc.property(history, (executions) => {
        const matches = inOrder(executions).sales.flatMap(({ matches: all }) => all);
        const rows = executions.length + matches.length;
        expect(inOrder(executions).matchRows).toBe(rows);
      }),
      { numRuns: runs },
    );
  });

  test('sales take the oldest shares, as stretches laid end to end say', () => {
    fc.assert(
      fc.property(history, (executions) => {
        const stretches = (side: string) => {
          let end = new Decimal(0);
          return executions
            .filter((e) => e.side === side)
            .map((e) => {
              const start = end;
              end = end.plus(e.quantity);
              return { orderId: e.orderId, start, end };
            });
        };
        const expected = stretches('SELL').flatMap((sale) =>
          stretches('BUY').flatMap((buy) => {
            const from = Decimal.max(sale.start, buy.start);
            const overlap = Decimal.min(sale.end, buy.end).minus(from);
            return overlap.greaterThan(0)
              ? [`${sale.orderId} lot-${buy.orderId} ${overlap.toFixed()}`]
              : [];
          }),
        );
        const taken = plain(inOrder(executions)).matches.map(
          ({ orderId, lotId, quantity }) => `${orderId} ${lotId} ${quantity}`,
        );
        expect(taken).toEqual(expected);
      }),
      { numRuns: runs },
    );
  });
});
