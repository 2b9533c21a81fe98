import { publish } from '@simplebank/chassis/outbox';
import type { Cause } from '@simplebank/contracts/event';
import type { Decimal } from '@simplebank/kernel/decimal';
import type { Tx } from '../../data/client.ts';
import type { Deps } from '../../deps.ts';
import { cashCorrected } from '../../events/published.ts';
import { settlementDayOf } from '../../ledger/index.ts';

export type CashCorrection = {
  /** The transaction; of an execution that is not booked, its exception. */
  readonly id: string;
  readonly accountId: string;
  readonly currency: string;
  /** By what the customer's cash, less debt, is now more than others would think. */
  readonly amount: Decimal;
  readonly cause: Cause;
};

/**
 * Others reckon a customer's cash from payments, executions and dividends. This tells them what
 * else has changed it: reversals, and executions that the ledger has left to staff.
 */
export async function tellCorrections(
  tx: Tx,
  deps: Pick<Deps, 'clock' | 'newId'>,
  corrections: readonly CashCorrection[],
): Promise<void> {
  const bookedOn = settlementDayOf(deps.clock.now());
  const moving = corrections.filter(({ amount }) => !amount.isZero());
  const facts = moving.map(({ id, accountId, currency, amount, cause }) =>
    cashCorrected(
      { accountId, transactionId: id, amount: amount.toFixed(), currency, bookedOn },
      cause,
    ),
  );
  await publish(tx, deps, facts);
}
