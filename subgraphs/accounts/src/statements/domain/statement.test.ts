import { Decimal, sum, zero } from '@simplebank/kernel/decimal';
import { monthAfter } from '@simplebank/kernel/month';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { draft, type Line } from './statement.ts';
import { statementCsv } from './statement-csv.ts';

const account = { id: 'account-1', number: '7', currency: 'USD' } as const;
const closing = { realizedGain: '0', positions: [] };
const moved = fc.record({
  kind: fc.constantFrom('DEPOSIT', 'WITHDRAWAL', 'BUY', 'SALE', 'COMMISSION', 'SETTLEMENT'),
  cents: fc.integer({ min: -100_000, max: 100_000 }),
});
const history = fc.array(fc.array(moved, { maxLength: 8 }), { minLength: 1, maxLength: 6 });

const nothing = { value: null, symbol: null, quantity: null, orderId: null, executionId: null };
const lineOf = ({ kind, cents }: { kind: string; cents: number }, id: bigint): Line => ({
  ...{ ...nothing, id, at: new Date(Number(id) * 1_000), paymentId: null },
  kind: kind as Line['kind'],
  amount: kind === 'SETTLEMENT' ? zero : new Decimal(cents).div(100),
});

test('law 9: a month opens with the closing before, and the last closes with all there is', () => {
  fc.assert(
    fc.property(history, (months) => {
      let month = '2025-11';
      let previous: ReturnType<typeof draft> | null = null;
      let id = 0n;
      const all: Line[] = [];
      for (const some of months) {
        const lines = some.map((one) => {
          id += 1n;
          return lineOf(one, id);
        });
        all.push(...lines);
        const statement = draft({ account, month, previous, lines, closing });
        expect(statement.opening.toFixed()).toBe((previous?.closing ?? zero).toFixed());
        const last = statement.document.entries.at(-1)?.balance ?? statement.document.opening;
        expect(last).toBe(statement.document.closing);
        expect(statement.throughActivity).toBe(id);
        previous = statement;
        month = monthAfter(month);
      }
      expect(previous?.closing.toFixed()).toBe(sum(all.map(({ amount }) => amount)).toFixed());
    }),
    { numRuns: 1_000 },
  );
});

test('the same data give the same bytes', () => {
  fc.assert(
    fc.property(fc.array(moved), (some) => {
      const write = () => {
        const lines = some.map((one, index) => lineOf(one, BigInt(index + 1)));
        const { document } = draft({ account, month: '2026-02', previous: null, lines, closing });
        return [JSON.stringify(document), statementCsv(document)];
      };
      expect(write()).toEqual(write());
    }),
    { numRuns: 1_000 },
  );
});

test('the value of all positions is unknown when that of one is', () => {
  const position = { assetId: 'a', symbol: 'A', quantity: '1', cost: '1', price: '2' };
  const one = { ...position, priceAt: '2026-02-27T20:59:59.000Z', value: '2' };
  const unpriced = { ...one, price: null, priceAt: null, value: null };
  const worthOf = (positions: readonly (typeof one | typeof unpriced)[]) =>
    draft({
      ...{ account, month: '2026-02', previous: null, lines: [] },
      closing: { realizedGain: '0', positions },
    }).document.positionsValue;
  expect([worthOf([]), worthOf([one]), worthOf([one, unpriced])]).toEqual(['0.00', '2.00', null]);
});
