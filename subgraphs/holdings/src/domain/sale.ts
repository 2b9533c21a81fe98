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

type Cut = { readonly booked: Decimal; readonly missing: Decimal };

/** The value and the fee of a sale, cut by the shares that were there and those that were not. */
export function cutAmounts(
  { value, fee, currency }: Pick<Execution, 'value' | 'fee' | 'currency'>,
  { booked, missing }: Cut,
): Readonly<Record<keyof Cut, { readonly value: Decimal; readonly fee: Decimal }>> {
  const shares = [
    { key: 'booked', weight: toParts(booked) },
    { key: 'missing', weight: toParts(missing) },
  ];
  const cut = (total: Decimal) => {
    const [first = 0n, second = 0n] = allocate(toMinor(total, currency), shares);
    return { booked: fromMinor(first, currency), missing: fromMinor(second, currency) };
  };
  const [values, fees] = [cut(value), cut(fee)];
  return {
    booked: { value: values.booked, fee: fees.booked },
    missing: { value: values.missing, fee: fees.missing },
  };
}

/** A sale cut into what the customer's shares cover and what the house must find (domain §3.6). */
export function cutSale(
  execution: Execution,
  { booked, missing }: Cut,
): { readonly sale: Sale | null; readonly missing: Missing | null } {
  const { orderId, executionId, currency } = execution;
  const cut = cutAmounts(execution, { booked, missing });
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
          proceeds: cut.booked.value,
          fee: cut.booked.fee,
        },
    missing: missing.isZero() ? null : { execution, quantity: missing, ...cut.missing },
  };
}
