import { Decimal } from '@simplebank/kernel/decimal';
import { ok, type Result, refuse } from '@simplebank/kernel/result';
import type { Draft, PartRefusal } from './draft.ts';
import { holdOf } from './fees.ts';
import { type Knowledge, reckon } from './placement.ts';

const oneShare = new Decimal(1);

/**
 * A buy by amount of an asset that is not traded in fractions, as the most whole shares whose hold
 * the amount pays for: at the highest price that the order can pay, commission included. So parts
 * never need more money than was meant for them. Any other draft comes back as it is.
 */
export function inWholeShares(draft: Draft, known: Knowledge): Result<Draft, PartRefusal> {
  const { amount } = draft;
  if (!amount || !known.asset || known.asset.fractionable) return ok(draft);
  const one = reckon({ ...draft, amount: null, quantity: oneShare }, known);
  if (!one.ok) return one;
  const { venuePrice, commissionPlan: plan, commissionDate: date, currency } = one.value;
  let enough = new Decimal(0);
  let tooMany = amount.div(venuePrice).floor().plus(1);
  while (tooMany.minus(enough).greaterThan(1)) {
    const middle = enough.plus(tooMany).div(2).floor();
    const hold = holdOf(middle, venuePrice, { plan, date, currency });
    if (hold.lessThanOrEqualTo(amount)) enough = middle;
    else tooMany = middle;
  }
  if (enough.isZero()) return refuse('TOO_SMALL_FOR_ONE_SHARE');
  return ok({ ...draft, amount: null, quantity: enough });
}
