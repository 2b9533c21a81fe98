import { Decimal, sum } from '@simplebank/kernel/decimal';
import type { AccountId, AssetId, OrderId } from '@simplebank/kernel/ids';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Book, type KeptSale, rematch } from './book.ts';
import { byMoment, type Execution } from './execution.ts';
import { type Lot, type Match, openLot, type Sale } from './lot.ts';

const runs = 300;
const accountId = '00000000-0000-4000-8000-000000000001' as AccountId;
const assetId = '00000000-0000-4000-8000-000000000002' as AssetId;

type Trade = { side: 'BUY' | 'SELL'; parts: bigint; cents: bigint; feeCents: bigint; day: number };

const dec = (units: bigint, digits: number) =>
  new Decimal(units.toString()).div(new Decimal(10).pow(digits));
const dateOf = (day: number) =>
  new Date(Date.UTC(2024, 0, 2) + day * 86_400_000).toISOString().slice(0, 10);

/** Several trades may share an instant; then their ids tell them apart. */
function executionOf(trade: Trade, index: number): Execution {
  return {
    orderId: `order-${index}` as OrderId,
    executionId: `x${String(index).padStart(4, '0')}`,
    accountId,
    assetId,
    side: trade.side,
    currency: 'USD',
    quantity: dec(trade.parts, 9),
    value: dec(trade.cents, 2),
    fee: dec(trade.feeCents, 2),
    ordinal: 1,
    late: false,
    executedAt: new Date(`${dateOf(trade.day)}T15:00:00.000Z`),
    tradeDate: dateOf(trade.day),
    settlementDate: dateOf(trade.day + 1),
  };
}

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

/** Random buys and sales, never selling more than has been bought by then. */
const history = fc
  .array(
    fc.record({
      buy: fc.boolean(),
      parts: fc.bigInt({ min: 1n, max: 5_000_000_000n }),
      percent: fc.bigInt({ min: 1n, max: 100n }),
      cents: fc.bigInt({ min: 0n, max: 1_000_000n }),
      feeCents: fc.bigInt({ min: 0n, max: 500n }),
      gap: fc.integer({ min: 0, max: 200 }),
    }),
    { minLength: 1, maxLength: 14 },
  )
  .map((steps) => {
    const trades: Trade[] = [];
    let held = 0n;
    let day = 0;
    for (const { buy, parts, percent, cents, feeCents, gap } of steps) {
      day += gap;
      const sold = (held * percent) / 100n;
      const side = buy || sold === 0n ? 'BUY' : 'SELL';
      held += side === 'BUY' ? parts : -sold;
      trades.push({ side, parts: side === 'BUY' ? parts : sold, cents, feeCents, day });
    }
    return trades.map(executionOf);
  });

/** A delivery order in which no sale comes before enough shares, cut into batches of any size. */
const delivery = history.chain((executions) =>
  fc.record({
    executions: fc.constant(executions),
    ranks: fc.array(fc.integer(), {
      minLength: executions.length,
      maxLength: executions.length,
    }),
    batch: fc.integer({ min: 1, max: 4 }),
  }),
);

function shuffledButPossible(executions: readonly Execution[], ranks: readonly number[]) {
  const waiting = executions
    .map((execution, index) => ({ execution, rank: ranks[index] ?? 0 }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ execution }) => execution);
  const order: Execution[] = [];
  let held = new Decimal(0);
  while (waiting.length > 0) {
    const index = waiting.findIndex((e) => e.side === 'BUY' || e.quantity.lessThanOrEqualTo(held));
    const [next] = waiting.splice(index, 1);
    if (!next) throw new Error('a history sells more than it buys');
    held = next.side === 'BUY' ? held.plus(next.quantity) : held.minus(next.quantity);
    order.push(next);
  }
  return order;
}

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
