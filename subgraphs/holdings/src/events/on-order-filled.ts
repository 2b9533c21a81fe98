import { causedBy, type Envelope } from '@simplebank/contracts/event';
import type { OrderFilledV1 } from '@simplebank/contracts/orders';
import { Decimal } from '@simplebank/kernel/decimal';
import type { AccountId, AssetId, OrderId } from '@simplebank/kernel/ids';
import { isCurrency } from '@simplebank/kernel/money';
import { bookExecutions } from '../commands/book-executions.ts';
import type { Deps, Tx } from '../deps.ts';
import type { Execution } from '../domain/execution.ts';

export const onOrderFilled =
  (deps: Deps) =>
  (tx: Tx, events: readonly Envelope<OrderFilledV1>[]): Promise<void> =>
    bookExecutions(
      tx,
      deps,
      events.map((event) => ({ execution: executionOf(event.payload), cause: causedBy(event) })),
    );

function executionOf(filled: OrderFilledV1): Execution {
  const { commission, sec, taf } = filled.fees;
  if (!isCurrency(filled.currency)) throw new Error(`order ${filled.orderId} is in no known money`);
  return {
    orderId: filled.orderId as OrderId,
    executionId: filled.executionId,
    accountId: filled.accountId as AccountId,
    assetId: filled.assetId as AssetId,
    side: filled.side,
    currency: filled.currency,
    quantity: new Decimal(filled.quantity),
    value: new Decimal(filled.value),
    fee: new Decimal(commission).plus(sec).plus(taf),
    ordinal: filled.executions,
    late: filled.late,
    executedAt: new Date(filled.executedAt),
    tradeDate: filled.tradeDate,
    settlementDate: filled.settlementDate,
  };
}
