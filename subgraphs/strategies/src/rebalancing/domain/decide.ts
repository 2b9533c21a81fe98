import { allocate } from '@simplebank/kernel/allocate';
import { type Decimal, zero } from '@simplebank/kernel/decimal';
import { minorDigitsOf } from '@simplebank/kernel/money';
import { ok, type Result, refuse } from '@simplebank/kernel/result';
import { amountOf, unitsOf, weightOf } from '../../domain/split.ts';
import { rebalance } from './cash-flow.ts';
import { purchaseOf, saleOf } from './draft-items.ts';
import type { RunItem } from './item.ts';
import { type Holding, holdingsOf, type Market } from './market.ts';
import type { RunTerms } from './run.ts';

type Terms = Pick<RunTerms, 'mode' | 'sellOutside' | 'amount' | 'currency'>;
export type DecideRefusal = 'PRICE_UNAVAILABLE' | 'AMOUNT_ABOVE_VALUE';

/** Above zero: what is over the target and is sold; below: what is missing and is bought. */
type Excess = { readonly holding: Holding; readonly over: Decimal };

/**
 * What a run sells and what it lacks (domain §6.4). Targets are cut by largest remainder on minor
 * units over the assets of the strategy: its cash slice is money that rebalancing leaves alone.
 * PRICE_UNAVAILABLE when an asset that is held or would be bought has no price, or an old one that
 * no halt explains; AMOUNT_ABOVE_VALUE when more is to be raised than there is.
 */
export function decide(terms: Terms, market: Market): Result<readonly RunItem[], DecideRefusal> {
  const holdings = holdingsOf(terms, market);
  if (holdings.some(isUnpriced)) return refuse('PRICE_UNAVAILABLE');

  const excesses =
    terms.mode === 'CASH_FLOW' ? flowOf(terms, holdings) : ok(towardTargets(terms, holdings));
  if (!excesses.ok) return excesses;
  const items = excesses.value
    .filter(({ over }) => !over.isZero())
    .map(({ holding, over }) =>
      over.isPositive() ? saleOf(holding, over) : purchaseOf(holding, over.negated()),
    );
  const isBlind = ({ status, price }: RunItem) => status !== 'SKIPPED' && price === null;
  return items.some(isBlind) ? refuse('PRICE_UNAVAILABLE') : ok(items);
}

const isUnpriced = ({ available, price }: Holding): boolean =>
  price === null && available.greaterThan(0);

const hasWeight = (holdings: readonly Holding[]): boolean =>
  holdings.some((holding) => weightOf(holding) > 0n);

/** FULL and BUY_ONLY: how far each value is from its share of all values and the amount. */
function towardTargets(terms: Terms, holdings: readonly Holding[]): readonly Excess[] {
  const digits = minorDigitsOf(terms.currency);
  const values = holdings.map(({ value }) => unitsOf(value, digits));
  const total = values.reduce((all, value) => all + value, unitsOf(terms.amount ?? zero, digits));
  const shares = holdings.map((holding) => ({ key: holding.assetId, weight: weightOf(holding) }));
  const targets = hasWeight(holdings) ? allocate(total, shares) : shares.map(() => 0n);
  return holdings.map((holding, nth) => {
    const over = (values[nth] ?? 0n) - (targets[nth] ?? 0n);
    const isKept = terms.mode === 'BUY_ONLY' && over > 0n;
    return { holding, over: isKept ? zero : amountOf(over, digits) };
  });
}

/** CASH_FLOW: the amount over the gaps, or over the excesses. */
function flowOf(
  { amount, currency }: Terms,
  holdings: readonly Holding[],
): Result<readonly Excess[], 'AMOUNT_ABOVE_VALUE'> {
  if (amount === null) throw new Error('a cash flow has an amount');
  const isDeposit = amount.isPositive();
  if (!hasWeight(holdings)) return isDeposit ? ok([]) : refuse('AMOUNT_ABOVE_VALUE');
  const kind = isDeposit ? 'DEPOSIT' : 'WITHDRAWAL';
  const flow = { kind, amount: amount.abs(), digits: minorDigitsOf(currency) } as const;
  const moves = rebalance(flow, holdings);
  if (!moves.ok) return moves;
  return ok(
    holdings.map((holding, nth) => {
      const move = moves.value[nth]?.amount ?? zero;
      return { holding, over: isDeposit ? move.negated() : move };
    }),
  );
}
