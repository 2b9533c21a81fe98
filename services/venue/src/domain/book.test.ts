import { Decimal } from '@simplebank/kernel/decimal';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type BookReport, turn } from './book.ts';
import type { BookOrder } from './order.ts';

const opensAt = new Date('2026-01-30T15:00:00Z');
const expiresAt = new Date(opensAt.getTime() + 3_600_000);

const cents = fc.integer({ min: 1_00, max: 900_00 }).map((value) => new Decimal(value).div(100));
const nano = new Decimal('0.000000001');
const quantities = fc.oneof(
  fc.integer({ min: 1, max: 10_000 }).map((value) => new Decimal(value)),
  fc.integer({ min: 1, max: 2_000_000_000 }).map((value) => nano.times(value)),
);
const sizes = fc.oneof(
  quantities.map((quantity) => ({ quantity, tradeValue: null })),
  cents.map((tradeValue) => ({ quantity: null, tradeValue })),
);
const books = fc.record({
  clientId: fc.uuid(),
  side: fc.constantFrom('BUY' as const, 'SELL' as const),
  type: fc.constantFrom('MARKET', 'LIMIT'),
  timeInForce: fc.constantFrom('DAY', 'GTC', 'IOC', 'FOK'),
  limitPrice: cents,
  size: sizes,
});
const prices = fc.array(fc.option(cents, { freq: 6 }), { minLength: 1, maxLength: 20 });

function aBookOrder(given: Partial<BookOrder> = {}): BookOrder {
  return {
    clientId: '5c1e9a3c-6a63-4b3e-9d6e-000000000001',
    venueOrderId: 'sim-1',
    symbol: 'ABC',
    side: 'BUY',
    type: 'LIMIT',
    timeInForce: 'DAY',
    quantity: new Decimal(10),
    tradeValue: null,
    limitPrice: new Decimal(100),
    stopPrice: null,
    triggered: false,
    expiresAt,
    cancelAsked: false,
    filledQuantity: new Decimal(0),
    filledValue: new Decimal(0),
    executions: 0,
    ...given,
  };
}

/** Lets the venue trade over the prices, closed where a price is null, and then to its expiry. */
function trade(order: BookOrder, path: readonly (Decimal | null)[], seed = 'seed') {
  let current = order;
  let now = opensAt;
  const reports: BookReport[] = [];
  for (const price of path) {
    const next = turn(current, {
      seed,
      now,
      thinPercent: 0,
      quote: price && { bid: price, ask: price, last: price },
    });
    current = next.order;
    reports.push(...next.reports);
    if (next.end) return { order: current, reports, end: next.end };
    now = next.nextAt;
  }
  const last = turn(current, { seed, now: expiresAt, thinPercent: 0, quote: null });
  return { order: last.order, reports: [...reports, ...last.reports], end: last.end };
}

const executed = (reports: readonly BookReport[]) =>
  reports.flatMap(({ kind, quantity, price }) =>
    kind === 'EXECUTED' && quantity && price ? [{ quantity, price }] : [],
  );

test('no fill goes through the limit, past the quantity or past the value', () => {
  fc.assert(
    fc.property(books, prices, ({ size, ...book }, path) => {
      const order = aBookOrder({ ...book, ...size });
      const { reports } = trade(order, path);
      const fills = executed(reports);
      const limit = order.limitPrice;
      const beyond = fills.filter(({ price }) =>
        order.side === 'BUY' ? price.greaterThan(limit) : price.lessThan(limit),
      );
      expect(beyond).toEqual([]);
      const quantity = Decimal.sum(0, ...fills.map((fill) => fill.quantity));
      const value = Decimal.sum(0, ...fills.map((fill) => fill.quantity.times(fill.price)));
      if (order.quantity) expect(quantity.lessThanOrEqualTo(order.quantity)).toBe(true);
      if (order.tradeValue) expect(value.lessThanOrEqualTo(order.tradeValue)).toBe(true);
      expect(fills.every((fill) => fill.quantity.greaterThan(0))).toBe(true);
      expect(fills.every((fill) => fill.quantity.decimalPlaces() <= 9)).toBe(true);
    }),
    { numRuns: 1_000 },
  );
});

test('every order ends once, with its last report, and no execution has the id of another', () => {
  fc.assert(
    fc.property(books, prices, ({ size, ...book }, path) => {
      const { reports, end } = trade(aBookOrder({ ...book, ...size }), path);
      const ends = reports.filter(({ kind }) => kind !== 'EXECUTED');
      expect(ends.map(({ kind }) => kind)).toEqual([end]);
      expect(reports.at(-1)).toMatchObject({ kind: end });
      const ids = reports.flatMap(({ executionId }) => executionId ?? []);
      expect(new Set(ids).size).toBe(executed(reports).length);
    }),
  );
});

test('an order is FILLED exactly when nothing is left of it', () => {
  fc.assert(
    fc.property(books, prices, ({ size, ...book }, path) => {
      const order = aBookOrder({ ...book, ...size });
      const { order: after, end } = trade(order, path);
      const left = order.quantity
        ? order.quantity.minus(after.filledQuantity)
        : new Decimal(order.tradeValue ?? 0).minus(after.filledValue);
      const nothing = order.quantity ? left.isZero() : left.lessThan(nano.times(order.limitPrice));
      expect(end === 'FILLED').toBe(nothing && after.executions > 0);
    }),
  );
});

test('the same seed gives the same fills and pauses, another seed others', () => {
  const order = aBookOrder({ quantity: new Decimal(1_000) });
  const path = Array.from({ length: 10 }, () => new Decimal(99));
  expect(trade(order, path, 'a')).toEqual(trade(order, path, 'a'));
  const seeds = Array.from({ length: 20 }, (_, index) => `seed-${index}`);
  const counts = seeds.map((seed) => executed(trade(order, path, seed).reports).length);
  expect(new Set(counts)).toEqual(new Set([1, 2, 3, 4]));
});

test('an order below one share fills at once and whole', () => {
  const order = aBookOrder({ quantity: new Decimal('0.999999999') });
  const { order: after, reports } = trade(order, [new Decimal(99)]);
  expect(after.filledQuantity.toFixed()).toBe('0.999999999');
  expect(reports.map(({ kind }) => kind)).toEqual(['EXECUTED', 'FILLED']);
});

test('an order by value buys value ÷ price, toward zero at 9 decimals', () => {
  const order = aBookOrder({
    quantity: null,
    tradeValue: new Decimal('10'),
    limitPrice: new Decimal(30),
  });
  const { order: after, end } = trade(order, [new Decimal(30)]);
  expect([after.filledQuantity.toFixed(), end]).toEqual(['0.333333333', 'FILLED']);
});

test('a limit order waits for its price, a market order does not', () => {
  const dear = new Decimal(101);
  const limit = trade(aBookOrder({ quantity: new Decimal('0.5') }), [dear, dear, new Decimal(100)]);
  expect(limit.end).toBe('FILLED');
  const market = trade(aBookOrder({ type: 'MARKET' }), [dear, new Decimal(100)]);
  expect([market.end, market.order.executions]).toEqual(['EXPIRED', 0]);
});

test('nothing trades while the market is closed or after a cancel was asked for', () => {
  const closed = trade(aBookOrder(), [null, null]);
  expect([closed.end, closed.order.executions]).toEqual(['EXPIRED', 0]);
  const canceled = trade(aBookOrder({ cancelAsked: true }), [new Decimal(99)]);
  expect([canceled.end, canceled.order.executions]).toEqual(['CANCELED', 0]);
});
