import { Decimal, zero } from '@simplebank/kernel/decimal';
import type { Deps } from '../../deps.ts';
import { availableOf, feesTotal, saleLegs } from '../../ledger/index.ts';
import { nameOf } from '../data/order-bookings.ts';
import { balancesAt, type Desk, tradeNote } from './desk.ts';
import type { Execution } from './execution.ts';

/**
 * Credits proceeds less fees, which stay unsettled until the settlement date. A single execution
 * may cost more than it brings (fees are rounded over the whole order): that is paid from cash,
 * and owed where cash is lacking.
 */
export function bookSale({ newId, clock }: Deps, desk: Desk, execution: Execution): void {
  const { orderId, executionId, accountId, value, fees, shares } = execution;
  const balances = balancesAt(desk, accountId);
  const { currency, cashId } = balances;
  const net = value.minus(feesTotal(fees));
  const debt = Decimal.max(zero, net.negated().minus(availableOf(balances)));
  const unsettled = Decimal.max(zero, net);
  const legs = saleLegs(balances, { value, fees, debt });

  const shared = { currency, orderId, executionId };
  const item = { ...shared, id: newId(), ledgerAccountId: cashId, value, net: unsettled };
  const at = clock.now();
  const about = { ...(shares ? { shares } : {}), legs };
  const header = { ...shared, ...about, id: newId(), at, paymentId: null };
  const reference = `sale:${nameOf({ orderId, executionId })}`;
  desk.postings.push({
    settlements: [{ ...item, side: 'SELL', dueOn: execution.settlementDate }],
    transactions: legs.length === 0 ? [] : [{ ...header, kind: 'SALE', reference }],
    notes: value.isZero() ? [tradeNote(execution, { at, currency })] : [],
  });
  desk.booked.push(execution);
  desk.balances.set(accountId, {
    ...balances,
    posted: balances.posted.plus(net).plus(debt),
    unsettled: balances.unsettled.plus(unsettled),
    owed: balances.owed.plus(debt),
  });
  if (!debt.isZero()) desk.debtors.add(accountId);
}
