import { allocate } from '@simplebank/kernel/allocate';
import type { Decimal } from '@simplebank/kernel/decimal';
import type { Execution } from './execution.ts';
import type { Sale } from './lot.ts';
import { fromMinor, toMinor, toParts } from './minor-units.ts';

export type Missing = {
  readonly execution: Execution;
  readonly quantity: Decimal;
  readonly value: Decimal;
  readonly fee: Decimal;
};

/** A sale cut into what the customer's shares cover and what the house must find (domain §3.6). */
export function cutSale(
  execution: Execution,
  { booked, missing }: { booked: Decimal; missing: Decimal },
): { readonly sale: Sale | null; readonly missing: Missing | null } {
  const { orderId, executionId, currency } = execution;
  const shares = [
    { key: 'booked', weight: toParts(booked) },
    { key: 'missing', weight: toParts(missing) },
  ];
  const cut = (total: Decimal) =>
    allocate(toMinor(total, currency), shares).map((part) => fromMinor(part, currency));
  const [proceeds = execution.value, missingValue = execution.value] = cut(execution.value);
  const [fee = execution.fee, missingFee = execution.fee] = cut(execution.fee);
  return {
    sale: booked.isZero()
      ? null
      : {
          orderId,
          executionId,
          at: execution.executedAt,
          soldOn: execution.tradeDate,
          currency,
          quantity: booked,
          proceeds,
          fee,
        },
    missing: missing.isZero()
      ? null
      : { execution, quantity: missing, value: missingValue, fee: missingFee },
  };
}
