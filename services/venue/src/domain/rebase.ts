import type { Decimal } from '@simplebank/kernel/decimal';
import { truncateQuantity } from '@simplebank/kernel/money';
import type { BookOrder } from './order.ts';

/** A participant puts an order on the basis of a split: new shares for old ones. */
export type Rebase = {
  readonly clientId: string;
  readonly actionId: string;
  readonly exDate: string;
  readonly numerator: number;
  readonly denominator: number;
  readonly limitPrice: Decimal;
  readonly stopPrice: Decimal | null;
};
export type ReplaceAnswer = {
  readonly clientId: string;
  readonly actionId: string;
} & ({ readonly kind: 'REPLACED'; readonly quantity: Decimal | null } | { readonly kind: 'ENDED' });

/** What becomes of an order: its new quantity, or its end because nothing lawful is left of it. */
export type Replacement =
  | { readonly kind: 'REPLACED'; readonly quantity: Decimal | null }
  | { readonly kind: 'ENDED' };

type Rebasable = Pick<BookOrder, 'quantity' | 'filledQuantity' | 'timeInForce'>;

/**
 * What was left when the ex-date began × new shares ÷ old ones, less what was traded since, which
 * was traded in new shares. Whole shares stay whole, but in a DAY order: another that cannot
 * is over.
 */
export function rebased(
  { quantity, filledQuantity, timeInForce }: Rebasable,
  tradedSince: Decimal,
  { numerator, denominator }: Pick<Rebase, 'numerator' | 'denominator'>,
): Replacement {
  if (quantity === null) return { kind: 'REPLACED', quantity };
  const before = quantity.minus(filledQuantity).plus(tradedSince);
  const scaled = before.times(numerator).div(denominator);
  const left = truncateQuantity(scaled.minus(tradedSince));
  const isLawful = left.isInteger() || !quantity.isInteger() || timeInForce === 'DAY';
  if (!isLawful || !left.greaterThan(0)) return { kind: 'ENDED' };
  return { kind: 'REPLACED', quantity: filledQuantity.plus(left) };
}
