import { readFileSync } from 'node:fs';
import { Decimal } from '@simplebank/kernel/decimal';
import type { AccountId, AssetId, OrderId } from '@simplebank/kernel/ids';
import { expect, test } from 'vitest';
import { aSplit } from '../../../test/action-builders.ts';
import { type Dividend, dividendOf, splitQuantity } from './action.ts';
import { entitledTo, replay, type Trade, tradeKey } from './replay.ts';

type Facts = {
  readonly actions: readonly { symbol: string; type: string; exDate: string; ratio?: string }[];
  readonly examples: {
    readonly splitChain: readonly {
      heldSince: string;
      quantity: string;
      quantityAfter: Record<string, string>;
    }[];
    readonly dividend: readonly { quantity: string; amount: string }[];
    readonly reverseSplit: readonly {
      ratio: string;
      lots: string[];
      lotsAfter: string[];
      positionAfter: string;
    }[];
  };
};
const file = new URL('../../../../../tests/data/corporate-actions.json', import.meta.url);
const facts = JSON.parse(readFileSync(file, 'utf8')) as Facts;

const buy = (tradeDate: string, quantity: string, executionId = tradeDate): Trade => ({
  ...{ side: 'BUY', accountId: 'account' as AccountId, assetId: 'asset' as AssetId },
  ...{ orderId: 'order' as OrderId, executionId, at: new Date(`${tradeDate}T15:00:00.000Z`) },
  ...{ tradeDate, currency: 'USD', quantity: new Decimal(quantity) },
  ...{ value: new Decimal('100'), fee: new Decimal('1') },
});

const ratioOf = (text = ''): [number, number] => {
  const [n = 0, d = 0] = text.split('/').map(Number);
  return [n, d];
};
const apple = facts.actions
  .filter(({ type }) => type === 'SPLIT')
  .map(({ exDate, ratio }) => aSplit(exDate, ...ratioOf(ratio)));

test.each(facts.examples.splitChain)(
  '$quantity Apple since $heldSince become $quantityAfter',
  (chain) => {
    const done = replay(
      { trades: [buy(chain.heldSince, chain.quantity)], splits: apple },
      tradeKey,
    );
    const after = Object.fromEntries(
      done.splits
        .filter(({ split }) => split.exDate > chain.heldSince)
        .map(({ split, after: held }) => [split.exDate, held.toFixed()]),
    );
    expect(after).toMatchObject(chain.quantityAfter);
    expect(done.lots.map((lot) => lot.remainingCost.toFixed())).toEqual(['100']);
  },
);

test.each(facts.examples.reverseSplit)('lots of $lots become $lotsAfter by $ratio', (example) => {
  const trades = example.lots.map((quantity, nth) => buy('2026-01-05', quantity, String(nth)));
  const [n, d] = ratioOf(example.ratio);
  const { lots, splits } = replay({ trades, splits: [aSplit('2026-02-02', n, d)] }, tradeKey);
  expect(lots.map(({ remaining }) => remaining.toFixed())).toEqual(example.lotsAfter);
  expect(splits[0]?.after.toFixed()).toBe(example.positionAfter);
});

const dividend: Dividend = {
  ...{ kind: 'DIVIDEND', id: 'dividend', assetId: 'asset' as AssetId, symbol: 'AAPL' },
  ...{ exDate: '2020-11-06', payDate: '2020-11-12', rate: new Decimal('0.205'), currency: 'USD' },
  toldBy: { correlationId: 'c', eventId: 'e' },
};

test.each(facts.examples.dividend)('$quantity shares at 0.205 are due $amount', (example) => {
  const amount = dividendOf(new Decimal(example.quantity), dividend);
  expect(amount.toFixed(2)).toBe(example.amount);
});

test('entitled is who held at the close before the ex-date, through earlier splits only', () => {
  const trades = [buy('2020-08-28', '3'), buy('2020-11-05', '1'), buy('2020-11-06', '7')];
  const sameDay = aSplit('2020-11-06', 2, 1);
  const splits = [...apple, sameDay];
  expect(entitledTo(dividend, { trades, splits }).toFixed()).toBe('13');
});

test('what is less than a part of a share is nothing', () => {
  const held = new Decimal('0.000000002');
  expect(splitQuantity(held, { numerator: 1, denominator: 3 }).toFixed()).toBe('0');
});
