import { Decimal } from '@simplebank/kernel/decimal';
import type { AccountId, AssetId, OrderId } from '@simplebank/kernel/ids';
import fc from 'fast-check';
import type { Execution } from '../src/domain/execution.ts';

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

/** Random buys and sales, never selling more than has been bought by then. */
export const history = fc
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
export const delivery = history.chain((executions) =>
  fc.record({
    executions: fc.constant(executions),
    ranks: fc.array(fc.integer(), {
      minLength: executions.length,
      maxLength: executions.length,
    }),
    batch: fc.integer({ min: 1, max: 4 }),
  }),
);

/** In the order of the ranks, but for sales that have to wait for enough shares. */
export function shuffledButPossible(executions: readonly Execution[], ranks: readonly number[]) {
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
